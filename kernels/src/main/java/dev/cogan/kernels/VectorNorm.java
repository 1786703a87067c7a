package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import jdk.incubator.vector.FloatVector;

/**
 * Batch norm (Ioffe and Szegedy 2015) and the gradient of a bias: whatever sums over channels of
 * images. Tasks are groups of channels. One channel of one batch mostly fits into the second-level
 * cache, so that its mean, its variance and its result cost one pass through memory. Images of one
 * pixel ({@code s = 1}) are matrices, whose channels are taken a vector at a time.
 */
final class VectorNorm {
  private final Workers workers;
  private final Parallel.Body forward = this::forwardChannels;
  private final Parallel.Body backward = this::backwardChannels;
  private final Parallel.Body biasGrad = this::biasGradChannels;

  private int tasks;
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

  VectorNorm(Workers workers) {
    this.workers = workers;
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
    if (n == 0) {
      return;
    }
    set(n, c, s, y, yOff, null, 0, x, xOff, gamma, gammaOff, mean, meanOff, invStd, invStdOff);
    this.eps = eps;
    this.beta = beta;
    this.betaOff = betaOff;
    workers.share(tasks, forward);
    release();
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
    if (n == 0) {
      return;
    }
    set(n, c, s, dx, dxOff, dy, dyOff, x, xOff, gamma, gammaOff, mean, meanOff, invStd, invStdOff);
    this.dgamma = dgamma;
    this.dgammaOff = dgammaOff;
    this.dbeta = dbeta;
    this.dbetaOff = dbetaOff;
    workers.share(tasks, backward);
    release();
  }

  void biasGrad(int n, int c, int s, float[] dbias, int dbiasOff, float[] dy, int dyOff) {
    set(n, c, s, dbias, dbiasOff, dy, dyOff, null, 0, null, 0, null, 0, null, 0);
    workers.share(tasks, biasGrad);
    release();
  }

  private void set(
      int n,
      int c,
      int s,
      float[] out,
      int outOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff) {
    this.n = n;
    this.c = c;
    this.s = s;
    this.out = out;
    this.outOff = outOff;
    this.dy = dy;
    this.dyOff = dyOff;
    this.x = x;
    this.xOff = xOff;
    this.gamma = gamma;
    this.gammaOff = gammaOff;
    this.mean = mean;
    this.meanOff = meanOff;
    this.invStd = invStd;
    this.invStdOff = invStdOff;
    tasks = Chunks.ofRows(units(), (long) n * c * s);
  }

  private void release() {
    out = null;
    dy = null;
    x = null;
    gamma = null;
    beta = null;
    mean = null;
    invStd = null;
    dgamma = null;
    dbeta = null;
  }

  /** What tasks are made of: channels, or vectors of channels that lie side by side. */
  private int units() {
    return s == 1 ? (c + LANES - 1) / LANES : c;
  }

  private void forwardChannels(int task, int worker) {
    int to = Partition.start(task + 1, tasks, units());
    Scratch scratch = workers.scratch(worker);
    for (int unit = Partition.start(task, tasks, units()); unit < to; unit++) {
      if (s == 1) {
        forwardColumns(unit * LANES, scratch);
      } else {
        forwardChannel(unit, scratch);
      }
    }
  }

  private void forwardChannel(int channel, Scratch scratch) {
    int stride = c * s;
    int at = xOff + channel * s;
    double count = (double) n * s;
    double[] sums = scratch.sums;
    // A first mean is good enough to sum differences from it; their mean is what it was off by.
    ChannelSums.sum(n, s, stride, x, at, sums, scratch.lanes);
    float about = (float) (sums[0] / count);
    ChannelSums.products(n, s, stride, null, 0, x, at, about, sums, scratch.lanes);
    double off = sums[0] / count;
    double variance = Math.max(0, sums[1] / count - off * off);
    float mu = Float.isFinite(about) ? (float) (about + off) : about;
    float inv = (float) (1 / Math.sqrt(variance + eps));
    mean[meanOff + channel] = mu;
    invStd[invStdOff + channel] = inv;
    float scale = gamma == null ? inv : inv * gamma[gammaOff + channel];
    float shift = beta == null ? 0f : beta[betaOff + channel];
    for (int image = 0; image < n; image++) {
      int row = image * stride + channel * s;
      normalize(s, out, outOff + row, x, xOff + row, mu, scale, shift);
    }
  }

  /** One vector of channels of images of one pixel. */
  private void forwardColumns(int first, Scratch scratch) {
    int count = Math.min(LANES, c - first);
    double[] sums = scratch.sums;
    float[] scale = scratch.lanes;
    ColumnSums.sum(n, c, count, x, xOff + first, sums, 0, scratch.lanes);
    for (int j = 0; j < count; j++) {
      mean[meanOff + first + j] = (float) (sums[j] / n);
    }
    ColumnSums.products(
        n, c, count, null, 0, x, xOff + first, mean, meanOff + first, sums, 0, scratch.lanes);
    for (int j = 0; j < count; j++) {
      float inv = (float) (1 / Math.sqrt(sums[j] / n + eps));
      invStd[invStdOff + first + j] = inv;
      scale[j] = gamma == null ? inv : inv * gamma[gammaOff + first + j];
      scale[LANES + j] = beta == null ? 0f : beta[betaOff + first + j];
    }
    for (int row = 0; row < n; row++) {
      int at = row * c + first;
      int mu = meanOff + first;
      if (count == LANES) {
        exact(exact(load(x, xOff + at).sub(load(mean, mu))).fma(load(scale, 0), load(scale, LANES)))
            .intoArray(out, outOff + at);
      } else {
        for (int j = 0; j < count; j++) {
          float d = x[xOff + at + j] - mean[mu + j];
          out[outOff + at + j] = Math.fma(d, scale[j], scale[LANES + j]);
        }
      }
    }
  }

