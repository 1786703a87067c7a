package dev.cogan.engine.tensor;

import java.util.Arrays;

/**
 * The sizes of a tensor, row-major, outermost first. A batch of images is {@code [n, channels,
 * height, width]}.
 */
public final class Shape {
  private final int[] sizes;
  private final int count;

  private Shape(int[] sizes) {
    long product = 1;
    for (int size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("sizes must not be negative: " + Arrays.toString(sizes));
      }
      product *= size;
      if (product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(sizes) + " has more than 2^31 - 1 elements");
      }
    }
    this.sizes = sizes;
    this.count = (int) product;
  }

  /** A shape with the given sizes; none gives a scalar. */
  public static Shape of(int... sizes) {
    return new Shape(sizes.clone());
  }

  /** Number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** Size of dimension {@code index}, from 0. */
  public int size(int index) {
    return sizes[index];
  }

  /** Number of elements. */
  public int count() {
    return count;
  }

  /** The sizes as a new array. */
  public int[] toArray() {
    return sizes.clone();
  }

  /**
   * This shape with one more dimension in front: {@code [c,h,w]} with 64 gives {@code [64,c,h,w]}.
   */
  public Shape prepend(int size) {
    int[] all = new int[sizes.length + 1];
    all[0] = size;
    System.arraycopy(sizes, 0, all, 1, sizes.length);
    return new Shape(all);
  }

  /** This shape without its first dimension. */
  public Shape dropFirst() {
    return new Shape(Arrays.copyOfRange(sizes, 1, sizes.length));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** For example {@code [64, 1, 28, 28]}. */
  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
