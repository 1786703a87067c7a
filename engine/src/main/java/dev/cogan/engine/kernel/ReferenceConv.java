package dev.cogan.engine.kernel;

/**
 * Convolution and its two gradients. All three visit the same pairs: output pixel {@code (p, q)}
 * meets kernel tap {@code (u, v)} at the input pixel {@code (p*stride - pad + u, q*stride - pad +
 * v)}. They differ only in which of y, x, w is the sum.
 */
interface ReferenceConv extends Kernels {

  /** For each output pixel, gather the input pixels under the kernel. */
  @Override
  default void convForward(
      ConvShape shape,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    int stride = shape.stride();
    int pad = shape.pad();
    for (int n = 0; n < shape.n(); n++) {
      for (int o = 0; o < shape.cout(); o++) {
        for (int p = 0; p < shape.oh(); p++) {
          for (int q = 0; q < shape.ow(); q++) {
            double sum = bias == null ? 0 : bias[biasOff + o];
            for (int i = 0; i < shape.cin(); i++) {
              for (int u = 0; u < shape.kh(); u++) {
                for (int v = 0; v < shape.kw(); v++) {
                  int r = p * stride - pad + u;
                  int s = q * stride - pad + v;
                  if (r >= 0 && r < shape.h() && s >= 0 && s < shape.w()) {
                    sum +=
                        (double) w[wOff + weightIndex(shape, o, i, u, v)]
                            * x[xOff + largeIndex(shape, n, i, r, s)];
                  }
                }
              }
            }
            y[yOff + smallIndex(shape, n, o, p, q)] = (float) sum;
          }
        }
      }
    }
  }

  /**
   * For each input pixel, gather the output pixels that read it. Tap {@code (u, v)} of output pixel
   * {@code p} reads row {@code r} if {@code p*stride = r + pad - u}: the right side must be a
   * multiple of the stride.
   */
  @Override
  default void convInputGrad(
      ConvShape shape,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    int stride = shape.stride();
    int pad = shape.pad();
    for (int n = 0; n < shape.n(); n++) {
      for (int i = 0; i < shape.cin(); i++) {
        for (int r = 0; r < shape.h(); r++) {
          for (int s = 0; s < shape.w(); s++) {
            double sum = bias == null ? 0 : bias[biasOff + i];
            for (int o = 0; o < shape.cout(); o++) {
              for (int u = 0; u < shape.kh(); u++) {
                for (int v = 0; v < shape.kw(); v++) {
                  int p = r + pad - u;
                  int q = s + pad - v;
                  if (p % stride == 0
                      && q % stride == 0
                      && p >= 0
                      && q >= 0
                      && p / stride < shape.oh()
                      && q / stride < shape.ow()) {
                    sum +=
                        (double) w[wOff + weightIndex(shape, o, i, u, v)]
                            * dy[dyOff + smallIndex(shape, n, o, p / stride, q / stride)];
                  }
                }
              }
            }
            dx[dxOff + largeIndex(shape, n, i, r, s)] = (float) sum;
          }
        }
      }
    }
  }

  /** For each weight, gather all pairs of pixels that it connects. */
  @Override
  default void convWeightGrad(
      ConvShape shape, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    int stride = shape.stride();
    int pad = shape.pad();
    for (int o = 0; o < shape.cout(); o++) {
      for (int i = 0; i < shape.cin(); i++) {
        for (int u = 0; u < shape.kh(); u++) {
          for (int v = 0; v < shape.kw(); v++) {
            int at = dwOff + weightIndex(shape, o, i, u, v);
            double sum = dw[at];
            for (int n = 0; n < shape.n(); n++) {
              for (int p = 0; p < shape.oh(); p++) {
                for (int q = 0; q < shape.ow(); q++) {
                  int r = p * stride - pad + u;
                  int s = q * stride - pad + v;
                  if (r >= 0 && r < shape.h() && s >= 0 && s < shape.w()) {
                    sum +=
                        (double) dy[dyOff + smallIndex(shape, n, o, p, q)]
                            * x[xOff + largeIndex(shape, n, i, r, s)];
                  }
                }
              }
            }
            dw[at] = (float) sum;
          }
        }
      }
    }
  }

  /** Place of {@code [n, i, r, s]} in {@code [n, cin, h, w]}. */
  private static int largeIndex(ConvShape shape, int n, int i, int r, int s) {
    return ((n * shape.cin() + i) * shape.h() + r) * shape.w() + s;
  }

  /** Place of {@code [n, o, p, q]} in {@code [n, cout, oh, ow]}. */
  private static int smallIndex(ConvShape shape, int n, int o, int p, int q) {
    return ((n * shape.cout() + o) * shape.oh() + p) * shape.ow() + q;
  }

  /** Place of {@code [o, i, u, v]} in {@code [cout, cin, kh, kw]}. */
  private static int weightIndex(ConvShape shape, int o, int i, int u, int v) {
    return ((o * shape.cin() + i) * shape.kh() + u) * shape.kw() + v;
  }
}
