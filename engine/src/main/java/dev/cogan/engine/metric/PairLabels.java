package dev.cogan.engine.metric;

/**
 * Pair label agreement: how often the classifier names one class for both images of a pair.
 *
 * @param pairs pairs compared
 * @param agreement share of equal classes
 * @param chance what independent images with the same two histograms would reach: sum over the
 *     classes of the product of their shares
 * @param perfect what perfect coupling of the same drawings would reach: the agreement with
 *     partners that the operator between the domains computes from the images; what it lacks to 1
 *     is due to drawings that the classifier cannot tell, not to pairs that do not belong together.
 *     NaN without an operator
 */
public record PairLabels(int pairs, double agreement, double chance, double perfect) {

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
    ClassHistogram a = ClassHistogram.of(first, classes);
    ClassHistogram b = ClassHistogram.of(second, classes);
    double chance = 0;
    for (int c = 0; c < classes; c++) {
      chance += a.share(c) * b.share(c);
    }
    return new PairLabels(first.length, equal(first, second), chance, Double.NaN);
  }

  /**
   * The same with {@link #perfect}.
   *
   * @param images class of each image of the domain that the operator starts from
   * @param computed class of what the operator makes of it
   */
  PairLabels withPerfect(int[] images, int[] computed) {
    return new PairLabels(pairs, agreement, chance, equal(images, computed));
  }

  private static double equal(int[] first, int[] second) {
    int equal = 0;
    for (int i = 0; i < first.length; i++) {
      equal += first[i] == second[i] ? 1 : 0;
    }
    return (double) equal / first.length;
  }
}
