package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * The same elements in another shape; nothing is copied.
 *
 * <ul>
 *   <li>shapes: {@code [n, ...]} to {@code [n, shape...]} with as many elements
 *   <li>backward: the same elements back
 * </ul>
 */
public class Reshape extends Layer {
  private final Shape shape;

  /**
   * @param shape of one image's output, without the batch
   */
  public Reshape(String path, Shape shape) {
    super(path);
    this.shape = shape;
  }

  @Override
  public String describe() {
    return "Reshape" + shape;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.count() != shape.count()) {
      throw ShapeException.input(path(), shape.count() + " elements", input);
    }
    return shape;
  }

  @Override
  public final boolean isView() {
    return true;
  }

  @Override
  public final void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    copyUnlessSame(y, x);
  }

  @Override
  public final boolean hasTangent() {
    return true;
  }

  @Override
  public final void tangent(
      Kernels k, Tensor dalong, Tensor along, Tensor x, Tensor y, Cache cache) {
    copyUnlessSame(dalong, along);
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
      copyUnlessSame(dx, dy);
    }
  }

  /** A {@link Pass} gives views of one array, and then there is nothing to do. */
  private static void copyUnlessSame(Tensor to, Tensor from) {
    if (to.data() != from.data() || to.offset() != from.offset()) {
      System.arraycopy(from.data(), from.offset(), to.data(), to.offset(), from.count());
    }
  }
}
