package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * {@code y = 1 / (1 + exp(-x))} element by element.
 *
 * <ul>
 *   <li>shapes: any to the same
 *   <li>backward: {@code dx = dy * y * (1 - y)}
 *   <li>keeps nothing beside its output
 * </ul>
 */
public final class Sigmoid extends Layer {

  /** At the given path. */
  public Sigmoid(String path) {
    super(path);
  }

  @Override
  public String describe() {
    return "Sigmoid";
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
    k.sigmoidForward(x.count(), y.data(), y.offset(), x.data(), x.offset());
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
      k.sigmoidBackward(
          y.count(), dx.data(), dx.offset(), dy.data(), dy.offset(), y.data(), y.offset());
    }
  }
}
