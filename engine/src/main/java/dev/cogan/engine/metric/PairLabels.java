package dev.cogan.engine.metric;

/**
 * Pair label agreement: how often the classifier names one class for both images of a pair.
 *
 * @param pairs pairs compared
 * @param agreement share of equal classes
 * @param chance what independent images with the same two histograms would reach: sum over the
 *     classes of the product of their shares
 */
public record PairLabels(int pairs, double agreement, double chance) {

  /**
   * Compares.
   *
   * @param first class of each pair's first image
   * @param second class of each pair's second image
   * @param classes number of classes
   */
  public static PairLabels of(int[] first, int[] second, int classes) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "pairs of " + first.length + " and " + second.length + " images");
    }
    int equal = 0;
    for (int i = 0; i < first.length; i++) {
      equal += first[i] == second[i] ? 1 : 0;
    }
    ClassHistogram a = ClassHistogram.of(first, classes);
    ClassHistogram b = ClassHistogram.of(second, classes);
    double chance = 0;
    for (int c = 0; c < classes; c++) {
      chance += a.share(c) * b.share(c);
    }
    return new PairLabels(first.length, (double) equal / first.length, chance);
  }
}
