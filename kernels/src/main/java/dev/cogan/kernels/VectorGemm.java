package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * {@code C = beta * C + op(A) * op(B)} by packed panels, after Goto and van de Geijn (2008): all of
 * A is packed once and shared; each task owns a block of C and packs the part of B that it needs.
 */
final class VectorGemm implements Parallel.Body {
  /**
   * Columns of one task: with six panels at 512 bits, products of few rows took 0.90 to 1.00 of the
   * time that they took with sixteen (Emerald Rapids); a power of two was worse.
   */
  private static final int COLUMNS = 192;

  /** The same with several blocks along K, if A is so small that it is near whenever it is read. */
  private static final int COLUMNS_OF_BLOCKS = 96;

  /** Rows of such an A; with more of them narrow blocks were slower. */
  private static final int FEW_ROWS = 64;

  /** Most of them, where A is small and a task would be over before it pays. */
  private static final int MOST_COLUMNS = 512;

  /** Multiply-adds of a task that pay. */
  private static final int WORTH_A_TASK = 400_000;

  /** Floats of a packed block of columns that stays in L2 over all of K. */
  private static final int WHOLE = 192 << 10;

  /** Rows of C that are computed over all of K before the next ones, if B's block stays. */
  private static final int ROW_CHUNK = 32 * ROWS;

  private final Workers workers;
  private final Parallel.Body packing = this::packA;
  private final VectorGemv gemv;
  private final GemmFewRows fewRows;
  private final GemmManyRows manyRows;

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

  private float[] packed = new float[0];
  private int depthBlocks;
  private int packTasks;
  private int rowTasks;
  private int colTasks;

  VectorGemm(Workers workers) {
    this.workers = workers;
    gemv = new VectorGemv(workers);
    fewRows = new GemmFewRows(workers);
    manyRows = new GemmManyRows(workers);
  }

