package dev.cogan.engine.kernel;

import java.util.Arrays;

/**
 * The matrix product: C is cut into tasks of one panel of columns by a block of rows; a task packs
 * op(B) panel by panel down the sum and multiplies its rows of A with each.
 */
final class ScalarGemm implements Parallel.Body, ScalarPanel.Results {
  /** Tasks that a product is cut into if it is large enough. */
  static final int TASKS = 12;

  /** Fewer rows than these are not worth packing a panel for once more. */
  static final int ROWS = 240;

  private final Parallel parallel;
  private final ScalarPanel[] panels;

  private boolean transA;
  private boolean transB;
  private int m;
  private int n;
  private int k;
  private float[] a;
  private int aOff;
  private int lda;
  private float[] b;
  private int bOff;
  private int ldb;
  private float beta;
  private float[] c;
  private int cOff;
  private int ldc;
  private int rowBlocks;

  ScalarGemm(Parallel parallel, ScalarPanel[] panels) {
    this.parallel = parallel;
    this.panels = panels;
  }

  /**
   * Blocks that {@code rows} rows are cut into beside {@code panels} panels of columns: by the
   * problem's size alone, so that every number of workers does the same arithmetic.
   */
  static int rowBlocks(int rows, int panels) {
    int wanted = (TASKS + panels - 1) / panels;
    return Math.max(1, Math.min(wanted, rows / ROWS));
  }

  /** First row of a block; blocks are whole multiples of the rows served at once. */
  static int firstRow(int rows, int blocks, int block) {
    int each = (rows + blocks - 1) / blocks;
    int rounded = (each + ScalarPanel.ROWS - 1) / ScalarPanel.ROWS * ScalarPanel.ROWS;
    return Math.min(rows, block * rounded);
  }

  void run(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      float beta,
      float[] c,
      int cOff,
      int ldc) {
    if (m == 0 || n == 0) {
      return;
    }
    this.transA = transA;
    this.transB = transB;
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.aOff = aOff;
    this.lda = lda;
    this.b = b;
    this.bOff = bOff;
    this.ldb = ldb;
    this.beta = beta;
    this.c = c;
    this.cOff = cOff;
    this.ldc = ldc;
    int columnPanels = ScalarPanel.panels(n);
    rowBlocks = rowBlocks(m, columnPanels);
    parallel.run(columnPanels * rowBlocks, this);
  }

  @Override
  public void run(int task, int worker) {
    ScalarPanel panel = panels[worker];
    int column = task / rowBlocks * ScalarPanel.width(n);
    int width = Math.min(ScalarPanel.width(n), n - column);
    int firstRow = firstRow(m, rowBlocks, task % rowBlocks);
    int endRow = firstRow(m, rowBlocks, task % rowBlocks + 1);
    int rowStep = transA ? 1 : lda;
    int step = transA ? lda : 1;
    for (int term = 0; term == 0 || term < k; term += ScalarPanel.DEPTH) {
      int depth = Math.min(ScalarPanel.DEPTH, k - term);
      panel.declare(depth, step, width);
      if (transB) {
        packTransposed(panel, term, depth, column, width);
      } else {
        for (int d = 0; d < depth; d++) {
          int from = bOff + (term + d) * ldb + column;
          System.arraycopy(b, from, panel.array(d), ScalarPanel.place(d), width);
        }
      }
      boolean last = term + depth >= k;
      int at = aOff + term * step;
      panel.multiply(
          firstRow, endRow, column, width, a, at, rowStep, step, this, term == 0, last, worker);
    }
  }

  /** Reads eight rows of the stored B side by side, so that neither side walks memory in leaps. */
  private void packTransposed(ScalarPanel panel, int term, int depth, int column, int width) {
    int j = 0;
    for (; j + 8 <= width; j += 8) {
      int from = bOff + (column + j) * ldb + term;
      for (int d = 0; d < depth; d++) {
        float[] to = panel.array(d);
        int at = ScalarPanel.place(d) + j;
        to[at] = b[from + d];
        to[at + 1] = b[from + ldb + d];
        to[at + 2] = b[from + 2 * ldb + d];
        to[at + 3] = b[from + 3 * ldb + d];
        to[at + 4] = b[from + 4 * ldb + d];
        to[at + 5] = b[from + 5 * ldb + d];
        to[at + 6] = b[from + 6 * ldb + d];
        to[at + 7] = b[from + 7 * ldb + d];
      }
    }
    for (; j < width; j++) {
      int from = bOff + (column + j) * ldb + term;
      for (int d = 0; d < depth; d++) {
        panel.array(d)[ScalarPanel.place(d) + j] = b[from + d];
      }
    }
  }

  @Override
  public void load(int row, int column, int width, boolean first, float[] acc, int worker) {
    if (first && beta == 0) {
      Arrays.fill(acc, 0, width, 0);
      return;
    }
    System.arraycopy(c, cOff + row * ldc + column, acc, 0, width);
    if (first && beta != 1) {
      for (int j = 0; j < width; j++) {
        acc[j] *= beta;
      }
    }
  }

  @Override
  public void store(int row, int column, int width, boolean last, float[] acc, int worker) {
    System.arraycopy(acc, 0, c, cOff + row * ldc + column, width);
  }
}
