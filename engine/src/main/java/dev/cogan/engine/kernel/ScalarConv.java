package dev.cogan.engine.kernel;

import java.util.Arrays;

/**
 * Convolution and its gradients: plain matrix products where the kernel covers the whole image (one
 * output pixel, as from z to the first feature map), otherwise im2col or col2im in panels.
 */
final class ScalarConv {
  private final ScalarGemm gemm;
  private final ScalarConvForward forward;
  private final ScalarConvInputGrad inputGrad;
  private final ScalarConvWeightGrad weightGrad;

  ScalarConv(Parallel parallel, ScalarPanel[] panels, ScalarGemm gemm) {
    this.gemm = gemm;
    forward = new ScalarConvForward(parallel, panels);
    inputGrad = new ScalarConvInputGrad(parallel, panels);
    weightGrad = new ScalarConvWeightGrad(parallel, panels);
  }

  long scratchBytes() {
    return inputGrad.scratchBytes() + weightGrad.scratchBytes();
  }

  private static boolean coversImage(ConvShape shape) {
    return shape.pad() == 0 && shape.kh() == shape.h() && shape.kw() == shape.w();
  }

  /** {@code Y [n, cout] = X [n, cin*h*w] * W^T}. */
  void forward(
      ConvShape shape,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    if (shape.n() == 0) {
      return;
    }
    if (!coversImage(shape)) {
      forward.run(shape, y, yOff, x, xOff, w, wOff, bias, biasOff);
      return;
    }
    int n = shape.n();
    int cout = shape.cout();
    int terms = shape.cin() * shape.h() * shape.w();
    if (bias != null) {
      for (int image = 0; image < n; image++) {
        System.arraycopy(bias, biasOff, y, yOff + image * cout, cout);
      }
    }
    float beta = bias == null ? 0 : 1;
    gemm.run(false, true, n, cout, terms, x, xOff, terms, w, wOff, terms, beta, y, yOff, cout);
  }

  /** {@code dX [n, cin*h*w] = dY [n, cout] * W}. */
  void inputGrad(
      ConvShape shape,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    if (shape.n() == 0) {
      return;
    }
    if (!coversImage(shape)) {
      inputGrad.run(shape, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
      return;
    }
    int n = shape.n();
    int cout = shape.cout();
    int plane = shape.h() * shape.w();
    int size = shape.cin() * plane;
    if (bias != null) {
      for (int image = 0; image < n; image++) {
        for (int i = 0; i < shape.cin(); i++) {
          int at = dxOff + image * size + i * plane;
          Arrays.fill(dx, at, at + plane, bias[biasOff + i]);
        }
      }
    }
    float beta = bias == null ? 0 : 1;
    gemm.run(false, false, n, size, cout, dy, dyOff, cout, w, wOff, size, beta, dx, dxOff, size);
  }

  /** {@code dW [cout, cin*h*w] += dY^T * X}. */
  void weightGrad(
      ConvShape shape, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    if (shape.n() == 0) {
      return;
    }
    if (!coversImage(shape)) {
      weightGrad.run(shape, dw, dwOff, x, xOff, dy, dyOff);
      return;
    }
    int cout = shape.cout();
    int size = shape.cin() * shape.h() * shape.w();
    gemm.run(
        true, false, cout, size, shape.n(), dy, dyOff, cout, x, xOff, size, 1, dw, dwOff, size);
  }
}
