package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.TrainOptions;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The domains whose images a known operator makes from the first domain's: their agreement can be
 * measured.
 */
final class KnownPairs {
  private KnownPairs() {}

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
    DomainSpec first = DomainSpec.parse(specs.get(0));
    for (int d = 1; d < specs.size(); d++) {
      DomainSpec other = DomainSpec.parse(specs.get(d));
      // Only a plain first domain tells what the other's operator makes of it.
      if (first.transform() == ImageTransforms.IDENTITY
          && other.source().equals(first.source())
          && other.transform() != ImageTransforms.IDENTITY) {
        result.accept(
            d,
            CouplingReport.measure(
                sampler,
                options.noise(),
                options.seed(),
                pairs,
                new int[] {0, d},
                other.transform(),
                data.get(0),
                data.get(d)));
      }
    }
  }
}
