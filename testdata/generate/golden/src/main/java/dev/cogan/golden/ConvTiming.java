package dev.cogan.golden;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The three passes of one square convolution or transposed convolution without bias. */
final class ConvTiming {
  private static final long[] ONE = {1, 1};
  private static final long[] ZERO = {0, 0};

  private final boolean transposed;
  private final long[] stride;
  private final long[] pad;
  private final Tensor x;
  private final Tensor weight;
  private final Tensor dy;

  ConvTiming(
      boolean transposed, int n, int in, int out, int side, int kernel, int stride, int pad) {
    this.transposed = transposed;
    this.stride = new long[] {stride, stride};
    this.pad = new long[] {pad, pad};
    x = torch.randn(n, in, side, side);
    weight =
        transposed ? torch.randn(in, out, kernel, kernel) : torch.randn(out, in, kernel, kernel);
    dy = torch.randn_like(convolve());
  }

  /** Multiply-adds of one pass times two, in 1e9; padding counted as if it were read. */
  double gigaFlop() {
    Tensor small = transposed ? x : dy;
    return 2e-9 * small.size(0) * small.size(2) * small.size(3) * weight.numel();
  }

  void forward() {
    convolve();
  }

  void inputGrad() {
    backward(true, false);
  }

  void weightGrad() {
    backward(false, true);
  }

  private Tensor convolve() {
    return torch.convolution(
        x, weight, Torch.optional(null), stride, pad, ONE, transposed, ZERO, 1);
  }

  private void backward(boolean input, boolean weights) {
    BoolPointer mask = new BoolPointer(3).put(0, input).put(1, weights).put(2, false);
    torch.convolution_backward(
        dy, x, weight, new LongArrayRefOptional(), stride, pad, ONE, transposed, ZERO, 1, mask);
  }
}
