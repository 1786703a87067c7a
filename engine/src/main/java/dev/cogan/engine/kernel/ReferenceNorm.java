package dev.cogan.engine.kernel;

/** Biases and batch norm: everything that treats a channel's values over batch and pixels alike. */
interface ReferenceNorm extends Kernels {

  @Override
  default void addBias(int n, int c, int s, float[] y, int yOff, float[] bias, int biasOff) {
    for (int image = 0; image < n; image++) {
      for (int channel = 0; channel < c; channel++) {
        for (int pixel = 0; pixel < s; pixel++) {
          y[yOff + (image * c + channel) * s + pixel] += bias[biasOff + channel];
        }
      }
    }
  }

  @Override
  default void biasGrad(int n, int c, int s, float[] dbias, int dbiasOff, float[] dy, int dyOff) {
    for (int channel = 0; channel < c; channel++) {
      double sum = dbias[dbiasOff + channel];
      for (int image = 0; image < n; image++) {
        for (int pixel = 0; pixel < s; pixel++) {
          sum += dy[dyOff + (image * c + channel) * s + pixel];
        }
      }
      dbias[dbiasOff + channel] = (float) sum;
    }
  }

  @Override
  default void batchNormForward(
      int n,
      int c,
      int s,
      float eps,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] beta,
      int betaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff) {
    if (n == 0) {
      return;
    }
    for (int channel = 0; channel < c; channel++) {
      double sum = 0;
      for (int image = 0; image < n; image++) {
        for (int pixel = 0; pixel < s; pixel++) {
          sum += x[xOff + (image * c + channel) * s + pixel];
        }
      }
      double average = sum / ((double) n * s);

      // The second pass over x is what keeps the variance exact where it is far below mean squared.
      double squares = 0;
      for (int image = 0; image < n; image++) {
        for (int pixel = 0; pixel < s; pixel++) {
          double d = x[xOff + (image * c + channel) * s + pixel] - average;
          squares += d * d;
        }
      }
      double inverse = 1 / Math.sqrt(squares / ((double) n * s) + eps);

      double scale = gamma == null ? 1 : gamma[gammaOff + channel];
      double shift = beta == null ? 0 : beta[betaOff + channel];
      for (int image = 0; image < n; image++) {
        for (int pixel = 0; pixel < s; pixel++) {
          int at = (image * c + channel) * s + pixel;
          y[yOff + at] = (float) ((x[xOff + at] - average) * inverse * scale + shift);
        }
      }
      mean[meanOff + channel] = (float) average;
      invStd[invStdOff + channel] = (float) inverse;
    }
  }

  @Override
  default void batchNormBackward(
      int n,
      int c,
      int s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff,
      float[] dgamma,
      int dgammaOff,
      float[] dbeta,
      int dbetaOff) {
    if (n == 0) {
      return;
    }
    double m = (double) n * s;
    for (int channel = 0; channel < c; channel++) {
      double average = mean[meanOff + channel];
      double inverse = invStd[invStdOff + channel];
      double scale = gamma == null ? 1 : gamma[gammaOff + channel];

      double sumDy = 0;
      double sumDyH = 0;
      for (int image = 0; image < n; image++) {
        for (int pixel = 0; pixel < s; pixel++) {
          int at = (image * c + channel) * s + pixel;
          double h = (x[xOff + at] - average) * inverse;
          sumDy += dy[dyOff + at];
          sumDyH += dy[dyOff + at] * h;
        }
      }
      if (dx != null) {
        for (int image = 0; image < n; image++) {
          for (int pixel = 0; pixel < s; pixel++) {
            int at = (image * c + channel) * s + pixel;
            double h = (x[xOff + at] - average) * inverse;
            dx[dxOff + at] =
                (float) (scale * inverse * (dy[dyOff + at] - sumDy / m - h * sumDyH / m));
          }
        }
      }
      if (dgamma != null) {
        dgamma[dgammaOff + channel] = (float) (dgamma[dgammaOff + channel] + sumDyH);
      }
      if (dbeta != null) {
        dbeta[dbetaOff + channel] = (float) (dbeta[dbetaOff + channel] + sumDy);
      }
    }
  }

  @Override
  default void batchNormPreluBackward(
      int n,
      int c,
      int s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] beta,
      int betaOff,
      float[] slope,
      int slopeOff,
      int slopes,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff,
      float[] dgamma,
      int dgammaOff,
      float[] dbeta,
      int dbetaOff,
      float[] dslope,
      int dslopeOff) {
    float[] g = new float[n * c * s];
    double slopeSum = 0;
    for (int channel = 0; channel < c; channel++) {
      int slopeAt = slopes == 1 ? 0 : channel;
      double factor = slope[slopeOff + slopeAt];
      double scale = gamma == null ? 1 : gamma[gammaOff + channel];
      double shift = beta == null ? 0 : beta[betaOff + channel];
      for (int image = 0; image < n; image++) {
        for (int pixel = 0; pixel < s; pixel++) {
          int at = (image * c + channel) * s + pixel;
          double h =
              ((double) x[xOff + at] - mean[meanOff + channel]) * invStd[invStdOff + channel];
          double z = h * scale + shift;
          g[at] = z > 0 ? dy[dyOff + at] : (float) (factor * dy[dyOff + at]);
          slopeSum += z > 0 ? 0 : dy[dyOff + at] * z;
        }
      }
      if (dslope != null && (slopes != 1 || channel == c - 1)) {
        dslope[dslopeOff + slopeAt] = (float) (dslope[dslopeOff + slopeAt] + slopeSum);
        slopeSum = 0;
      } else if (slopes != 1) {
        slopeSum = 0;
      }
    }
    batchNormBackward(
        n, c, s, dx, dxOff, g, 0, x, xOff, gamma, gammaOff, mean, meanOff, invStd, invStdOff,
        dgamma, dgammaOff, dbeta, dbetaOff);
  }

  @Override
  default void scaleShift(
      int n,
      int c,
      int s,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] scale,
      int scaleOff,
      float[] shift,
      int shiftOff) {
    for (int image = 0; image < n; image++) {
      for (int channel = 0; channel < c; channel++) {
        for (int pixel = 0; pixel < s; pixel++) {
          int at = (image * c + channel) * s + pixel;
          y[yOff + at] =
              (float)
                  ((double) x[xOff + at] * scale[scaleOff + channel] + shift[shiftOff + channel]);
        }
      }
    }
  }
}
