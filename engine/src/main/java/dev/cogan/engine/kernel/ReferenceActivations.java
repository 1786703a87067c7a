package dev.cogan.engine.kernel;

/**
 * Activations and their gradients. {@link StrictMath} rather than {@link Math}: the same bits in
 * interpreted and compiled code.
 */
interface ReferenceActivations extends Kernels {

  @Override
  default void preluForward(
      int n,
      int c,
      int s,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] slope,
      int slopeOff,
      int slopes) {
    for (int image = 0; image < n; image++) {
      for (int channel = 0; channel < c; channel++) {
        float factor = slope[slopeOff + (slopes == 1 ? 0 : channel)];
        for (int pixel = 0; pixel < s; pixel++) {
          int at = (image * c + channel) * s + pixel;
          float value = x[xOff + at];
          y[yOff + at] = value > 0 ? value : factor * value;
        }
      }
    }
  }

  @Override
  default void preluBackward(
      int n,
      int c,
      int s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] slope,
      int slopeOff,
      int slopes,
      float[] dslope,
      int dslopeOff) {
    // Slopes first: dx may be the same array as dy.
    if (dslope != null) {
      for (int index = 0; index < slopes; index++) {
        double sum = dslope[dslopeOff + index];
        for (int image = 0; image < n; image++) {
          for (int channel = 0; channel < c; channel++) {
            if (slopes == 1 || channel == index) {
              for (int pixel = 0; pixel < s; pixel++) {
                int at = (image * c + channel) * s + pixel;
                sum += (double) dy[dyOff + at] * Math.min(x[xOff + at], 0);
              }
            }
          }
        }
        dslope[dslopeOff + index] = (float) sum;
      }
    }
    if (dx != null) {
      for (int image = 0; image < n; image++) {
        for (int channel = 0; channel < c; channel++) {
          float factor = slope[slopeOff + (slopes == 1 ? 0 : channel)];
          for (int pixel = 0; pixel < s; pixel++) {
            int at = (image * c + channel) * s + pixel;
            dx[dxOff + at] = x[xOff + at] > 0 ? dy[dyOff + at] : factor * dy[dyOff + at];
          }
        }
      }
    }
  }

  @Override
  default void leakyReluForward(int len, float slope, float[] y, int yOff, float[] x, int xOff) {
    for (int i = 0; i < len; i++) {
      y[yOff + i] = x[xOff + i] > 0 ? x[xOff + i] : slope * x[xOff + i];
    }
  }

  @Override
  default void leakyReluBackward(
      int len, float slope, float[] dx, int dxOff, float[] dy, int dyOff, float[] x, int xOff) {
    for (int i = 0; i < len; i++) {
      dx[dxOff + i] = x[xOff + i] > 0 ? dy[dyOff + i] : slope * dy[dyOff + i];
    }
  }

  @Override
  default void sigmoidForward(int len, float[] y, int yOff, float[] x, int xOff) {
    for (int i = 0; i < len; i++) {
      y[yOff + i] = (float) (1 / (1 + StrictMath.exp(-x[xOff + i])));
    }
  }

  @Override
  default void sigmoidBackward(
      int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    for (int i = 0; i < len; i++) {
      double out = y[yOff + i];
      dx[dxOff + i] = (float) (dy[dyOff + i] * out * (1 - out));
    }
  }

  @Override
  default void tanhForward(int len, float[] y, int yOff, float[] x, int xOff) {
    for (int i = 0; i < len; i++) {
      y[yOff + i] = (float) StrictMath.tanh(x[xOff + i]);
    }
  }

  @Override
  default void tanhBackward(
      int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    for (int i = 0; i < len; i++) {
      double out = y[yOff + i];
      dx[dxOff + i] = (float) (dy[dyOff + i] * (1 - out * out));
    }
  }
}
