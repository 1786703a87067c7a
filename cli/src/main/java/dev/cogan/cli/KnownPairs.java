package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.TrainOptions;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The domains whose images a known operator makes from the first domain's: their agreement can be
 * measured.
 */
final class KnownPairs {
  /** Images that are compared at a time. */
  static final int AT_ONCE = CouplingReport.PIECE;

  private KnownPairs() {}

  /** Whether there is such a domain. */
  static boolean any(List<String> specs) {
    return IntStream.range(1, specs.size()).anyMatch(d -> isKnown(specs, d));
  }

  // Only a plain first domain tells what the other's operator makes of it.
  private static boolean isKnown(List<String> specs, int domain) {
    DomainSpec first = DomainSpec.parse(specs.get(0));
    DomainSpec other = DomainSpec.parse(specs.get(domain));
    return first.transform() == ImageTransforms.IDENTITY
        && other.showsAs(first)
        && other.transform() != ImageTransforms.IDENTITY;
  }

  /**
   * Measures every such domain.
   *
   * @param specs one per domain
   * @param pairs how many pairs are compared
   * @param result takes the domain's index and its report
   */
  static void measure(
      List<String> specs,
      List<DomainData> data,
      Sampler sampler,
      TrainOptions options,
      int pairs,
      BiConsumer<Integer, CouplingReport> result) {
    measure(specs, data, sampler, options, pairs, d -> null, result);
  }

  /**
   * The same again, after some training.
   *
   * @param earlier report of a domain of the same data and number of pairs, or null
   */
  static void measure(
      List<String> specs,
      List<DomainData> data,
      Sampler sampler,
      TrainOptions options,
      int pairs,
      IntFunction<CouplingReport> earlier,
      BiConsumer<Integer, CouplingReport> result) {
    for (int d = 1; d < specs.size(); d++) {
      // Pictures may be grey in one part of a folder and coloured in the other.
      if (isKnown(specs, d) && data.get(d).shape().equals(data.get(0).shape())) {
        result.accept(
            d,
            CouplingReport.measure(
                sampler,
                options.noise(),
                options.seed(),
                pairs,
                new int[] {0, d},
                DomainSpec.parse(specs.get(d)).transform(),
                data.get(0),
                data.get(d),
                earlier.apply(d)));
      }
    }
  }
}
