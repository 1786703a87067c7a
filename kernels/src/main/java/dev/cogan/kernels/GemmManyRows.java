package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.Parallel;

/**
 * {@code C = beta * C + op(A) * op(B)} with many rows: all of B is packed and shared, and each task
 * packs some rows of A and computes them over all of K, so that neither a packed A nor C leaves the
 * second-level cache in between.
 */
final class GemmManyRows {
  /** Rows of a task. */
  private static final int HEIGHT = 64 / ROWS * ROWS;

  /** Steps of a transposed A that are packed at a time: what is read stays in the nearest cache. */
  private static final int RUN = 16;

  private final Workers workers;
  private final Parallel.Body packing = this::packB;
  private final Parallel.Body multiplying = this::multiplyRows;
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
  private boolean add;
  private float[] c;
  private int cOff;
  private int ldc;
  private int blocks;
  private float[] packed = new float[0];

  GemmManyRows(Workers workers) {
    this.workers = workers;
  }

  static boolean suits(int m, int n, int k, float beta) {
    return m >= 16 * HEIGHT && (long) n * k <= 2 << 20 && (beta == 0 || beta == 1);
  }

  void multiply(
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
      boolean add,
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
    this.add = add;
    this.c = c;
    this.cOff = cOff;
    this.ldc = ldc;
    blocks = Tile.depthBlocks(k);
    packed = workers.grow(packed, Tile.padCols(n) * k);
    workers.run(Tile.padCols(n) / COLS, (long) n * k, packing);
    workers.run((m + HEIGHT - 1) / HEIGHT, (long) m * n * k / Tile.LANES, multiplying);
    this.a = null;
    this.b = null;
    this.c = null;
  }

  private void packB(int panel, int worker) {
    int lineStride = transB ? ldb : 1;
    int stepStride = transB ? 1 : ldb;
    int col = panel * COLS;
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, k);
      int depth = Partition.start(block + 1, blocks, k) - k0;
      int from = bOff + col * lineStride + k0 * stepStride;
      int to = k0 * Tile.padCols(n) + col * depth;
      Packing.cols(packed, to, b, from, lineStride, stepStride, Math.min(COLS, n - col), depth);
    }
  }

  private void multiplyRows(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    int row0 = task * HEIGHT;
    int rows = Math.min(HEIGHT, m - row0);
    float[] left = scratch.a(HEIGHT * DEPTH);
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, k);
      int depth = Partition.start(block + 1, blocks, k) - k0;
      packA(left, row0, rows, k0, depth);
      Panels.multiply(
          rows,
          n,
          depth,
          left,
          0,
          packed,
          k0 * Tile.padCols(n),
          c,
          cOff + row0 * ldc,
          ldc,
          block > 0 || add,
          scratch.edge);
    }
  }

  private void packA(float[] left, int row0, int rows, int k0, int depth) {
    int lineStride = transA ? 1 : lda;
    int stepStride = transA ? lda : 1;
    int run = transA ? RUN : depth;
    for (int p = 0; p < depth; p += run) {
      for (int row = 0; row < rows; row += ROWS) {
        Packing.rows(
            left,
            row * DEPTH + p,
            a,
            aOff + (row0 + row) * lineStride + (k0 + p) * stepStride,
            lineStride,
            stepStride,
            Math.min(ROWS, rows - row),
            Math.min(run, depth - p));
      }
    }
  }
}
