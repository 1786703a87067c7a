package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;

/**
 * Transposed convolution, the paper's "fractional convolution" (PyTorch's {@code ConvTranspose2d}).
 * It is a convolution read backwards: its forward is that convolution's gradient to the input, its
 * gradient to the input that convolution's forward, and the gradient to the weights is the same.
 *
 * <ul>
 *   <li>shapes: {@code [n, in, h, w]} to {@code [n, out, oh, ow]}, {@code oh = (h - 1) stride - 2
 *       pad + kernel}
 *   <li>parameters: {@code weight [in, out, kernel, kernel]}, {@code bias [out]}
 *   <li>fans of the weight, as PyTorch counts them: {@code fanIn = out * kernel * kernel}, {@code
 *       fanOut = in * kernel * kernel}, which are those of the convolution that is read backwards
 *       ({@code out} to {@code in} channels); what one output sums up here is {@code in * (kernel /
 *       stride)^2} products, away from the border and on average
 *   <li>formulas: {@link Kernels#convInputGrad} (forward), {@link Kernels#convForward} (gradient to
 *       the input), {@link Kernels#convWeightGrad}
 *   <li>keeps nothing beside input and output
 * </ul>
 */
public final class ConvTranspose2d extends Layer {
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
   * @param stride rows and columns of the output from one input pixel's window to the next
   * @param pad rows and columns cut from every side of the output
   * @param withBias whether there is a bias per output channel
   * @throws IllegalArgumentException if a size is below 1, or {@code pad} below 0
   */
  public ConvTranspose2d(
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
    int fanIn = out * kernel * kernel;
    int fanOut = in * kernel * kernel;
    weight =
        store.parameter(
            path + ".weight",
            Shape.of(in, out, kernel, kernel),
            Parameter.Role.WEIGHT,
            fanIn,
            fanOut);
    bias =
        withBias
            ? store.parameter(path + ".bias", Shape.of(out), Parameter.Role.BIAS, fanIn, fanOut)
            : null;
  }

  /** {@code [in, out, kernel, kernel]}. */
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

  /** Rows and columns cut from every side of the output. */
  public int pad() {
    return pad;
  }

  @Override
  public String describe() {
    return "ConvTranspose2d("
        + in
        + ", "
        + out
        + ConvCache.describe(kernel, stride, pad, bias != null);
  }

  private int enlarge(int size) {
    return (size - 1) * stride - 2 * pad + kernel;
  }

  /** The convolution that leads from the output (large side) back to the input (small side). */
  private ConvShape shape(int n, Shape input) {
    return new ConvShape(
        n,
        out,
        enlarge(input.size(1)),
        enlarge(input.size(2)),
        in,
        kernel,
        kernel,
        stride,
        pad,
        input.size(1),
        input.size(2));
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 3 || input.size(0) != in) {
      throw ShapeException.input(path(), in + ", height, width", input);
    }
    if (enlarge(input.size(1)) < 1 || enlarge(input.size(2)) < 1) {
      throw ShapeException.input(path(), in + ", more rows and columns", input);
    }
    return Shape.of(out, enlarge(input.size(1)), enlarge(input.size(2)));
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
    k.convInputGrad(
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
      k.convForward(
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
          shape, weight.gradients(), weight.offset(), dy.data(), dy.offset(), x.data(), x.offset());
      if (bias != null) {
        k.biasGrad(
            shape.n(),
            out,
            shape.h() * shape.w(),
            bias.gradients(),
            bias.offset(),
            dy.data(),
            dy.offset());
      }
    }
  }
}
