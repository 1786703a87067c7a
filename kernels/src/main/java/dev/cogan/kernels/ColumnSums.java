package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Sums down the columns of a matrix {@code [n, c]}: the channels of images of one pixel. A call
 * does one vector of neighbouring columns, or the fewer columns that are left at the end. Floats
 * are summed for at most {@link #ROWS} rows, then added to doubles.
 */
final class ColumnSums {
  private static final int ROWS = 64;

  private ColumnSums() {}

  /** {@code total[j] = sum of x[:, j]} for {@code count} columns. */
  static void sum(
      int n, int c, int count, float[] x, int xOff, double[] total, int totalOff, float[] lanes) {
    for (int j = 0; j < count; j++) {
      total[totalOff + j] = 0;
    }
    for (int from = 0; from < n; from += ROWS) {
      int to = Math.min(n, from + ROWS);
      if (count == LANES) {
        FloatVector sum = FloatVector.zero(F);
        for (int row = from; row < to; row++) {
          sum = load(x, xOff + row * c).add(sum);
        }
        exact(sum).intoArray(lanes, 0);
        addLanes(lanes, total, totalOff);
      } else {
        for (int row = from; row < to; row++) {
          for (int j = 0; j < count; j++) {
            total[totalOff + j] += x[xOff + row * c + j];
          }
        }
      }
    }
  }

  /** {@code total[j] = sum of a[:, j] * (x[:, j] - mean[j])}; a may be null for x - mean itself. */
  static void products(
      int n,
      int c,
      int count,
      float[] a,
      int aOff,
      float[] x,
      int xOff,
      float[] mean,
      int meanOff,
      double[] total,
      int totalOff,
      float[] lanes) {
    for (int j = 0; j < count; j++) {
      total[totalOff + j] = 0;
    }
    for (int from = 0; from < n; from += ROWS) {
      int to = Math.min(n, from + ROWS);
      if (count == LANES) {
        FloatVector center = load(mean, meanOff);
        FloatVector sum = FloatVector.zero(F);
        for (int row = from; row < to; row++) {
          FloatVector d = exact(load(x, xOff + row * c).sub(center));
          FloatVector factor = a == null ? d : load(a, aOff + row * c);
          sum = d.fma(factor, sum);
        }
        exact(sum).intoArray(lanes, 0);
        addLanes(lanes, total, totalOff);
      } else {
        for (int row = from; row < to; row++) {
          for (int j = 0; j < count; j++) {
            float d = x[xOff + row * c + j] - mean[meanOff + j];
            float factor = a == null ? d : a[aOff + row * c + j];
            total[totalOff + j] += (double) d * factor;
          }
        }
      }
    }
  }

  private static void addLanes(float[] lanes, double[] total, int totalOff) {
    for (int j = 0; j < LANES; j++) {
      total[totalOff + j] += lanes[j];
    }
  }
}
