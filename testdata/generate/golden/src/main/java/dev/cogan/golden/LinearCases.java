package dev.cogan.golden;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Linear, Conv2d and ConvTranspose2d: outputs and all gradients. */
final class LinearCases {
  private final SafetensorsWriter file;
  private final Values values;

  LinearCases(SafetensorsWriter file, Values values) {
    this.file = file;
    this.values = values;
  }

  void addAll() {
    linear("linear.bias", 7, 33, 19, true);
    linear("linear.nobias", 5, 10, 24, false);
    linear("linear.one", 6, 16, 1, true);

    conv("conv2d.k5s1p0", 2, 1, 28, 28, 5, 5, 1, 0, true);
    conv("conv2d.k5s1p0.deep", 2, 8, 12, 12, 12, 5, 1, 0, true);
    conv("conv2d.k3s1p1", 3, 4, 9, 7, 6, 3, 1, 1, false);
    conv("conv2d.k3s1p1.wide", 1, 33, 5, 6, 17, 3, 1, 1, true);
    conv("conv2d.k3s2p1", 2, 3, 13, 13, 5, 3, 2, 1, true);
    conv("conv2d.k3s2p1.even", 3, 5, 10, 8, 4, 3, 2, 1, false);
    conv("conv2d.k5s2p2", 2, 3, 15, 12, 8, 5, 2, 2, true);
    conv("conv2d.k5s2p2.nobias", 2, 6, 8, 17, 9, 5, 2, 2, false);
    conv("conv2d.k4s2p1", 2, 3, 8, 10, 7, 4, 2, 1, false);
    conv("conv2d.k4s2p1.odd", 2, 3, 9, 11, 7, 4, 2, 1, true);
    conv("conv2d.k1s1p0", 2, 6, 5, 7, 3, 1, 1, 0, true);

    transposed("convtranspose2d.k4s1p0", 3, 10, 1, 1, 16, 4, 1, 0, false);
    transposed("convtranspose2d.k3s2p1.4to7", 3, 16, 4, 4, 12, 3, 2, 1, false);
    transposed("convtranspose2d.k3s2p1.7to13", 2, 12, 7, 7, 8, 3, 2, 1, false);
    transposed("convtranspose2d.k3s2p1.nonsquare", 2, 3, 5, 8, 4, 3, 2, 1, true);
    transposed("convtranspose2d.k6s1p1", 2, 6, 25, 25, 1, 6, 1, 1, true);
    transposed("convtranspose2d.k4s2p1", 2, 9, 4, 4, 5, 4, 2, 1, false);
    transposed("convtranspose2d.k4s2p1.nonsquare", 2, 4, 3, 6, 3, 4, 2, 1, true);
    transposed("convtranspose2d.k3s1p1", 2, 5, 7, 9, 3, 3, 1, 1, true);
  }

  private void linear(String name, int n, int in, int out, boolean hasBias) {
    Tensor x = Torch.leaf(values.normal(n, in));
    Tensor weight = Torch.leaf(values.normal(Math.sqrt(1.0 / in), new long[] {out, in}));
    Tensor bias = hasBias ? Torch.leaf(values.normal(out)) : null;
    String text = String.format(Locale.ROOT, "in=%d out=%d bias=%b", in, out, hasBias);
    Tensor y = torch.linear(x, weight, Torch.optional(bias));
    store(new Case(file, name, text), x, weight, bias, y);
  }

  private void conv(
      String name,
      int n,
      int cin,
      int h,
      int w,
      int cout,
      int kernel,
      int stride,
      int pad,
      boolean hasBias) {
    double scale = Math.sqrt(1.0 / (cin * kernel * kernel));
    Tensor x = Torch.leaf(values.normal(n, cin, h, w));
    Tensor weight = Torch.leaf(values.normal(scale, new long[] {cout, cin, kernel, kernel}));
    Tensor bias = hasBias ? Torch.leaf(values.normal(cout)) : null;
    Case out = new Case(file, name, configuration(cin, cout, kernel, stride, pad, hasBias));
    store(out, x, weight, bias, Torch.conv2d(x, weight, bias, stride, pad));
  }

  private void transposed(
      String name,
      int n,
      int in,
      int h,
      int w,
      int out,
      int kernel,
      int stride,
      int pad,
      boolean hasBias) {
    double scale = Math.sqrt(1.0 / (in * kernel));
    Tensor x = Torch.leaf(values.normal(n, in, h, w));
    Tensor weight = Torch.leaf(values.normal(scale, new long[] {in, out, kernel, kernel}));
    Tensor bias = hasBias ? Torch.leaf(values.normal(out)) : null;
    Case stored = new Case(file, name, configuration(in, out, kernel, stride, pad, hasBias));
    store(stored, x, weight, bias, Torch.convTranspose2d(x, weight, bias, stride, pad));
  }

  private static String configuration(
      int in, int out, int kernel, int stride, int pad, boolean hasBias) {
    return String.format(
        Locale.ROOT,
        "in=%d out=%d kernel=%d stride=%d pad=%d bias=%b",
        in,
        out,
        kernel,
        stride,
        pad,
        hasBias);
  }

  private void store(Case out, Tensor x, Tensor weight, Tensor bias, Tensor y) {
    out.put("input", x).put("weight", weight).put("bias", bias).backward(values, y);
    out.putGrad("input", x).putGrad("weight", weight).putGrad("bias", bias);
  }
}
