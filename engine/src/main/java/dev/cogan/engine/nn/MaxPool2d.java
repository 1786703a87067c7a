package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * Largest value of each {@code size x size} window, windows side by side.
 *
 * <ul>
 *   <li>shapes: {@code [n, c, h, w]} to {@code [n, c, h/size, w/size]}, rounded down
 *   <li>backward: the gradient goes to the winner of each window, the first of equal values
 *   <li>keeps the index of each winner
 * </ul>
 */
public final class MaxPool2d extends Layer {
  private final int size;

  private static final class Winners extends Cache {
    final int[] argmax;

    Winners(int[] argmax) {
      this.argmax = argmax;
    }
  }

  /**
   * Windows of {@code size x size}.
   *
   * @throws IllegalArgumentException if the size is below 1
   */
  public MaxPool2d(String path, int size) {
    super(path);
    if (size < 1) {
      throw new IllegalArgumentException(
          path + ": expected windows of at least 1 pixel, got " + size);
    }
    this.size = size;
  }

  /** Side of a window. */
  public int size() {
    return size;
  }

  @Override
  public String describe() {
    return "MaxPool2d(" + size + ")";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 3 || input.size(1) < size || input.size(2) < size) {
      throw ShapeException.input(path(), "channels, at least " + size + " rows and columns", input);
    }
    return Shape.of(input.size(0), input.size(1) / size, input.size(2) / size);
  }

  @Override
  public Cache newCache(Shape input, int batch, Memory memory, RandomStream random) {
    return new Winners(memory.ints("activations", (long) batch * outputShape(input).count()));
  }

  @Override
  public void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    k.maxPoolForward(
        x.size(0) * x.size(1),
        x.size(2),
        x.size(3),
        size,
        y.data(),
        y.offset(),
        ((Winners) cache).argmax,
        0,
        x.data(),
        x.offset());
  }

  @Override
  public boolean hasTangent() {
    return true;
  }

  /** What the winners change by. */
  @Override
  public void tangent(Kernels k, Tensor dalong, Tensor along, Tensor x, Tensor y, Cache cache) {
    int[] argmax = ((Winners) cache).argmax;
    int planes = x.size(0) * x.size(1);
    int in = x.size(2) * x.size(3);
    int out = y.size(2) * y.size(3);
    for (int plane = 0; plane < planes; plane++) {
      for (int i = plane * out; i < (plane + 1) * out; i++) {
        dalong.set(i, along.get(plane * in + argmax[i]));
      }
    }
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
      k.maxPoolBackward(
          x.size(0) * x.size(1),
          x.size(2),
          x.size(3),
          size,
          dx.data(),
          dx.offset(),
          dy.data(),
          dy.offset(),
          ((Winners) cache).argmax,
          0);
    }
  }
}
