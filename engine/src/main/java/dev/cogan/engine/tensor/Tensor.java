package dev.cogan.engine.tensor;

/**
 * A view of a float array: data, offset and shape, without gaps. A tensor owns nothing; several
 * tensors may look at the same array, which is how shared parameters and batch slices work.
 *
 * @param data the array
 * @param offset index of the first element
 * @param shape sizes, row-major
 */
public record Tensor(float[] data, int offset, Shape shape) {

  /** A new tensor of zeros. */
  public static Tensor zeros(Shape shape) {
    return new Tensor(new float[shape.count()], 0, shape);
  }

  /** A new tensor of zeros. */
  public static Tensor zeros(int... sizes) {
    return zeros(Shape.of(sizes));
  }

  /** A tensor over a whole array, which is not copied. */
  public static Tensor of(float[] data, int... sizes) {
    Shape shape = Shape.of(sizes);
    if (shape.count() != data.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " has " + shape.count() + " elements, the array " + data.length);
    }
    return new Tensor(data, 0, shape);
  }

  /** Number of elements. */
  public int count() {
    return shape.count();
  }

  /** Size of dimension {@code index}. */
  public int size(int index) {
    return shape.size(index);
  }

  /** Element {@code index} in row-major order. */
  public float get(int index) {
    return data[offset + index];
  }

  /** Sets element {@code index} in row-major order. */
  public void set(int index, float value) {
    data[offset + index] = value;
  }

  /** The same elements in another shape. */
  public Tensor reshape(Shape other) {
    if (other.count() != shape.count()) {
      throw new IllegalArgumentException("cannot read " + shape + " as " + other);
    }
    return new Tensor(data, offset, other);
  }

  /** Images {@code from} to {@code from + n - 1} of a batch: a view along the first dimension. */
  public Tensor slice(int from, int n) {
    if (from < 0 || n < 0 || n > shape.size(0) - from) {
      throw new IllegalArgumentException(
          "slice of " + n + " from " + from + " on, of a batch of " + shape.size(0));
    }
    Shape rest = shape.dropFirst();
    return new Tensor(data, offset + from * rest.count(), rest.prepend(n));
  }

  /** A copy of the elements. */
  public float[] toArray() {
    float[] copy = new float[shape.count()];
    System.arraycopy(data, offset, copy, 0, copy.length);
    return copy;
  }

  /** Sets all elements to {@code value}. */
  public void fill(float value) {
    java.util.Arrays.fill(data, offset, offset + shape.count(), value);
  }

  /**
   * Whether both are views of the same array, with the same offset and shape. By hand: a record's
   * own equals leaves its class in a cache of the JDK, which then keeps the class loader of a
   * program that is long gone.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor t
        && data == t.data
        && offset == t.offset
        && shape.equals(t.shape);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * System.identityHashCode(data) + offset) + shape.hashCode();
  }

  /** For example {@code Tensor[64, 1, 28, 28]}. */
  @Override
  public String toString() {
    return "Tensor" + shape;
  }
}
