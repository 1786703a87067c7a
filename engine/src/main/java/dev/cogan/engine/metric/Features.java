package dev.cogan.engine.metric;

import java.util.Arrays;

/**
 * Feature vectors of a set of images, and the classes that a classifier gave them.
 *
 * @param values {@code count x size}, row by row
 * @param count number of images
 * @param size length of a vector
 * @param classes one class per image from 0 on, or null without a classifier
 */
public record Features(float[] values, int count, int size, int[] classes) {

  /** Checks the lengths. */
  public Features {
    if (values.length != (long) count * size || classes != null && classes.length != count) {
      throw new IllegalArgumentException(
          values.length + " values are not " + count + " vectors of " + size);
    }
  }

  /** Whether there are classes. */
  public boolean hasClasses() {
    return classes != null;
  }

  /** The vectors from {@code from} on, a copy. */
  public Features range(int from, int n) {
    return new Features(
        Arrays.copyOfRange(values, from * size, (from + n) * size),
        n,
        size,
        classes == null ? null : Arrays.copyOfRange(classes, from, from + n));
  }

  /** Gathers features piece by piece. */
  public static final class Builder {
    private final int size;
    private final float[] values;
    private final int[] classes;
    private int filled;

    /**
     * @param count images that will be added in all
     * @param size length of a vector
     * @param withClasses whether the pieces have classes
     */
    public Builder(int count, int size, boolean withClasses) {
      this.size = size;
      if ((long) count * size > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            count + " vectors of " + size + " features do not fit into one array; take fewer");
      }
      values = new float[count * size];
      classes = withClasses ? new int[count] : null;
    }

    /** Adds the vectors of a piece. */
    public Builder add(Features piece) {
      System.arraycopy(piece.values, 0, values, filled * size, piece.values.length);
      if (classes != null) {
        System.arraycopy(piece.classes, 0, classes, filled, piece.count);
      }
      filled += piece.count;
      return this;
    }

    /** All that was added. */
    public Features build() {
      Features all = new Features(values, values.length / size, size, classes);
      return filled == all.count ? all : all.range(0, filled);
    }
  }
}
