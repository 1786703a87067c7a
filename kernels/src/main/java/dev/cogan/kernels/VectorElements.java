package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import jdk.incubator.vector.FloatVector;

/** Element-by-element arithmetic: products, sums, and scale and shift per channel. */
final class VectorElements {
  private final Workers workers;
  private final Parallel.Body multiplying = this::multiplyChunk;
  private final Parallel.Body summing = this::axpyChunk;
  private final Parallel.Body shifting = this::scaleShiftRows;

  private int tasks;
  private int len;
  private int c;
  private int s;
  private float alpha;
  private float[] y;
  private int yOff;
  private float[] a;
  private int aOff;
  private float[] b;
  private int bOff;
  private float[] shift;
  private int shiftOff;

  VectorElements(Workers workers) {
    this.workers = workers;
  }

  void multiply(int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff) {
    set(len, y, yOff, a, aOff, b, bOff);
    workers.share(tasks, multiplying);
    release();
  }

  void axpy(int len, float alpha, float[] y, int yOff, float[] x, int xOff) {
    set(len, y, yOff, x, xOff, null, 0);
    this.alpha = alpha;
    workers.share(tasks, summing);
    release();
  }

  void addBias(int n, int c, int s, float[] y, int yOff, float[] bias, int biasOff) {
    scaleShift(n, c, s, y, yOff, y, yOff, null, 0, bias, biasOff);
  }

  /** As the contract says; without a scale it is 1. */
  void scaleShift(
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
    set(n * c * s, y, yOff, x, xOff, scale, scaleOff);
    this.c = c;
    this.s = s;
    this.shift = shift;
    this.shiftOff = shiftOff;
    int rows = s == 1 ? n : n * c;
    tasks = Chunks.ofRows(rows, len);
    len = rows;
    workers.share(tasks, shifting);
    release();
  }

  private void set(int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff) {
    this.len = len;
    this.y = y;
    this.yOff = yOff;
    this.a = a;
    this.aOff = aOff;
    this.b = b;
    this.bOff = bOff;
    tasks = Chunks.count(len);
  }

  private void release() {
    y = null;
    a = null;
    b = null;
    shift = null;
  }

  private void multiplyChunk(int task, int worker) {
    int from = Chunks.start(task, tasks, len);
    int count = Chunks.start(task + 1, tasks, len) - from;
    multiplyRange(count, y, yOff + from, a, aOff + from, b, bOff + from);
  }

  private void axpyChunk(int task, int worker) {
    int from = Chunks.start(task, tasks, len);
    int count = Chunks.start(task + 1, tasks, len) - from;
    axpyRange(count, alpha, y, yOff + from, a, aOff + from);
  }

  /** Rows are images of vectors when {@code s} is 1, and otherwise planes of one channel. */
  private void scaleShiftRows(int task, int worker) {
    int to = Partition.start(task + 1, tasks, len);
    for (int row = Partition.start(task, tasks, len); row < to; row++) {
      if (s == 1) {
        int at = row * c;
        if (b == null) {
          addRange(c, y, yOff + at, a, aOff + at, shift, shiftOff);
        } else {
          fmaRange(c, y, yOff + at, a, aOff + at, b, bOff, shift, shiftOff);
        }
      } else {
        int at = row * s;
        float scale = b == null ? 1f : b[bOff + row % c];
        scaleShiftRange(s, y, yOff + at, a, aOff + at, scale, shift[shiftOff + row % c]);
      }
    }
  }

  private static void multiplyRange(
      int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(load(a, aOff + i).mul(load(b, bOff + i))).intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      y[yOff + i] = a[aOff + i] * b[bOff + i];
    }
  }

  private static void axpyRange(int len, float alpha, float[] y, int yOff, float[] x, int xOff) {
    FloatVector factor = spread(alpha);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(factor.fma(load(x, xOff + i), load(y, yOff + i))).intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      y[yOff + i] = Math.fma(alpha, x[xOff + i], y[yOff + i]);
    }
  }

  private static void addRange(
      int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(load(a, aOff + i).add(load(b, bOff + i))).intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      y[yOff + i] = a[aOff + i] + b[bOff + i];
    }
  }

  private static void fmaRange(
      int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(load(a, aOff + i).fma(load(b, bOff + i), load(c, cOff + i))).intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      y[yOff + i] = Math.fma(a[aOff + i], b[bOff + i], c[cOff + i]);
    }
  }

  /** {@code y = x * scale + shift}. */
  static void scaleShiftRange(
      int len, float[] y, int yOff, float[] x, int xOff, float scale, float shift) {
    FloatVector factor = spread(scale);
    FloatVector term = spread(shift);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(load(x, xOff + i).fma(factor, term)).intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      y[yOff + i] = Math.fma(x[xOff + i], scale, shift);
    }
  }
}
