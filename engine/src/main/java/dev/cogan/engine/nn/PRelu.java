package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;

/**
 * Parametric ReLU (He et al. 2015): {@code y = x > 0 ? x : a * x}.
 *
 * <ul>
 *   <li>shapes: {@code [n, c, ...]} to the same
 *   <li>parameter: {@code weight [1]} (one slope for the layer) or {@code [c]} (one per channel)
 *   <li>backward: {@code dx = x > 0 ? dy : a * dy}, {@code da += sum of dy * min(x, 0)}
 *   <li>keeps nothing beside input and output
 * </ul>
 */
public final class PRelu extends Layer {
  private final Parameter slope;

  /**
   * Registers the slopes.
   *
   * @param slopes 1, or the number of channels
   */
  public PRelu(ParameterStore store, String path, int slopes) {
    super(path);
    slope = store.parameter(path + ".weight", Shape.of(slopes), Parameter.Role.SLOPE, 0, 0);
  }

  @Override
  public String describe() {
    return "PRelu(" + slope.count() + ")";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (slope.count() != 1 && (input.rank() < 1 || input.size(0) != slope.count())) {
      throw ShapeException.input(path(), slope.count() + ", ...", input);
    }
    return input;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(slope);
  }

  @Override
  public boolean backwardInPlace() {
    return true;
  }

  Parameter slope() {
    return slope;
  }

  private static int spatial(Tensor x) {
    return x.count() == 0 ? 0 : x.count() / (x.size(0) * x.size(1));
  }

  @Override
  public void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    k.preluForward(
        x.size(0),
        x.size(1),
        spatial(x),
        y.data(),
        y.offset(),
        x.data(),
        x.offset(),
        slope.values(),
        slope.offset(),
        slope.count());
  }

  @Override
  public boolean hasTangent() {
    return true;
  }

  /** A diagonal matrix, so the same as the gradient to the input. */
  @Override
  public void tangent(Kernels k, Tensor dalong, Tensor along, Tensor x, Tensor y, Cache cache) {
    backward(k, dalong, along, x, y, cache, false);
  }

  @Override
  public void tangentGradient(Kernels k, Tensor dy, Tensor along, Tensor x, Cache cache) {
    int s = spatial(x);
    int planes = x.count() / s;
    for (int plane = 0; plane < planes; plane++) {
      double sum = 0;
      for (int i = plane * s; i < (plane + 1) * s; i++) {
        if (!(x.get(i) > 0)) {
          sum += (double) dy.get(i) * along.get(i);
        }
      }
      int at = slope.offset() + (slope.count() == 1 ? 0 : plane % slope.count());
      slope.gradients()[at] += (float) sum;
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
    k.preluBackward(
        x.size(0),
        x.size(1),
        spatial(x),
        dx == null ? null : dx.data(),
        dx == null ? 0 : dx.offset(),
        dy.data(),
        dy.offset(),
        x.data(),
        x.offset(),
        slope.values(),
        slope.offset(),
        slope.count(),
        parameterGradients ? slope.gradients() : null,
        parameterGradients ? slope.offset() : 0);
  }
}
