package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * {@code y = x > 0 ? x : slope * x} with a fixed slope (Maas et al. 2013).
 *
 * <ul>
 *   <li>shapes: any to the same
 *   <li>backward: {@code dx = x > 0 ? dy : slope * dy}
 *   <li>keeps nothing beside input and output
 * </ul>
 */
public class LeakyRelu extends Layer {
  private final float slope;

  /**
   * With the given slope for negative values; 0.2 is the DCGAN habit.
   *
   * @throws IllegalArgumentException if the slope is not finite
   */
  public LeakyRelu(String path, float slope) {
    super(path);
    if (!Float.isFinite(slope)) {
      throw new IllegalArgumentException(path + ": expected a finite slope, got " + slope);
    }
    this.slope = slope;
  }

  /** Factor of negative values. */
  public final float slope() {
    return slope;
  }

  @Override
  public String describe() {
    return "LeakyRelu(" + slope + ")";
  }

  @Override
  public final Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public final boolean backwardInPlace() {
    return true;
  }

  @Override
  public final void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    k.leakyReluForward(x.count(), slope, y.data(), y.offset(), x.data(), x.offset());
  }

  @Override
  public final boolean hasTangent() {
    return true;
  }

  /** A diagonal matrix, so the same as the gradient to the input. */
  @Override
  public final void tangent(
      Kernels k, Tensor dalong, Tensor along, Tensor x, Tensor y, Cache cache) {
    backward(k, dalong, along, x, y, cache, false);
  }

  @Override
  public final void backward(
      Kernels k,
      Tensor dx,
      Tensor dy,
      Tensor x,
      Tensor y,
      Cache cache,
      boolean parameterGradients) {
    if (dx != null) {
      k.leakyReluBackward(
          x.count(), slope, dx.data(), dx.offset(), dy.data(), dy.offset(), x.data(), x.offset());
    }
  }
}
