package dev.cogan.engine.kernel;

import java.util.Arrays;

/**
 * The heart of the scalar kernels: a panel of op(B) that fits into the second-level cache, and the
 * loops that multiply rows of A with it. One worker owns one panel.
 *
 * <p>The loops are written for the superword pass of HotSpot's C2, which is particular. A loop over
 * floats becomes vector code if every array is indexed by the counter plus a constant (an offset in
 * a variable turns it off, hence the copies into arrays that start at 0); if the compiler sees that
 * these indices cannot overflow (hence {@code Math.min(n, COLUMNS)}); if the sum is spelled from
 * left to right, the old value first; and if the body stays below a certain size: three rows by
 * four terms is the largest that both JDK 17 and JDK 25 take, and the fastest. What breaks one of
 * these rules still computes the same, five times slower.
 */
final class ScalarPanel {
  /** Widest panel, in columns. Every row of a panel has this many places. */
  static final int COLUMNS = 512;

  /** Deepest panel, in terms of the sum. */
  static final int DEPTH = 256;

  /** Terms that one pass over the columns adds. */
  static final int GROUP = 4;

  /** Rows of A that one pass over the columns serves. */
  static final int ROWS = 3;

  /** Where results come from and go to. */
  interface Results {
    /**
     * Fills {@code acc[0..width)} with what the product is added to.
     *
     * @param row row of the result
     * @param column first column
     * @param first whether no term has been added so far
     */
    void load(int row, int column, int width, boolean first, float[] acc, int worker);

    /**
     * Takes {@code acc[0..width)}.
     *
     * @param last whether all terms have been added
     */
    void store(int row, int column, int width, boolean last, float[] acc, int worker);
  }

  /** What a panel holds: {@link #groups}, accumulators and factors. */
  static final long BYTES = 4L * (DEPTH * COLUMNS + 3 * COLUMNS + ROWS * DEPTH);

  private final float[][] groups = new float[DEPTH / GROUP][GROUP * COLUMNS];
  private final int[] start = new int[DEPTH / GROUP];
  private final int[] terms = new int[DEPTH / GROUP];
  private int count;

  private final float[] acc0 = new float[COLUMNS];
  private final float[] acc1 = new float[COLUMNS];
  private final float[] acc2 = new float[COLUMNS];

  /** Factors of three rows of A: for each group, four of the first row, then of the next. */
  private final float[] factors = new float[ROWS * DEPTH];

  /** Number of panels that {@code columns} columns are cut into. */
  static int panels(int columns) {
    return (columns + COLUMNS - 1) / COLUMNS;
  }

  /** Width of all panels but the last, which may be narrower: they share the columns evenly. */
  static int width(int columns) {
    int panels = panels(columns);
    return (columns + panels - 1) / panels;
  }

  /** The array that holds row {@code depth}, from place {@link #place}. */
  float[] array(int depth) {
    return groups[depth / GROUP];
  }

  /** Where row {@code depth} begins in its {@link #array}. */
  static int place(int depth) {
    return depth % GROUP * COLUMNS;
  }

  /** Forgets all groups; to be followed by {@link #addGroup} for each. */
  void clear() {
    count = 0;
  }

  /**
   * Declares the next four rows.
   *
   * @param offset where A has the first of the four factors, relative to the row's begin
   * @param used how many of the four rows are in use; the others are set to zero here
   */
  void addGroup(int offset, int used, int width) {
    start[count] = offset;
    terms[count] = used;
    for (int depth = used; depth < GROUP; depth++) {
      int from = place(depth);
      Arrays.fill(groups[count], from, from + width, 0);
    }
    count++;
  }

  /** Declares {@code depth} rows whose factors in A are {@code step} apart. */
  void declare(int depth, int step, int width) {
    clear();
    for (int d = 0; d < depth; d += GROUP) {
      addGroup(d * step, Math.min(GROUP, depth - d), width);
    }
  }

