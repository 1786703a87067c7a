package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import jdk.incubator.vector.FloatVector;

/**
 * Sums over arrays. Lanes are summed as floats over at most {@link #BLOCK} elements, then added to
 * a double in the order of the lanes, so that the result does not depend on how the JVM would
 * reduce a vector.
 */
final class VectorReduce {
  /** Elements whose sum may be kept in floats: few additions per lane, at most 64. */
  static final int BLOCK = 1024;

  private final Workers workers;
  private final Parallel.Body summing = this::sumChunk;
  private final Parallel.Body squaring = this::squareChunk;
  private final Parallel.Body scanning = this::scanChunk;
  private final double[] partial = new double[64];

  private int tasks;
  private int len;
  private float[] x;
  private int xOff;

  VectorReduce(Workers workers) {
    this.workers = workers;
  }

  double sum(int len, float[] x, int xOff) {
    return total(len, x, xOff, summing);
  }

  double sumOfSquares(int len, float[] x, int xOff) {
    return total(len, x, xOff, squaring);
  }

  private double total(int len, float[] x, int xOff, Parallel.Body body) {
    share(len, x, xOff, body);
    double total = 0;
    for (int task = 0; task < tasks; task++) {
      total += partial[task];
    }
    return total;
  }

  int firstNonFinite(int len, float[] x, int xOff) {
    share(len, x, xOff, scanning);
    for (int task = 0; task < tasks; task++) {
      if (partial[task] >= 0) {
        return (int) partial[task];
      }
    }
    return -1;
  }

  private void share(int len, float[] x, int xOff, Parallel.Body body) {
    this.len = len;
    this.x = x;
    this.xOff = xOff;
    tasks = Chunks.count(len);
    workers.share(tasks, body);
    this.x = null;
  }

  private void sumChunk(int task, int worker) {
    int from = Chunks.start(task, tasks, len);
    int count = Chunks.start(task + 1, tasks, len) - from;
    partial[task] = sumRange(count, x, xOff + from, workers.scratch(worker).lanes);
  }

  private void squareChunk(int task, int worker) {
    int from = Chunks.start(task, tasks, len);
    int count = Chunks.start(task + 1, tasks, len) - from;
    partial[task] = squareRange(count, x, xOff + from, workers.scratch(worker).lanes);
  }

  private void scanChunk(int task, int worker) {
    int from = Chunks.start(task, tasks, len);
    int to = Chunks.start(task + 1, tasks, len);
    partial[task] = -1;
    for (int i = from; i < to; i += BLOCK) {
      int count = Math.min(BLOCK, to - i);
      if (!isFinite(count, x, xOff + i, workers.scratch(worker).lanes)) {
        int at = i;
        while (Float.isFinite(x[xOff + at])) {
          at++;
        }
        partial[task] = at;
        return;
      }
    }
  }

  /** Sum of a run of floats. */
  private static double sumRange(int len, float[] x, int xOff, float[] lanes) {
    double total = 0;
    for (int from = 0; from < len; from += BLOCK) {
      int count = Math.min(BLOCK, len - from);
      int at = xOff + from;
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = FloatVector.zero(F);
      int i = 0;
      for (; i <= count - 2 * LANES; i += 2 * LANES) {
        s0 = load(x, at + i).add(s0);
        s1 = load(x, at + i + LANES).add(s1);
      }
      exact(s0).intoArray(lanes, 0);
      exact(s1).intoArray(lanes, LANES);
      double block = Lanes.total(2 * LANES, lanes);
      for (; i < count; i++) {
        block += x[at + i];
      }
      total += Double.isFinite(block) ? block : exactSum(count, x, at);
    }
    return total;
  }

  private static double squareRange(int len, float[] x, int xOff, float[] lanes) {
    double total = 0;
    for (int from = 0; from < len; from += BLOCK) {
      int count = Math.min(BLOCK, len - from);
      int at = xOff + from;
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = FloatVector.zero(F);
      int i = 0;
      for (; i <= count - 2 * LANES; i += 2 * LANES) {
        FloatVector a = load(x, at + i);
        FloatVector b = load(x, at + i + LANES);
        s0 = a.fma(a, s0);
        s1 = b.fma(b, s1);
      }
      exact(s0).intoArray(lanes, 0);
      exact(s1).intoArray(lanes, LANES);
      double block = Lanes.total(2 * LANES, lanes);
      for (; i < count; i++) {
        block += (double) x[at + i] * x[at + i];
      }
      total += Double.isFinite(block) ? block : exactSquares(count, x, at);
    }
    return total;
  }

  /** For values so large that float sums overflow. */
  private static double exactSum(int len, float[] x, int xOff) {
    double total = 0;
    for (int i = 0; i < len; i++) {
      total += x[xOff + i];
    }
    return total;
  }

  private static double exactSquares(int len, float[] x, int xOff) {
    double total = 0;
    for (int i = 0; i < len; i++) {
      total += (double) x[xOff + i] * x[xOff + i];
    }
    return total;
  }

  /** Zero times a number is zero, unless the number is NaN or infinite. */
  private static boolean isFinite(int len, float[] x, int xOff, float[] lanes) {
    FloatVector sum = FloatVector.zero(F);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      sum = exact(load(x, xOff + i).mul(0f)).add(sum);
    }
    exact(sum).intoArray(lanes, 0);
    double total = Lanes.total(LANES, lanes);
    for (; i < len; i++) {
      total += x[xOff + i] * 0f;
    }
    return total == 0;
  }
}
