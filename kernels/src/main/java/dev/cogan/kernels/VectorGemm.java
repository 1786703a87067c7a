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
  /** Widest block of columns of one task: its packed B (512 KB at full depth) stays in L2. */
  private static final int MAX_COLUMNS = 512;

  /** Rows of C below which a transposed B is the left factor. */
  private static final int FEW_ROWS = 128;

  private final Workers workers;
  private final Parallel.Body packing = this::packA;
  private final VectorGemv gemv;

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
  private float[] turned = new float[0];
  private int depthBlocks;
  private int packTasks;
  private int rowTasks;
  private int colTasks;

  VectorGemm(Workers workers) {
    this.workers = workers;
    gemv = new VectorGemv(workers);
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
    if (transB && m <= FEW_ROWS && n >= 2 * m && k >= 64) {
      // Packing B would take as long as the product; as left factor its rows are only copied.
      int ldt = Tile.padCols(m);
      turned = Workers.grow(turned, n * ldt);
      multiply(false, !transA, n, m, k, b, bOff, ldb, a, aOff, lda, 0f, turned, 0, ldt);
      addTurned(m, n, beta, ldt, c, cOff, ldc);
      return;
    }
    multiply(transA, transB, m, n, k, a, aOff, lda, b, bOff, ldb, beta, c, cOff, ldc);
  }

  /** {@code C = beta * C + turned^T}, some rows of turned at a time. */
  private void addTurned(int m, int n, float beta, int ldt, float[] c, int cOff, int ldc) {
    for (int j0 = 0; j0 < n; j0 += 16) {
      int j1 = Math.min(n, j0 + 16);
      for (int i = 0; i < m; i++) {
        int to = cOff + i * ldc;
        if (beta == 0) {
          for (int j = j0; j < j1; j++) {
            c[to + j] = turned[j * ldt + i];
          }
        } else {
          for (int j = j0; j < j1; j++) {
            c[to + j] = beta * c[to + j] + turned[j * ldt + i];
          }
        }
      }
    }
  }

  private void multiply(
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
    packed = Workers.grow(packed, depthBlocks * rowPanels * ROWS * Tile.DEPTH);
    packTasks = Math.min(8, rowPanels);
    workers.run(packTasks, (long) m * k, packing);

    colTasks = Partition.columnBlocks(n, MAX_COLUMNS);
    rowTasks = Partition.rowBlocks(m, colTasks, cost);
    workers.run(rowTasks * colTasks, cost, this);
    this.a = null;
    this.b = null;
    this.c = null;
  }

  /** Packs a share of A's rows, in all blocks along K. */
  private void packA(int task, int worker) {
    int panels = Tile.padRows(m) / ROWS;
    int from = Partition.start(task, packTasks, panels);
    int to = Partition.start(task + 1, packTasks, panels);
    int lineStride = transA ? 1 : lda;
    int stepStride = transA ? lda : 1;
    // A stored transposed is read in short runs of many rows; some steps of several panels at a time
    // leave no cache line half used.
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

    Scratch scratch = workers.scratch(worker);
    float[] pb = scratch.b(Tile.padCols(col1 - col0) * (k / depthBlocks + 1));
    int lineStride = transB ? ldb : 1;
    int stepStride = transB ? 1 : ldb;
    int cBlock = cOff + row0 * ldc + col0;
    if (beta != 0 && beta != 1) {
      scale(row1 - row0, col1 - col0, beta, c, cBlock, ldc);
    }
    for (int block = 0; block < depthBlocks; block++) {
      int k0 = Partition.start(block, depthBlocks, k);
      int depth = Partition.start(block + 1, depthBlocks, k) - k0;
      for (int col = col0; col < col1; col += COLS) {
        Packing.cols(
            pb,
            (col - col0) * depth,
            b,
            bOff + col * lineStride + k0 * stepStride,
            lineStride,
            stepStride,
            Math.min(COLS, col1 - col),
            depth);
      }
      Panels.multiply(
          row1 - row0,
          col1 - col0,
          depth,
          packed,
          (block * rowPanels * ROWS + row0) * Tile.DEPTH,
          pb,
          0,
          c,
          cBlock,
          ldc,
          block > 0 || beta != 0,
          scratch.edge);
    }
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
