package dev.cogan.engine.metric;

/**
 * How often each class occurs.
 *
 * @param counts one per class
 */
public record ClassHistogram(long[] counts) {

  /**
   * Counts.
   *
   * @param classes numbers from 0 to {@code size - 1}
   * @param size number of classes
   */
  public static ClassHistogram of(int[] classes, int size) {
    long[] counts = new long[size];
    for (int c : classes) {
      counts[c]++;
    }
    return new ClassHistogram(counts);
  }

  /** Images in all. */
  public long total() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Share of a class. */
  public double share(int index) {
    return (double) counts[index] / total();
  }

  /** Share of the rarest class: 0 if a class is never painted. */
  public double smallest() {
    double least = 1;
    for (int c = 0; c < counts.length; c++) {
      least = Math.min(least, share(c));
    }
    return least;
  }

  /** Share of the most frequent class. */
  public double largest() {
    double most = 0;
    for (int c = 0; c < counts.length; c++) {
      most = Math.max(most, share(c));
    }
    return most;
  }

  /**
   * Total variation distance to another histogram: half the sum of the differences of the shares, 0
   * for equal shares, 1 for no class in common.
   */
  public double distance(ClassHistogram other) {
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      sum += Math.abs(share(c) - other.share(c));
    }
    return sum / 2;
  }
}