  /** {@code y = (x - mean) * scale + shift}. */
  private static void normalize(
      int len, float[] y, int yOff, float[] x, int xOff, float mean, float scale, float shift) {
    FloatVector center = spread(mean);
    FloatVector factor = spread(scale);
    FloatVector term = spread(shift);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(exact(load(x, xOff + i).sub(center)).fma(factor, term)).intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      y[yOff + i] = Math.fma(x[xOff + i] - mean, scale, shift);
    }
  }

  private void backwardChannels(int task, int worker) {
    int to = Partition.start(task + 1, tasks, units());
    Scratch scratch = workers.scratch(worker);
    for (int unit = Partition.start(task, tasks, units()); unit < to; unit++) {
      if (s == 1) {
        backwardColumns(unit * LANES, scratch);
      } else {
        backwardChannel(unit, scratch);
      }
    }
  }

  private void backwardChannel(int channel, Scratch scratch) {
    int stride = c * s;
    int at = channel * s;
    float mu = mean[meanOff + channel];
    float inv = invStd[invStdOff + channel];
    double[] sums = scratch.sums;
    ChannelSums.products(n, s, stride, dy, dyOff + at, x, xOff + at, mu, sums, scratch.lanes);
    double sum = sums[0];
    double product = inv * sums[1];
    addParameterGradients(channel, sum, product);
    if (out == null) {
      return;
    }
    double count = (double) n * s;
    float scale = gamma == null ? inv : inv * gamma[gammaOff + channel];
    float first = (float) (sum / count);
    float second = (float) (inv * product / count);
    for (int image = 0; image < n; image++) {
      int row = image * stride + at;
      inputGradient(s, out, outOff + row, dy, dyOff + row, x, xOff + row, mu, scale, first, second);
    }
  }

  /** One vector of channels of images of one pixel. */
  private void backwardColumns(int first, Scratch scratch) {
    int count = Math.min(LANES, c - first);
    double[] sums = scratch.sums;
    float[] lanes = scratch.lanes;
    int mu = meanOff + first;
    ColumnSums.sum(n, c, count, dy, dyOff + first, sums, 0, lanes);
    ColumnSums.products(
        n, c, count, dy, dyOff + first, x, xOff + first, mean, mu, sums, LANES, lanes);
    for (int j = 0; j < count; j++) {
      float inv = invStd[invStdOff + first + j];
      double product = inv * sums[LANES + j];
      addParameterGradients(first + j, sums[j], product);
      lanes[j] = gamma == null ? inv : inv * gamma[gammaOff + first + j];
      lanes[LANES + j] = (float) (sums[j] / n);
      lanes[2 * LANES + j] = (float) (-inv * product / n);
    }
    if (out == null) {
      return;
    }
    for (int row = 0; row < n; row++) {
      int at = row * c + first;
      if (count == LANES) {
        FloatVector d = load(dy, dyOff + at).sub(load(lanes, LANES));
        exact(
                exact(exact(load(x, xOff + at).sub(load(mean, mu))).fma(load(lanes, 2 * LANES), d))
                    .mul(load(lanes, 0)))
            .intoArray(out, outOff + at);
      } else {
        for (int j = 0; j < count; j++) {
          float d = dy[dyOff + at + j] - lanes[LANES + j];
          float h = x[xOff + at + j] - mean[mu + j];
          out[outOff + at + j] = Math.fma(h, lanes[2 * LANES + j], d) * lanes[j];
        }
      }
    }
  }

  /** {@code dx = scale * (dy - first - (x - mean) * second)}. */
  private static void inputGradient(
      int len,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float mean,
      float scale,
      float first,
      float second) {
    FloatVector center = spread(mean);
    FloatVector factor = spread(scale);
    FloatVector offset = spread(first);
    FloatVector slope = spread(-second);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector d = load(dy, dyOff + i).sub(offset);
      exact(exact(exact(load(x, xOff + i).sub(center)).fma(slope, d)).mul(factor))
          .intoArray(dx, dxOff + i);
    }
    for (; i < len; i++) {
      dx[dxOff + i] = Math.fma(x[xOff + i] - mean, -second, dy[dyOff + i] - first) * scale;
    }
  }

  private void biasGradChannels(int task, int worker) {
    int to = Partition.start(task + 1, tasks, units());
    Scratch scratch = workers.scratch(worker);
    for (int unit = Partition.start(task, tasks, units()); unit < to; unit++) {
      if (s == 1) {
        int first = unit * LANES;
        int count = Math.min(LANES, c - first);
        ColumnSums.sum(n, c, count, dy, dyOff + first, scratch.sums, 0, scratch.lanes);
        for (int i = 0; i < count; i++) {
          out[outOff + first + i] += (float) scratch.sums[i];
        }
      } else {
        ChannelSums.sum(n, s, c * s, dy, dyOff + unit * s, scratch.sums, scratch.lanes);
        out[outOff + unit] += (float) scratch.sums[0];
      }
    }
  }

  private void addParameterGradients(int channel, double sum, double product) {
    if (dbeta != null) {
      dbeta[dbetaOff + channel] += (float) sum;
    }
    if (dgamma != null) {
      dgamma[dgammaOff + channel] += (float) product;
    }
  }
}
