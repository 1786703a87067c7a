package dev.cogan.engine.kernel;

/**
 * Batch norm and its gradient. A task does some channels, each over the whole batch; sums are in
 * double precision.
 */
final class ScalarNorm implements Parallel.Body {
  /** Elements of a task, roughly. */
  private static final int CHUNK = 16_384;

  private final Parallel parallel;

  private boolean backward;
  private int n;
  private int c;
  private int s;
  private float eps;
  private float[] out;
  private int outOff;
  private float[] dy;
  private int dyOff;
  private float[] x;
  private int xOff;
  private float[] gamma;
  private int gammaOff;
  private float[] beta;
  private int betaOff;
  private float[] mean;
  private int meanOff;
  private float[] invStd;
  private int invStdOff;
  private float[] dgamma;
  private int dgammaOff;
  private float[] dbeta;
  private int dbetaOff;
  private int channelsPerTask;

  ScalarNorm(Parallel parallel) {
    this.parallel = parallel;
  }

  void forward(
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
    this.eps = eps;
    this.beta = beta;
    this.betaOff = betaOff;
    start(false, n, c, s, y, yOff, x, xOff, gamma, gammaOff, mean, meanOff, invStd, invStdOff);
  }

  void backward(
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
    this.dy = dy;
    this.dyOff = dyOff;
    this.dgamma = dgamma;
    this.dgammaOff = dgammaOff;
    this.dbeta = dbeta;
    this.dbetaOff = dbetaOff;
    start(true, n, c, s, dx, dxOff, x, xOff, gamma, gammaOff, mean, meanOff, invStd, invStdOff);
  }

  private void start(
      boolean backward,
      int n,
      int c,
      int s,
      float[] out,
      int outOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff) {
    if (n == 0) {
      return;
    }
    this.backward = backward;
    this.n = n;
    this.c = c;
    this.s = s;
    this.out = out;
    this.outOff = outOff;
    this.x = x;
    this.xOff = xOff;
    this.gamma = gamma;
    this.gammaOff = gammaOff;
    this.mean = mean;
    this.meanOff = meanOff;
    this.invStd = invStd;
    this.invStdOff = invStdOff;
    channelsPerTask = (int) Math.max(1, CHUNK / ((long) n * s));
    parallel.run((c + channelsPerTask - 1) / channelsPerTask, this);
  }

  @Override
  public void run(int task, int worker) {
    int end = Math.min(c, (task + 1) * channelsPerTask);
    for (int channel = task * channelsPerTask; channel < end; channel++) {
      if (backward) {
        backwardChannel(channel);
      } else {
        forwardChannel(channel);
      }
    }
  }

  private int at(int image, int channel) {
    return (image * c + channel) * s;
  }

  private void forwardChannel(int channel) {
    double sum = 0;
    for (int image = 0; image < n; image++) {
      sum += ScalarElementwise.sumRun(s, x, xOff + at(image, channel));
    }
    double average = sum / ((double) n * s);
    double squares = 0;
    for (int image = 0; image < n; image++) {
      squares += squaresRun(s, x, xOff + at(image, channel), average);
    }
    double inverse = 1 / Math.sqrt(squares / ((double) n * s) + eps);
    mean[meanOff + channel] = (float) average;
    invStd[invStdOff + channel] = (float) inverse;

    float scale = (float) (inverse * (gamma == null ? 1 : gamma[gammaOff + channel]));
    float shift = beta == null ? 0 : beta[betaOff + channel];
    for (int image = 0; image < n; image++) {
      int at = at(image, channel);
      normalise(s, out, outOff + at, x, xOff + at, (float) average, scale, shift);
    }
  }

  private static double squaresRun(int n, float[] x, int at, double mean) {
    double s0 = 0;
    double s1 = 0;
    int j = 0;
    for (; j + 2 <= n; j += 2) {
      double d0 = x[at + j] - mean;
      double d1 = x[at + j + 1] - mean;
      s0 += d0 * d0;
      s1 += d1 * d1;
    }
    if (j < n) {
      double d0 = x[at + j] - mean;
      s0 += d0 * d0;
    }
    return s0 + s1;
  }

  private static void normalise(
      int n, float[] y, int yAt, float[] x, int xAt, float mean, float scale, float shift) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = (x[xAt + j] - mean) * scale + shift;
    }
  }

  private void backwardChannel(int channel) {
    float average = mean[meanOff + channel];
    float inverse = invStd[invStdOff + channel];
    double sumDy = 0;
    double sumDyX = 0;
    for (int image = 0; image < n; image++) {
      int at = at(image, channel);
      sumDy += ScalarElementwise.sumRun(s, dy, dyOff + at);
      sumDyX += centredDot(s, dy, dyOff + at, x, xOff + at, average);
    }
    double sumDyH = sumDyX * inverse;
    if (out != null) {
      double m = (double) n * s;
      float scale = gamma == null ? inverse : gamma[gammaOff + channel] * inverse;
      float meanDy = (float) (sumDy / m);
      float slope = (float) (sumDyH * inverse / m);
      for (int image = 0; image < n; image++) {
        int at = at(image, channel);
        for (int j = 0; j < s; j++) {
          float centred = x[xOff + at + j] - average;
          out[outOff + at + j] = scale * (dy[dyOff + at + j] - meanDy - centred * slope);
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

  private static double centredDot(int n, float[] dy, int dyAt, float[] x, int xAt, float mean) {
    double s0 = 0;
    double s1 = 0;
    int j = 0;
    for (; j + 2 <= n; j += 2) {
      s0 += dy[dyAt + j] * ((double) x[xAt + j] - mean);
      s1 += dy[dyAt + j + 1] * ((double) x[xAt + j + 1] - mean);
    }
    if (j < n) {
      s0 += dy[dyAt + j] * ((double) x[xAt + j] - mean);
    }
    return s0 + s1;
  }
}
