package dev.cogan.cli.evaluation;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.metric.ClassHistogram;
import dev.cogan.engine.metric.FeatureExtractor;
import dev.cogan.engine.metric.ImagePairs;
import dev.cogan.engine.metric.LeNet;
import dev.cogan.engine.metric.LeNetExtractor;
import dev.cogan.engine.metric.PairLabels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.TrainOptions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What stands beside the pixel agreement of drawn digits: whether both images of a pair show the
 * same digit, and how even the digits are, as the classifier in the jar names them. Two generators
 * that draw nothing agree perfectly.
 *
 * @param extractor name of the classifier
 * @param pairs what it said of the pairs
 * @param rarest share of the rarest digit in either domain
 * @param mostFrequent share of the most frequent one
 */
public record DigitLabels(String extractor, PairLabels pairs, double rarest, double mostFrequent) {
  private static final Shape DIGIT = Shape.of(1, 28, 28);
  private static final int DIGITS = 10;
  private static final int PIECE = 100;

  /** The classifier's file as bytes and as weights. */
  private static final long FILE_BYTES = 4L << 20;

  /**
   * Whether the first domain, and so what is paired with it, shows what the classifier knows:
   * MNIST's digits.
   */
  public static boolean fits(List<String> specs) {
    return DomainSpec.parse(specs.get(0)).source().kind().equals(RealData.MNIST);
  }

  /**
   * Whether the classifier knows what these domains show; asks it about some hundred real images.
   *
   * @param specs one per domain
   * @param data one per domain; where the first has labels that the classifier does not know, it is
   *     another set under MNIST's file names
   * @param others domains that are paired with the first one
   */
  public static boolean areKnown(
      List<String> specs, List<DomainData> data, Collection<Integer> others, Kernels kernels) {
    if (others.isEmpty() || !fits(specs)) {
      return false;
    }
    FeatureExtractor extractor = Extractors.carried(kernels).extractor();
    for (int d = 0; d < data.size(); d++) {
      if ((d == 0 || others.contains(d)) && !data.get(d).shape().equals(extractor.image())) {
        return false;
      }
    }
    return RealData.knows(extractor, data.get(0));
  }

  /**
   * Names the digits of a model's pairs, of domains that are {@linkplain #areKnown known}.
   *
   * @param domains how many the model has
   * @param pairs how many
   * @param others domains that are paired with the first one
   * @return by domain
   */
  public static Map<Integer, DigitLabels> measure(
      int domains,
      Sampler sampler,
      TrainOptions options,
      int pairs,
      Collection<Integer> others,
      Kernels kernels) {
    Map<Integer, DigitLabels> labels = new LinkedHashMap<>();
    FeatureExtractor extractor = Extractors.carried(kernels).extractor();
    int[][] classes = new int[domains][];
    for (int d = 0; d < domains; d++) {
      classes[d] = d == 0 || others.contains(d) ? new int[pairs] : null;
    }
    ImagePairs source = ImagePairs.generated(sampler, options.noise(), options.seed());
    for (int from = 0; from < pairs; from += PIECE) {
      int n = Math.min(PIECE, pairs - from);
      List<Tensor> images = source.next(n);
      for (int d = 0; d < classes.length; d++) {
        if (classes[d] != null) {
          System.arraycopy(extractor.extract(images.get(d)).classes(), 0, classes[d], from, n);
        }
      }
    }
    for (int d : others) {
      labels.put(d, of(extractor, classes[0], classes[d]));
    }
    return labels;
  }

  private static DigitLabels of(FeatureExtractor extractor, int[] first, int[] second) {
    ClassHistogram a = ClassHistogram.of(first, extractor.classes());
    ClassHistogram b = ClassHistogram.of(second, extractor.classes());
    return new DigitLabels(
        extractor.name(),
        PairLabels.of(first, second, extractor.classes()),
        Math.min(a.smallest(), b.smallest()),
        Math.max(a.largest(), b.largest()));
  }

  /** Bytes that measuring takes, the kernels' own memory excepted. */
  public static long bytes(int domains, int pairs) {
    Memory memory = Memory.counting();
    Workspace counting =
        new Workspace(new ScalarKernels(Parallel.none()), memory, RandomStream.of(0, "dropout"));
    new LeNetExtractor(new LeNet(DIGIT, DIGITS, memory, false), "", counting);
    long images = 4L * PIECE * domains * (DIGIT.count() + LeNet.FEATURES);
    return memory.bytes() + memory.rounding() + FILE_BYTES + images + 4L * domains * pairs;
  }

  /** Computes once what {@link #measure} computes, so that the kernels take what they need. */
  public static void rehearse(Kernels kernels) {
    Extractors.carried(kernels).extractor().extract(Tensor.zeros(DIGIT.prepend(1)));
  }

  /** As a line of a log has it. */
  public Map<String, Object> toJson() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("extractor", extractor);
    map.put("agreement", rounded(pairs.agreement()));
    map.put("chance", rounded(pairs.chance()));
    map.put("rarest", rounded(rarest));
    map.put("most_frequent", rounded(mostFrequent));
    return map;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e5) / 1e5;
  }

  /** For example {@code 0.873 (chance 0.101; 1000 pairs), digits 7.8-13.0 %}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.3f (chance %.3f; %d pairs), digits %.1f-%.1f %%",
        pairs.agreement(),
        pairs.chance(),
        pairs.pairs(),
        100 * rarest,
        100 * mostFrequent);
  }
}
