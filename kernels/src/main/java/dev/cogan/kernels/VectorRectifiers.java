package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** PReLU (He et al. 2015) and leaky ReLU, forward and backward. */
final class VectorRectifiers {
  /** Rows of a matrix whose sums may be kept in floats. */
  private static final int ROWS = 64;

  private final Workers workers;
  private final Parallel.Body preluForward = this::preluForwardRows;
  private final Parallel.Body preluBackward = this::preluBackwardChannels;
  private final Parallel.Body leakyForward = this::leakyForwardChunk;
  private final Parallel.Body leakyBackward = this::leakyBackwardChunk;

  private int tasks;
  private int n;
  private int c;
  private int s;
  private int len;
  private float[] out;
  private int outOff;
  private float[] dy;
  private int dyOff;
  private float[] x;
  private int xOff;
  private float[] slope;
  private int slopeOff;
  private int slopes;
  private float leak;
  private boolean slopeGradient;
  private double[] partial = new double[0];

  VectorRectifiers(Workers workers) {
    this.workers = workers;
  }

  void preluForward(
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
    if (slopes == 1) {
      leakyReluForward(n * c * s, slope[slopeOff], y, yOff, x, xOff);
      return;
    }
    set(n, c, s, y, yOff, null, 0, x, xOff);
    this.slope = slope;
    this.slopeOff = slopeOff;
    tasks = Chunks.ofRows(s == 1 ? n : n * c, len);
    workers.share(tasks, preluForward);
    release();
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
    set(n, c, s, dx, dxOff, dy, dyOff, x, xOff);
    this.slope = slope;
    this.slopeOff = slopeOff;
    this.slopes = slopes;
    slopeGradient = dslope != null;
    if (partial.length < c) {
      partial = new double[c];
    }
    tasks = Chunks.ofRows(s == 1 ? (c + LANES - 1) / LANES : c, len);
    workers.share(tasks, preluBackward);
    if (dslope != null && slopes == 1) {
      double total = 0;
      for (int channel = 0; channel < c; channel++) {
        total += partial[channel];
      }
      dslope[dslopeOff] += (float) total;
    } else if (dslope != null) {
      for (int channel = 0; channel < c; channel++) {
        dslope[dslopeOff + channel] += (float) partial[channel];
      }
    }
    release();
  }

  void leakyReluForward(int len, float slope, float[] y, int yOff, float[] x, int xOff) {
    set(1, 1, len, y, yOff, null, 0, x, xOff);
    leak = slope;
    tasks = Chunks.count(len);
    workers.share(tasks, leakyForward);
    release();
  }

  void leakyReluBackward(
      int len, float slope, float[] dx, int dxOff, float[] dy, int dyOff, float[] x, int xOff) {
    set(1, 1, len, dx, dxOff, dy, dyOff, x, xOff);
    leak = slope;
    tasks = Chunks.count(len);
    workers.share(tasks, leakyBackward);
    release();
  }

  private void set(
      int n, int c, int s, float[] out, int outOff, float[] dy, int dyOff, float[] x, int xOff) {
    this.n = n;
    this.c = c;
    this.s = s;
    this.len = n * c * s;
    this.out = out;
    this.outOff = outOff;
    this.dy = dy;
    this.dyOff = dyOff;
    this.x = x;
    this.xOff = xOff;
  }

  private void release() {
    out = null;
    dy = null;
    x = null;
    slope = null;
  }

  private void leakyForwardChunk(int task, int worker) {
    int from = Chunks.start(task, tasks, len);
    int count = Chunks.start(task + 1, tasks, len) - from;
    forwardRange(count, leak, out, outOff + from, x, xOff + from);
  }

  private void leakyBackwardChunk(int task, int worker) {
    int from = Chunks.start(task, tasks, len);
    int count = Chunks.start(task + 1, tasks, len) - from;
    backwardRange(count, leak, out, outOff + from, dy, dyOff + from, x, xOff + from);
  }

  /** Rows are images when {@code s} is 1, and otherwise planes of one channel. */
  private void preluForwardRows(int task, int worker) {
    int rows = s == 1 ? n : n * c;
    int to = Partition.start(task + 1, tasks, rows);
    for (int row = Partition.start(task, tasks, rows); row < to; row++) {
      if (s == 1) {
        forwardSlopes(c, slope, slopeOff, out, outOff + row * c, x, xOff + row * c);
      } else {
        float a = slope[slopeOff + row % c];
        forwardRange(s, a, out, outOff + row * s, x, xOff + row * s);
      }
    }
  }

