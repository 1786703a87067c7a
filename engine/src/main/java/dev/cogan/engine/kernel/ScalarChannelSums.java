package dev.cogan.engine.kernel;

/**
 * Gradients of parameters that are sums over a channel: bias and PReLU slope. A task does some
 * channels over the whole batch.
 */
final class ScalarChannelSums implements Parallel.Body {
  /** Elements of a task, roughly. */
  private static final int CHUNK = 16_384;

  private final Parallel parallel;

  private boolean prelu;
  private int n;
  private int c;
  private int s;
  private float[] dparameter;
  private int dparameterOff;
  private float[] dy;
  private int dyOff;
  private float[] dx;
  private int dxOff;
  private float[] x;
  private int xOff;
  private float[] slope;
  private int slopeOff;
  private int slopes;
  private int channelsPerTask;

  /** A sum per channel, for the one slope that all channels share. */
  private double[] perChannel = new double[0];

  ScalarChannelSums(Parallel parallel) {
    this.parallel = parallel;
  }

  void biasGrad(int n, int c, int s, float[] dbias, int dbiasOff, float[] dy, int dyOff) {
    prelu = false;
    start(n, c, s, dbias, dbiasOff, dy, dyOff);
  }

  void preluBackward(
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
    prelu = true;
    this.dx = dx;
    this.dxOff = dxOff;
    this.x = x;
    this.xOff = xOff;
    this.slope = slope;
    this.slopeOff = slopeOff;
    this.slopes = slopes;
    if (perChannel.length < c) {
      perChannel = new double[c];
    }
    start(n, c, s, dslope, dslopeOff, dy, dyOff);
    if (n > 0 && dslope != null && slopes == 1) {
      double sum = dslope[dslopeOff];
      for (int channel = 0; channel < c; channel++) {
        sum += perChannel[channel];
      }
      dslope[dslopeOff] = (float) sum;
    }
  }

  private void start(
      int n, int c, int s, float[] dparameter, int dparameterOff, float[] dy, int dyOff) {
    if (n == 0) {
      return;
    }
    this.n = n;
    this.c = c;
    this.s = s;
    this.dparameter = dparameter;
    this.dparameterOff = dparameterOff;
    this.dy = dy;
    this.dyOff = dyOff;
    channelsPerTask = (int) Math.max(1, CHUNK / ((long) n * s));
    parallel.run((c + channelsPerTask - 1) / channelsPerTask, this);
  }

  @Override
  public void run(int task, int worker) {
    int end = Math.min(c, (task + 1) * channelsPerTask);
    for (int channel = task * channelsPerTask; channel < end; channel++) {
      if (prelu) {
        preluChannel(channel);
      } else {
        double sum = dparameter[dparameterOff + channel];
        for (int image = 0; image < n; image++) {
          sum += ScalarElementwise.sumRun(s, dy, dyOff + (image * c + channel) * s);
        }
        dparameter[dparameterOff + channel] = (float) sum;
      }
    }
  }

  private void preluChannel(int channel) {
    float factor = slope[slopeOff + (slopes == 1 ? 0 : channel)];
    double sum = 0;
    for (int image = 0; image < n; image++) {
      int at = (image * c + channel) * s;
      // The sum first: dx may be the same array as dy.
      if (dparameter != null) {
        sum += negativeDot(s, dy, dyOff + at, x, xOff + at);
      }
      if (dx != null) {
        ScalarActivations.leakyGrad(s, factor, dx, dxOff + at, dy, dyOff + at, x, xOff + at);
      }
    }
    perChannel[channel] = sum;
    if (dparameter != null && slopes != 1) {
      dparameter[dparameterOff + channel] = (float) (dparameter[dparameterOff + channel] + sum);
    }
  }

  private static double negativeDot(int n, float[] dy, int dyAt, float[] x, int xAt) {
    double s0 = 0;
    double s1 = 0;
    int j = 0;
    for (; j + 2 <= n; j += 2) {
      s0 += (double) dy[dyAt + j] * Math.min(x[xAt + j], 0);
      s1 += (double) dy[dyAt + j + 1] * Math.min(x[xAt + j + 1], 0);
    }
    if (j < n) {
      s0 += (double) dy[dyAt + j] * Math.min(x[xAt + j], 0);
    }
    return s0 + s1;
  }
}