  /**
   * Adds the product of rows of A with this panel to the results.
   *
   * @param a factor of row {@code i}, group {@code g}, term {@code t} is at {@code aOff + i *
   *     rowStep + offset(g) + t * step}
   */
  void multiply(
      int firstRow,
      int endRow,
      int column,
      int width,
      float[] a,
      int aOff,
      int rowStep,
      int step,
      Results results,
      boolean first,
      boolean last,
      int worker) {
    int row = firstRow;
    for (; row + ROWS <= endRow; row += ROWS) {
      for (int r = 0; r < ROWS; r++) {
        packFactors(a, aOff + (row + r) * rowStep, step, r * GROUP);
      }
      results.load(row, column, width, first, acc0, worker);
      results.load(row + 1, column, width, first, acc1, worker);
      results.load(row + 2, column, width, first, acc2, worker);
      for (int g = 0; g < count; g++) {
        threeRows(width, acc0, acc1, acc2, groups[g], factors, g * ROWS * GROUP);
      }
      results.store(row, column, width, last, acc0, worker);
      results.store(row + 1, column, width, last, acc1, worker);
      results.store(row + 2, column, width, last, acc2, worker);
    }
    for (; row < endRow; row++) {
      packFactors(a, aOff + row * rowStep, step, 0);
      results.load(row, column, width, first, acc0, worker);
      for (int g = 0; g < count; g++) {
        oneRow(width, acc0, groups[g], factors, g * ROWS * GROUP);
      }
      results.store(row, column, width, last, acc0, worker);
    }
  }

  /** One row of A, group by group, in the order in which the loops read it; zero where unused. */
  private void packFactors(float[] a, int at, int step, int place) {
    for (int g = 0; g < count; g++) {
      int from = at + start[g];
      int to = g * ROWS * GROUP + place;
      int used = terms[g];
      for (int t = 0; t < GROUP; t++) {
        factors[to + t] = t < used ? a[from + t * step] : 0;
      }
    }
  }

  /** {@code c[r][j] += sum over t of a[r][t] * b[t][j]}: 24 operations on 4 + 3 loads. */
  private static void threeRows(
      int n, float[] c0, float[] c1, float[] c2, float[] b, float[] a, int at) {
    float p0 = a[at];
    float p1 = a[at + 1];
    float p2 = a[at + 2];
    float p3 = a[at + 3];
    float q0 = a[at + 4];
    float q1 = a[at + 5];
    float q2 = a[at + 6];
    float q3 = a[at + 7];
    float r0 = a[at + 8];
    float r1 = a[at + 9];
    float r2 = a[at + 10];
    float r3 = a[at + 11];
    int end = Math.min(n, COLUMNS);
    for (int j = 0; j < end; j++) {
      float x0 = b[j];
      float x1 = b[j + COLUMNS];
      float x2 = b[j + 2 * COLUMNS];
      float x3 = b[j + 3 * COLUMNS];
      c0[j] = c0[j] + p0 * x0 + p1 * x1 + p2 * x2 + p3 * x3;
      c1[j] = c1[j] + q0 * x0 + q1 * x1 + q2 * x2 + q3 * x3;
      c2[j] = c2[j] + r0 * x0 + r1 * x1 + r2 * x2 + r3 * x3;
    }
  }

  /** {@link #threeRows} for the rows that are left over. */
  private static void oneRow(int n, float[] c, float[] b, float[] a, int at) {
    float p0 = a[at];
    float p1 = a[at + 1];
    float p2 = a[at + 2];
    float p3 = a[at + 3];
    int end = Math.min(n, COLUMNS);
    for (int j = 0; j < end; j++) {
      c[j] =
          c[j]
              + p0 * b[j]
              + p1 * b[j + COLUMNS]
              + p2 * b[j + 2 * COLUMNS]
              + p3 * b[j + 3 * COLUMNS];
    }
  }
}
