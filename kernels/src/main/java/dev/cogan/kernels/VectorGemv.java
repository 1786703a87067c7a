package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import jdk.incubator.vector.FloatVector;

/** Products of a matrix and a vector, where packing would cost more than it saves. */
final class VectorGemv implements Parallel.Body {
  private static final int GROUP = 4;

  private final Workers workers;

  private int rows;
  private int k;
  private boolean rowMajor;
  private float[] a;
  private int aOff;
  private int lda;
  private float[] x;
  private int xOff;
  private float beta;
  private float[] y;
  private int yOff;
  private int yStep;
  private int tasks;
  private float[] gathered = new float[0];

  VectorGemv(Workers workers) {
    this.workers = workers;
  }

  /**
   * {@code y = beta * y + A * x}.
   *
   * @param rows of A and elements of y
   * @param k columns of A and elements of x
   * @param rowMajor whether the elements of a row of A, or else those of a column, are neighbours
   */
  void multiply(
      int rows,
      int k,
      boolean rowMajor,
      float[] a,
      int aOff,
      int lda,
      float[] x,
      int xOff,
      int xStep,
      float beta,
      float[] y,
      int yOff,
      int yStep) {
    this.rows = rows;
    this.k = k;
    this.rowMajor = rowMajor;
    this.a = a;
    this.aOff = aOff;
    this.lda = lda;
    this.beta = beta;
    this.y = y;
    this.yOff = yOff;
    this.yStep = yStep;
    if (xStep == 1) {
      this.x = x;
      this.xOff = xOff;
    } else {
      gathered = workers.grow(gathered, k);
      for (int p = 0; p < k; p++) {
        gathered[p] = x[xOff + p * xStep];
      }
      this.x = gathered;
      this.xOff = 0;
    }
    int groups = (rows + GROUP * LANES - 1) / (GROUP * LANES);
    tasks = Math.min(16, groups);
    workers.run(tasks, (long) rows * k / LANES, this);
    this.a = null;
    this.x = null;
    this.y = null;
  }

  @Override
  public void run(int task, int worker) {
    int group = GROUP * LANES;
    int groups = (rows + group - 1) / group;
    int from = Partition.start(task, tasks, groups) * group;
    int to = Math.min(rows, Partition.start(task + 1, tasks, groups) * group);
    float[] sums = workers.scratch(worker).edge;
    for (int row = from; row < to; row += group) {
      int count = Math.min(group, to - row);
      if (rowMajor) {
        for (int i = 0; i < count; i += GROUP) {
          dots(row + i, Math.min(GROUP, count - i), sums);
        }
      } else if (count == group) {
        columns(row, sums);
        store(row, group, sums);
      } else {
        for (int i = 0; i < count; i++) {
          float sum = 0;
          for (int p = 0; p < k; p++) {
            sum = Math.fma(a[aOff + p * lda + row + i], x[xOff + p], sum);
          }
          sums[i] = sum;
        }
        store(row, count, sums);
      }
    }
  }

  /** Up to four dot products; rows that do not exist repeat the first. */
  private void dots(int row, int count, float[] sums) {
    int a0 = aOff + row * lda;
    int a1 = count > 1 ? a0 + lda : a0;
    int a2 = count > 2 ? a0 + 2 * lda : a0;
    int a3 = count > 3 ? a0 + 3 * lda : a0;
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int p = 0;
    for (int whole = k - k % LANES; p < whole; p += LANES) {
      FloatVector v = load(x, xOff + p);
      s0 = v.fma(load(a, a0 + p), s0);
      s1 = v.fma(load(a, a1 + p), s1);
      s2 = v.fma(load(a, a2 + p), s2);
      s3 = v.fma(load(a, a3 + p), s3);
    }
    exact(s0).intoArray(sums, 0);
    exact(s1).intoArray(sums, LANES);
    exact(s2).intoArray(sums, 2 * LANES);
    exact(s3).intoArray(sums, 3 * LANES);
    for (int i = 0; i < count; i++) {
      float sum = 0;
      for (int lane = 0; lane < LANES; lane++) {
        sum += sums[i * LANES + lane];
      }
      for (int q = p; q < k; q++) {
        sum = Math.fma(a[a0 + i * lda + q], x[xOff + q], sum);
      }
      sums[i] = sum;
    }
    store(row, count, sums);
  }

  /** Four vectors of neighbouring results, summed down the columns of the stored matrix. */
  private void columns(int row, float[] sums) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int base = aOff + row;
    for (int p = 0; p < k; p++) {
      int at = base + p * lda;
      FloatVector v = spread(x[xOff + p]);
      s0 = v.fma(load(a, at), s0);
      s1 = v.fma(load(a, at + LANES), s1);
      s2 = v.fma(load(a, at + 2 * LANES), s2);
      s3 = v.fma(load(a, at + 3 * LANES), s3);
    }
    exact(s0).intoArray(sums, 0);
    exact(s1).intoArray(sums, LANES);
    exact(s2).intoArray(sums, 2 * LANES);
    exact(s3).intoArray(sums, 3 * LANES);
  }

  private void store(int row, int count, float[] sums) {
    int at = yOff + row * yStep;
    for (int i = 0; i < count; i++) {
      int to = at + i * yStep;
      y[to] = beta == 0 ? sums[i] : beta * y[to] + sums[i];
    }
  }
}
