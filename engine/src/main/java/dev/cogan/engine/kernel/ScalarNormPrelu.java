package dev.cogan.engine.kernel;

/**
 * Gradient of batch norm and PReLU in one. A task does some channels, each over the whole batch;
 * sums are in double precision.
 */
final class ScalarNormPrelu implements Parallel.Body {
  /** Elements of a task, roughly. */
  private static final int CHUNK = 16_384;

  private final Parallel parallel;

  private int n;
  private int c;
  private int s;
  private float[] dx;
  private int dxOff;
  private float[] dy;
  private int dyOff;
  private float[] x;
  private int xOff;
  private float[] gamma;
  private int gammaOff;
  private float[] beta;
  private int betaOff;
  private float[] slope;
  private int slopeOff;
  private int slopes;
  private float[] mean;
  private int meanOff;
  private float[] invStd;
  private int invStdOff;
  private float[] dgamma;
  private int dgammaOff;
  private float[] dbeta;
  private int dbetaOff;
  private int channelsPerTask;

  /** A sum per channel of {@code dy * min(z, 0)}. */
  private double[] slopeSums = new double[0];

  /** Sums of one channel: of g, of g * (x - mean), of dy * min(z, 0); one triple per worker. */
  private final double[][] sums;

  ScalarNormPrelu(Parallel parallel) {
    this.parallel = parallel;
    sums = new double[parallel.workers()][3];
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
    if (n == 0) {
      return;
    }
    this.n = n;
    this.c = c;
    this.s = s;
    this.dx = dx;
    this.dxOff = dxOff;
    this.dy = dy;
    this.dyOff = dyOff;
    this.x = x;
    this.xOff = xOff;
    this.gamma = gamma;
    this.gammaOff = gammaOff;
    this.beta = beta;
    this.betaOff = betaOff;
    this.slope = slope;
    this.slopeOff = slopeOff;
    this.slopes = slopes;
    this.mean = mean;
    this.meanOff = meanOff;
    this.invStd = invStd;
    this.invStdOff = invStdOff;
    this.dgamma = dgamma;
    this.dgammaOff = dgammaOff;
    this.dbeta = dbeta;
    this.dbetaOff = dbetaOff;
    if (slopeSums.length < c) {
      slopeSums = new double[c];
    }
    channelsPerTask = (int) Math.max(1, CHUNK / ((long) n * s));
    parallel.run((c + channelsPerTask - 1) / channelsPerTask, this);
    if (dslope != null) {
      addSlopeGradients(dslope, dslopeOff);
    }
  }

  private void addSlopeGradients(float[] dslope, int dslopeOff) {
    double sum = 0;
    for (int channel = 0; channel < c; channel++) {
      if (slopes == 1) {
        sum += slopeSums[channel];
      } else {
        dslope[dslopeOff + channel] = (float) (dslope[dslopeOff + channel] + slopeSums[channel]);
      }
    }
    if (slopes == 1) {
      dslope[dslopeOff] = (float) (dslope[dslopeOff] + sum);
    }
  }

  @Override
  public void run(int task, int worker) {
    int end = Math.min(c, (task + 1) * channelsPerTask);
    for (int channel = task * channelsPerTask; channel < end; channel++) {
      backwardChannel(channel, sums[worker]);
    }
  }

  private void backwardChannel(int channel, double[] sums) {
    float mu = mean[meanOff + channel];
    float inverse = invStd[invStdOff + channel];
    float scale = gamma == null ? inverse : gamma[gammaOff + channel] * inverse;
    float shift = beta == null ? 0 : beta[betaOff + channel];
    float factor = slope[slopeOff + (slopes == 1 ? 0 : channel)];
    java.util.Arrays.fill(sums, 0);
    for (int image = 0; image < n; image++) {
      int at = (image * c + channel) * s;
      addRun(s, dy, dyOff + at, x, xOff + at, mu, scale, shift, factor, sums);
    }
    double sumDyH = sums[1] * inverse;
    slopeSums[channel] = sums[2];
    if (dgamma != null) {
      dgamma[dgammaOff + channel] = (float) (dgamma[dgammaOff + channel] + sumDyH);
    }
    if (dbeta != null) {
      dbeta[dbetaOff + channel] = (float) (dbeta[dbetaOff + channel] + sums[0]);
    }
    if (dx == null) {
      return;
    }
    double m = (double) n * s;
    float meanG = (float) (sums[0] / m);
    float incline = (float) (sumDyH * inverse / m);
    for (int image = 0; image < n; image++) {
      int at = (image * c + channel) * s;
      for (int j = at; j < at + s; j++) {
        float d = x[xOff + j] - mu;
        float u = dy[dyOff + j];
        float g = d * scale + shift > 0 ? u : factor * u;
        dx[dxOff + j] = scale * (g - meanG - d * incline);
      }
    }
  }

  private static void addRun(
      int n,
      float[] dy,
      int dyAt,
      float[] x,
      int xAt,
      float mu,
      float scale,
      float shift,
      float factor,
      double[] sums) {
    double sumG = 0;
    double sumGd = 0;
    double sumNegative = 0;
    for (int j = 0; j < n; j++) {
      float d = x[xAt + j] - mu;
      float u = dy[dyAt + j];
      float z = d * scale + shift;
      float g = z > 0 ? u : factor * u;
      sumG += g;
      sumGd += (double) g * d;
      sumNegative += (double) u * Math.min(z, 0);
    }
    sums[0] += sumG;
    sums[1] += sumGd;
    sums[2] += sumNegative;
  }
}
