package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;

/**
 * Two-dimensional convolution (cross-correlation, as PyTorch's {@code Conv2d}).
 *
 * <ul>
 *   <li>shapes: {@code [n, in, h, w]} to {@code [n, out, oh, ow]}, {@code oh = (h + 2 pad - kernel)
 *       / stride + 1}, rounded down
 *   <li>parameters: {@code weight [out, in, kernel, kernel]}, {@code bias [out]}
 *   <li>formulas, forward and backward: {@link Kernels#convForward}, {@link Kernels#convInputGrad},
 *       {@link Kernels#convWeightGrad}
 *   <li>keeps nothing beside input and output
 * </ul>
 */
public final class Conv2d extends Layer {
  private final int in;
  private final int out;
  private final int kernel;
  private final int stride;
  private final int pad;
  private final Parameter weight;
  private final Parameter bias;

  /**
   * Registers the parameters.
   *
   * @param in input channels
   * @param out output channels
   * @param kernel height and width of the kernel
   * @param stride rows and columns from one window to the next
   * @param pad zeros added on every side
   * @param withBias whether there is a bias per output channel
   * @throws IllegalArgumentException if a size is below 1, or {@code pad} below 0
   */
  public Conv2d(
      ParameterStore store,
      String path,
      int in,
      int out,
      int kernel,
      int stride,
      int pad,
      boolean withBias) {
    super(path);
    ConvCache.requireSizes(path, in, out, kernel, stride, pad);
    this.in = in;
    this.out = out;
    this.kernel = kernel;
    this.stride = stride;
    this.pad = pad;
    int fanIn = in * kernel * kernel;
    int fanOut = out * kernel * kernel;
    weight =
        store.parameter(
            path + ".weight",
            Shape.of(out, in, kernel, kernel),
            Parameter.Role.WEIGHT,
            fanIn,
            fanOut);
    bias =
        withBias
            ? store.parameter(path + ".bias", Shape.of(out), Parameter.Role.BIAS, fanIn, fanOut)
            : null;
  }

  /** {@code [out, in, kernel, kernel]}. */
  public Parameter weight() {
    return weight;
  }

  /** {@code [out]}, or null. */
  public Parameter bias() {
    return bias;
  }

  /** Rows and columns from one window to the next. */
  public int stride() {
    return stride;
  }

  /** Zeros added on every side. */
  public int pad() {
    return pad;
  }

  @Override
  public String describe() {
    return "Conv2d(" + in + ", " + out + ConvCache.describe(kernel, stride, pad, bias != null);
  }

  private ConvShape shape(int n, Shape input) {
    return ConvShape.of(n, in, input.size(1), input.size(2), out, kernel, kernel, stride, pad);
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 3 || input.size(0) != in) {
      throw ShapeException.input(path(), in + ", height, width", input);
    }
    if (input.size(1) + 2 * pad < kernel || input.size(2) + 2 * pad < kernel) {
      throw ShapeException.input(
          path(), in + ", at least " + (kernel - 2 * pad) + " rows and columns", input);
    }
    ConvShape shape = shape(1, input);
    return Shape.of(out, shape.oh(), shape.ow());
  }

  @Override
  public long multiplyAdds(Shape input) {
    return shape(1, input).multiplyAdds();
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  @Override
  public Cache newCache(Shape input, int batch, Memory memory, RandomStream random) {
    return new ConvCache(shape(batch, input));
  }

  @Override
  public boolean joinsBatches() {
    return true;
  }

  @Override
  public void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    k.convForward(
        ((ConvCache) cache).shape,
        y.data(),
        y.offset(),
        x.data(),
        x.offset(),
        weight.values(),
        weight.offset(),
        bias == null ? null : bias.values(),
        bias == null ? 0 : bias.offset());
  }

  @Override
  public boolean hasTangent() {
    return true;
  }

  @Override
  public void tangent(Kernels k, Tensor dalong, Tensor along, Tensor x, Tensor y, Cache cache) {
    k.convForward(
        ((ConvCache) cache).shape,
        dalong.data(),
        dalong.offset(),
        along.data(),
        along.offset(),
        weight.values(),
        weight.offset(),
        null,
        0);
  }

  @Override
  public void tangentGradient(Kernels k, Tensor dy, Tensor along, Tensor x, Cache cache) {
    k.convWeightGrad(
        ((ConvCache) cache).shape,
        weight.gradients(),
        weight.offset(),
        along.data(),
        along.offset(),
        dy.data(),
        dy.offset());
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
    ConvShape shape = ((ConvCache) cache).shape;
    if (dx != null) {
      k.convInputGrad(
          shape,
          dx.data(),
          dx.offset(),
          dy.data(),
          dy.offset(),
          weight.values(),
          weight.offset(),
          null,
          0);
    }
    if (parameterGradients) {
      k.convWeightGrad(
          shape, weight.gradients(), weight.offset(), x.data(), x.offset(), dy.data(), dy.offset());
      if (bias != null) {
        k.biasGrad(
            shape.n(),
            out,
            shape.oh() * shape.ow(),
            bias.gradients(),
            bias.offset(),
            dy.data(),
            dy.offset());
      }
    }
  }
}