  void gemm(
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
    if (m <= 0 || n <= 0) {
      return;
    }
    if (k <= 0) {
      scale(m, n, beta, c, cOff, ldc);
      return;
    }
    if (m == 1) {
      int step = transA ? lda : 1;
      gemv.multiply(n, k, transB, b, bOff, ldb, a, aOff, step, beta, c, cOff, 1);
      return;
    }
    if (n == 1) {
      int step = transB ? 1 : ldb;
      gemv.multiply(m, k, !transA, a, aOff, lda, b, bOff, step, beta, c, cOff, ldc);
      return;
    }
    if (GemmManyRows.suits(m, n, k, beta)) {
      manyRows.multiply(
          transA, transB, m, n, k, a, aOff, lda, b, bOff, ldb, beta != 0, c, cOff, ldc);
      return;
    }
    if (GemmFewRows.suits(transB, m, n, k)) {
      fewRows.multiply(transA, m, n, k, a, aOff, lda, b, bOff, ldb, beta, c, cOff, ldc);
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

    long cost = (long) m * n * k / Tile.LANES;
    depthBlocks = Tile.depthBlocks(k);
    int rowPanels = Tile.padRows(m) / ROWS;
    packed = workers.grow(packed, depthBlocks * rowPanels * ROWS * Tile.DEPTH);
    packTasks = Math.min(8, rowPanels);
    workers.run(packTasks, (long) m * k, packing);

    colTasks = Partition.columnBlocks(n, columns());
    rowTasks = Partition.rowBlocks(m, colTasks, cost);
    workers.run(rowTasks * colTasks, cost, this);
    this.a = null;
    this.b = null;
    this.c = null;
  }

  /** Columns of one task. */
  private int columns() {
    if (depthBlocks == 1) {
      long pays = WORTH_A_TASK / ((long) m * k);
      return (int) Math.max(COLUMNS, Math.min(MOST_COLUMNS, pays));
    }
    if (m <= FEW_ROWS) {
      return COLUMNS_OF_BLOCKS;
    }
    return Math.max(4 * COLS, Math.min(MOST_COLUMNS, WHOLE / k));
  }

  /** Packs a share of A's rows, in all blocks along K. */
  private void packA(int task, int worker) {
    int panels = Tile.padRows(m) / ROWS;
    int from = Partition.start(task, packTasks, panels);
    int to = Partition.start(task + 1, packTasks, panels);
    int lineStride = transA ? 1 : lda;
    int stepStride = transA ? lda : 1;
    // A stored transposed is read in short runs of many rows: some steps of several panels at a
    // time leave no cache line half used.
    int together = transA ? 8 : 1;
    int run = transA ? 16 : Tile.DEPTH;
    for (int first = from; first < to; first += together) {
      int last = Math.min(to, first + together);
      for (int block = 0; block < depthBlocks; block++) {
        int k0 = Partition.start(block, depthBlocks, k);
        int depth = Partition.start(block + 1, depthBlocks, k) - k0;
        for (int p = 0; p < depth; p += run) {
          for (int panel = first; panel < last; panel++) {
            int row = panel * ROWS;
            Packing.rows(
                packed,
                (block * panels * ROWS + row) * Tile.DEPTH + p,
                a,
                aOff + row * lineStride + (k0 + p) * stepStride,
                lineStride,
                stepStride,
                Math.min(ROWS, m - row),
                Math.min(run, depth - p));
          }
        }
      }
    }
  }

  /** Computes one block of C. */
  @Override
  public void run(int task, int worker) {
    int rowPanels = Tile.padRows(m) / ROWS;
    int colPanels = Tile.padCols(n) / COLS;
    int row0 = Partition.start(task % rowTasks, rowTasks, rowPanels) * ROWS;
    int row1 = Math.min(m, Partition.start(task % rowTasks + 1, rowTasks, rowPanels) * ROWS);
    int col0 = Partition.start(task / rowTasks, colTasks, colPanels) * COLS;
    int col1 = Math.min(n, Partition.start(task / rowTasks + 1, colTasks, colPanels) * COLS);

    if (beta != 0 && beta != 1) {
      scale(row1 - row0, col1 - col0, beta, c, cOff + row0 * ldc + col0, ldc);
    }
    // If the packed columns fit, C too stays in the caches from one block along K to the next.
    int width = Tile.padCols(col1 - col0);
    if ((long) width * k <= WHOLE) {
      float[] pb = workers.scratch(worker).b(width * k);
      for (int block = 0; block < depthBlocks; block++) {
        packB(pb, width * Partition.start(block, depthBlocks, k), block, col0, col1);
      }
      for (int row = row0; row < row1; row += ROW_CHUNK) {
        for (int block = 0; block < depthBlocks; block++) {
          int at = width * Partition.start(block, depthBlocks, k);
          multiplyBlock(row, Math.min(row1, row + ROW_CHUNK), col0, col1, block, pb, at, worker);
        }
      }
    } else {
      float[] pb = workers.scratch(worker).b(width * (k / depthBlocks + 1));
      for (int block = 0; block < depthBlocks; block++) {
        packB(pb, 0, block, col0, col1);
        multiplyBlock(row0, row1, col0, col1, block, pb, 0, worker);
      }
    }
  }

  private void packB(float[] pb, int pbOff, int block, int col0, int col1) {
    int k0 = Partition.start(block, depthBlocks, k);
    int depth = Partition.start(block + 1, depthBlocks, k) - k0;
    if (!transB) {
      Packing.panels(pb, pbOff, b, bOff + col0 + k0 * ldb, ldb, col1 - col0, depth);
      return;
    }
    for (int col = col0; col < col1; col += COLS) {
      int from = bOff + col * ldb + k0;
      int to = pbOff + (col - col0) * depth;
      Packing.cols(pb, to, b, from, ldb, 1, Math.min(COLS, col1 - col), depth);
    }
  }

  private void multiplyBlock(
      int row0, int row1, int col0, int col1, int block, float[] pb, int pbOff, int worker) {
    int rowPanels = Tile.padRows(m) / ROWS;
    int k0 = Partition.start(block, depthBlocks, k);
    Panels.multiply(
        row1 - row0,
        col1 - col0,
        Partition.start(block + 1, depthBlocks, k) - k0,
        packed,
        (block * rowPanels * ROWS + row0) * Tile.DEPTH,
        pb,
        pbOff,
        c,
        cOff + row0 * ldc + col0,
        ldc,
        block > 0 || beta != 0,
        workers.scratch(worker).edge);
  }

  private static void scale(int m, int n, float beta, float[] c, int cOff, int ldc) {
    for (int i = 0; i < m; i++) {
      int from = cOff + i * ldc;
      if (beta == 0) {
        Arrays.fill(c, from, from + n, 0f);
      } else {
        for (int j = from; j < from + n; j++) {
          c[j] *= beta;
        }
      }
    }
  }
}
