package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * {@code y = x * scale + shift} with fixed numbers. Images are in [0, 1] everywhere outside the
 * nets; nets that work in [-1, 1] begin or end with one of the two forms below, whose factors are
 * powers of two and cost no accuracy.
 *
 * <ul>
 *   <li>shapes: any to the same
 *   <li>backward: {@code dx = dy * scale}
 *   <li>keeps nothing
 * </ul>
 */
public final class Rescale extends Layer {
  private static final float[] ZERO = {0f};

  private final float[] scale;
  private final float[] shift;

  /** With the given factor and summand. */
  public Rescale(String path, float scale, float shift) {
    super(path);
    this.scale = new float[] {scale};
    this.shift = new float[] {shift};
  }

  /** From [-1, 1], what a tanh gives, to the images' [0, 1]: {@code x / 2 + 1 / 2}. */
  public static Rescale toUnit(String path) {
    return new Rescale(path, 0.5f, 0.5f);
  }

  /** From the images' [0, 1] to [-1, 1]: {@code 2 x - 1}. */
  public static Rescale toSymmetric(String path) {
    return new Rescale(path, 2f, -1f);
  }

  /** The factor. */
  public float scale() {
    return scale[0];
  }

  /** The summand. */
  public float shift() {
    return shift[0];
  }

  @Override
  public String describe() {
    return "Rescale(" + scale[0] + ", " + shift[0] + ")";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public boolean backwardInPlace() {
    return true;
  }

  @Override
  public void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    apply(k, y, x, shift);
  }

  private void apply(Kernels k, Tensor y, Tensor x, float[] summand) {
    int n = x.size(0);
    int each = x.count() / n;
    k.scaleShift(n, 1, each, y.data(), y.offset(), x.data(), x.offset(), scale, 0, summand, 0);
  }

  @Override
  public boolean hasTangent() {
    return true;
  }

  @Override
  public void tangent(Kernels k, Tensor dalong, Tensor along, Tensor x, Tensor y, Cache cache) {
    apply(k, dalong, along, ZERO);
  }

  @Override
  public void backward(
      Kernels k,
      Tensor dx,
      Tensor dy,
      Tensor x,
      Tensor y,
      Cache cache,
      boolean parameterGradients) {
    if (dx != null) {
      apply(k, dx, dy, ZERO);
    }
  }
}
