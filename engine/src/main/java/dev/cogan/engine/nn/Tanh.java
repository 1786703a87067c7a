package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * {@code y = tanh(x)} element by element.
 *
 * <ul>
 *   <li>shapes: any to the same
 *   <li>backward: {@code dx = dy * (1 - y * y)}
 *   <li>keeps nothing beside its output
 * </ul>
 */
public final class Tanh extends Layer {

  /** At the given path. */
  public Tanh(String path) {
    super(path);
  }

  @Override
  public String describe() {
    return "Tanh";
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
    k.tanhForward(x.count(), y.data(), y.offset(), x.data(), x.offset());
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
      k.tanhBackward(
          y.count(), dx.data(), dx.offset(), dy.data(), dy.offset(), y.data(), y.offset());
    }
  }
}