  private void preluBackwardChannels(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    if (s == 1) {
      int units = (c + LANES - 1) / LANES;
      int from = Partition.start(task, tasks, units) * LANES;
      int to = Math.min(c, Partition.start(task + 1, tasks, units) * LANES);
      backwardColumns(from, to, scratch);
      return;
    }
    int to = Partition.start(task + 1, tasks, c);
    for (int channel = Partition.start(task, tasks, c); channel < to; channel++) {
      float a = slope[slopeOff + (slopes == 1 ? 0 : channel)];
      int first = channel * s;
      if (slopeGradient) {
        ChannelSums.negative(
            n, s, c * s, dy, dyOff + first, x, xOff + first, scratch.sums, scratch.lanes);
        partial[channel] = scratch.sums[0];
      }
      if (out != null) {
        for (int image = 0; image < n; image++) {
          int at = image * c * s + first;
          backwardRange(s, a, out, outOff + at, dy, dyOff + at, x, xOff + at);
        }
      }
    }
  }

  /** Channels of images of one pixel. */
  private void backwardColumns(int from, int to, Scratch scratch) {
    if (slopeGradient) {
      for (int channel = from; channel < to; channel += LANES) {
        int count = Math.min(LANES, to - channel);
        slopeGradients(
            n, c, count, dy, dyOff + channel, x, xOff + channel, partial, channel, scratch.lanes);
      }
    }
    if (out == null) {
      return;
    }
    for (int image = 0; image < n; image++) {
      int at = image * c + from;
      if (slopes == 1) {
        float a = slope[slopeOff];
        backwardRange(to - from, a, out, outOff + at, dy, dyOff + at, x, xOff + at);
      } else {
        int a = slopeOff + from;
        backwardSlopes(to - from, slope, a, out, outOff + at, dy, dyOff + at, x, xOff + at);
      }
    }
  }

  private static void forwardRange(int len, float slope, float[] y, int yOff, float[] x, int xOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector v = load(x, xOff + i);
      exact(exact(v.mul(slope)).blend(v, v.compare(VectorOperators.GT, 0f))).intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      float v = x[xOff + i];
      y[yOff + i] = v > 0 ? v : slope * v;
    }
  }

  private static void forwardSlopes(
      int len, float[] slope, int slopeOff, float[] y, int yOff, float[] x, int xOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector v = load(x, xOff + i);
      exact(exact(v.mul(load(slope, slopeOff + i))).blend(v, v.compare(VectorOperators.GT, 0f)))
          .intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      float v = x[xOff + i];
      y[yOff + i] = v > 0 ? v : slope[slopeOff + i] * v;
    }
  }

  private static void backwardRange(
      int len, float slope, float[] dx, int dxOff, float[] dy, int dyOff, float[] x, int xOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector g = load(dy, dyOff + i);
      FloatVector v = load(x, xOff + i);
      exact(exact(g.mul(slope)).blend(g, v.compare(VectorOperators.GT, 0f)))
          .intoArray(dx, dxOff + i);
    }
    for (; i < len; i++) {
      float g = dy[dyOff + i];
      dx[dxOff + i] = x[xOff + i] > 0 ? g : slope * g;
    }
  }

  private static void backwardSlopes(
      int len,
      float[] slope,
      int slopeOff,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector g = load(dy, dyOff + i);
      FloatVector v = load(x, xOff + i);
      exact(exact(g.mul(load(slope, slopeOff + i))).blend(g, v.compare(VectorOperators.GT, 0f)))
          .intoArray(dx, dxOff + i);
    }
    for (; i < len; i++) {
      float g = dy[dyOff + i];
      dx[dxOff + i] = x[xOff + i] > 0 ? g : slope[slopeOff + i] * g;
    }
  }

  /** Sums of {@code dy * min(x, 0)} down one vector of columns, or the fewer at the end. */
  private static void slopeGradients(
      int n,
      int c,
      int count,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      double[] total,
      int totalOff,
      float[] lanes) {
    FloatVector zero = FloatVector.zero(F);
    for (int j = 0; j < count; j++) {
      total[totalOff + j] = 0;
    }
    for (int from = 0; from < n; from += ROWS) {
      int to = Math.min(n, from + ROWS);
      if (count == LANES) {
        FloatVector sum = zero;
        for (int row = from; row < to; row++) {
          FloatVector v = load(x, xOff + row * c);
          FloatVector product = exact(v.mul(load(dy, dyOff + row * c)));
          sum = exact(product.blend(zero, v.compare(VectorOperators.GT, 0f))).add(sum);
        }
        exact(sum).intoArray(lanes, 0);
        for (int j = 0; j < LANES; j++) {
          total[totalOff + j] += lanes[j];
        }
      } else {
        for (int row = from; row < to; row++) {
          for (int j = 0; j < count; j++) {
            float v = x[xOff + row * c + j];
            total[totalOff + j] += v > 0 ? 0f : dy[dyOff + row * c + j] * v;
          }
        }
      }
    }
  }
}
