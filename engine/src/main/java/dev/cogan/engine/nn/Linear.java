package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;

/**
 * Fully connected layer: {@code y = x W^T + b}.
 *
 * <ul>
 *   <li>shapes: {@code [n, in]} to {@code [n, out]}
 *   <li>parameters: {@code weight [out, in]}, {@code bias [out]}
 *   <li>backward: {@code dx = dy W}, {@code dW += dy^T x}, {@code db += sum over n of dy}
 *   <li>keeps nothing beside input and output
 * </ul>
 */
public final class Linear extends Layer {
  private final int in;
  private final int out;
  private final Parameter weight;
  private final Parameter bias;

  /**
   * Registers the parameters.
   *
   * @param in input features
   * @param out output features
   * @param withBias whether there is a bias
   * @throws IllegalArgumentException if there are no inputs or no outputs
   */
  public Linear(ParameterStore store, String path, int in, int out, boolean withBias) {
    super(path);
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          path + ": expected in and out of at least 1, got in=" + in + " out=" + out);
    }
    this.in = in;
    this.out = out;
    weight = store.parameter(path + ".weight", Shape.of(out, in), Parameter.Role.WEIGHT, in, out);
    bias =
        withBias
            ? store.parameter(path + ".bias", Shape.of(out), Parameter.Role.BIAS, in, out)
            : null;
  }

  /** {@code [out, in]}. */
  public Parameter weight() {
    return weight;
  }

  /** {@code [out]}, or null. */
  public Parameter bias() {
    return bias;
  }

  @Override
  public String describe() {
    return "Linear(" + in + ", " + out + (bias == null ? ", bias=false)" : ")");
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1 || input.size(0) != in) {
      throw ShapeException.input(path(), "" + in, input);
    }
    return Shape.of(out);
  }

  @Override
  public long multiplyAdds(Shape input) {
    return (long) in * out;
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  @Override
  public boolean joinsBatches() {
    return true;
  }

  @Override
  public void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    multiply(k, y, x);
    if (bias != null) {
      k.addBias(x.size(0), out, 1, y.data(), y.offset(), bias.values(), bias.offset());
    }
  }

  @Override
  public boolean hasTangent() {
    return true;
  }

  @Override
  public void tangent(Kernels k, Tensor dalong, Tensor along, Tensor x, Tensor y, Cache cache) {
    multiply(k, dalong, along);
  }

  @Override
  public void tangentGradient(Kernels k, Tensor dy, Tensor along, Tensor x, Cache cache) {
    addWeightGradient(k, dy, along);
  }

  private void multiply(Kernels k, Tensor y, Tensor x) {
    int n = x.size(0);
    k.gemm(
        false,
        true,
        n,
        out,
        in,
        x.data(),
        x.offset(),
        in,
        weight.values(),
        weight.offset(),
        in,
        0f,
        y.data(),
        y.offset(),
        out);
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
    int n = x.size(0);
    if (dx != null) {
      k.gemm(
          false,
          false,
          n,
          in,
          out,
          dy.data(),
          dy.offset(),
          out,
          weight.values(),
          weight.offset(),
          in,
          0f,
          dx.data(),
          dx.offset(),
          in);
    }
    if (parameterGradients) {
      addWeightGradient(k, dy, x);
      if (bias != null) {
        k.biasGrad(n, out, 1, bias.gradients(), bias.offset(), dy.data(), dy.offset());
      }
    }
  }

  private void addWeightGradient(Kernels k, Tensor dy, Tensor x) {
    k.gemm(
        true,
        false,
        out,
        in,
        x.size(0),
        dy.data(),
        dy.offset(),
        out,
        x.data(),
        x.offset(),
        in,
        1f,
        weight.gradients(),
        weight.offset(),
        in);
  }
}
