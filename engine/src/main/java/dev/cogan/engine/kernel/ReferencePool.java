package dev.cogan.engine.kernel;

/** Max-pooling and its gradient, window by window. */
interface ReferencePool extends Kernels {

  @Override
  default void maxPoolForward(
      int planes,
      int h,
      int w,
      int size,
      float[] y,
      int yOff,
      int[] argmax,
      int argmaxOff,
      float[] x,
      int xOff) {
    int oh = h / size;
    int ow = w / size;
    for (int plane = 0; plane < planes; plane++) {
      for (int p = 0; p < oh; p++) {
        for (int q = 0; q < ow; q++) {
          int winner = p * size * w + q * size;
          float best = x[xOff + plane * h * w + winner];
          for (int u = 0; u < size; u++) {
            for (int v = 0; v < size; v++) {
              int at = (p * size + u) * w + q * size + v;
              float value = x[xOff + plane * h * w + at];
              // A comparison with NaN is false, so a NaN needs a test of its own to win and to
              // stay.
              if (value > best || (Float.isNaN(value) && !Float.isNaN(best))) {
                winner = at;
                best = value;
              }
            }
          }
          int out = (plane * oh + p) * ow + q;
          y[yOff + out] = best;
          argmax[argmaxOff + out] = winner;
        }
      }
    }
  }

  @Override
  default void maxPoolBackward(
      int planes,
      int h,
      int w,
      int size,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      int[] argmax,
      int argmaxOff) {
    int outputs = (h / size) * (w / size);
    for (int plane = 0; plane < planes; plane++) {
      for (int at = 0; at < h * w; at++) {
        dx[dxOff + plane * h * w + at] = 0;
      }
      for (int out = plane * outputs; out < (plane + 1) * outputs; out++) {
        dx[dxOff + plane * h * w + argmax[argmaxOff + out]] = dy[dyOff + out];
      }
    }
  }
}
