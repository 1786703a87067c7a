package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.BatchNorm2d.Statistics;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * A {@link BatchNorm2d} and the {@link PRelu} behind it, computed in one: what lies between them is
 * neither written nor kept, the backward computes it again. {@link Sequential} does so with every
 * such pair on images of more than one pixel.
 */
final class NormPrelu {
  private NormPrelu() {}

  /** Whether a pair of neighbours can be computed in one. */
  static boolean fits(Layer norm, Layer prelu, Shape input) {
    return norm instanceof BatchNorm2d
        && prelu instanceof PRelu
        && input.rank() == 3
        && input.size(1) * input.size(2) > 1;
  }

  static void forward(
      Kernels k, BatchNorm2d norm, PRelu prelu, Tensor y, Tensor x, Cache cache, Mode mode) {
    Statistics s = (Statistics) cache;
    Parameter slope = prelu.slope();
    int n = x.size(0);
    s.running = mode == Mode.INFERENCE;
    if (s.running) {
      norm.foldRunningStatistics(s);
      k.scaleShiftPrelu(
          n,
          norm.channels(),
          s.spatial,
          y.data(),
          y.offset(),
          x.data(),
          x.offset(),
          s.invStd,
          0,
          s.mean,
          0,
          slope.values(),
          slope.offset(),
          slope.count());
      return;
    }
    Parameter weight = norm.weight();
    Parameter bias = norm.bias();
    k.batchNormPreluForward(
        n,
        norm.channels(),
        s.spatial,
        BatchNorm2d.EPS,
        y.data(),
        y.offset(),
        x.data(),
        x.offset(),
        weight == null ? null : weight.values(),
        weight == null ? 0 : weight.offset(),
        bias == null ? null : bias.values(),
        bias == null ? 0 : bias.offset(),
        slope.values(),
        slope.offset(),
        slope.count(),
        s.mean,
        0,
        s.invStd,
        0);
    norm.updateRunningStatistics(s, n * s.spatial);
  }

  /** See {@link Layer#backward}; din may be the same memory as dout. */
  static void backward(
      Kernels k,
      BatchNorm2d norm,
      PRelu prelu,
      Tensor dx,
      Tensor dy,
      Tensor x,
      Cache cache,
      boolean parameterGradients) {
    Statistics s = (Statistics) cache;
    Parameter slope = prelu.slope();
    if (dx == null && !parameterGradients) {
      return;
    }
    int n = x.size(0);
    if (s.running) {
      k.scaleShiftPreluBackward(
          n,
          norm.channels(),
          s.spatial,
          dx.data(),
          dx.offset(),
          dy.data(),
          dy.offset(),
          x.data(),
          x.offset(),
          s.invStd,
          0,
          s.mean,
          0,
          slope.values(),
          slope.offset(),
          slope.count());
      return;
    }
    Parameter weight = norm.weight();
    Parameter bias = norm.bias();
    boolean affine = parameterGradients && weight != null;
    k.batchNormPreluBackward(
        n,
        norm.channels(),
        s.spatial,
        dx == null ? null : dx.data(),
        dx == null ? 0 : dx.offset(),
        dy.data(),
        dy.offset(),
        x.data(),
        x.offset(),
        weight == null ? null : weight.values(),
        weight == null ? 0 : weight.offset(),
        bias == null ? null : bias.values(),
        bias == null ? 0 : bias.offset(),
        slope.values(),
        slope.offset(),
        slope.count(),
        s.mean,
        0,
        s.invStd,
        0,
        affine ? weight.gradients() : null,
        affine ? weight.offset() : 0,
        affine ? bias.gradients() : null,
        affine ? bias.offset() : 0,
        parameterGradients ? slope.gradients() : null,
        parameterGradients ? slope.offset() : 0);
  }
}
