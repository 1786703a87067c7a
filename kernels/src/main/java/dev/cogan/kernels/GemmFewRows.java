package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.Parallel;

/**
 * {@code C = beta * C + op(A) * B^T} with few rows of A, computed as {@code C^T = B * op(A)^T}: to
 * interleave the columns of a transposed B would take as long as the product itself, whereas its
 * rows, as the left factor, are only copied.
 */
final class GemmFewRows implements Parallel.Body {
  private static final int MOST = 128;
  private static final int TASKS = 8;

  private final Workers workers;
  private final Parallel.Body packing = this::pack;
  private float[] a;
  private int aOff;
  private int lineStride;
  private int stepStride;
  private int m;
  private int n;
  private int k;
  private float[] b;
  private int bOff;
  private int ldb;
  private float beta;
  private float[] c;
  private int cOff;
  private int ldc;
  private int blocks;
  private int tasks;
  private float[] packed = new float[0];

  GemmFewRows(Workers workers) {
    this.workers = workers;
  }

  static boolean suits(boolean transB, int m, int n, int k) {
    return transB && m <= MOST && n >= 2 * m && k >= 64;
  }

  void multiply(
      boolean transA,
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
    this.a = a;
    this.aOff = aOff;
    lineStride = transA ? 1 : lda;
    stepStride = transA ? lda : 1;
    this.m = m;
    this.n = n;
    this.k = k;
    this.b = b;
    this.bOff = bOff;
    this.ldb = ldb;
    this.beta = beta;
    this.c = c;
    this.cOff = cOff;
    this.ldc = ldc;
    blocks = Tile.depthBlocks(k);
    packed = workers.grow(packed, Tile.padCols(m) * k);
    workers.run(blocks * (Tile.padCols(m) / COLS), (long) m * k, packing);
    tasks = Math.min(TASKS, Tile.padRows(n) / ROWS);
    workers.run(tasks, (long) m * n * k / Tile.LANES, this);
    this.a = null;
    this.b = null;
    this.c = null;
  }

  /** Some rows of A in one block along K: {@code packed[block][panel][step][COLS]}. */
  private void pack(int task, int worker) {
    int width = Tile.padCols(m);
    int block = task / (width / COLS);
    int row = task % (width / COLS) * COLS;
    int k0 = Partition.start(block, blocks, k);
    int depth = Partition.start(block + 1, blocks, k) - k0;
    int from = aOff + row * lineStride + k0 * stepStride;
    int to = k0 * width + row * depth;
    int rows = Math.min(COLS, m - row);
    Packing.cols(packed, to, a, from, lineStride, stepStride, rows, depth);
  }

  /** Some rows of B: as many columns of C. */
  @Override
  public void run(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    int tiles = Tile.padRows(n) / ROWS;
    int row0 = Partition.start(task, tasks, tiles) * ROWS;
    int row1 = Math.min(n, Partition.start(task + 1, tasks, tiles) * ROWS);
    int width = Tile.padCols(m);
    float[] left = scratch.a(ROWS * DEPTH);
    float[] turned = scratch.c((row1 - row0 + ROWS) * width);
    // A block's panels of A stay in the nearest cache while all rows of B pass by.
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, k);
      int depth = Partition.start(block + 1, blocks, k) - k0;
      for (int row = row0; row < row1; row += ROWS) {
        int lines = Math.min(ROWS, row1 - row);
        Packing.rows(left, 0, b, bOff + row * ldb + k0, ldb, 1, lines, depth);
        for (int i = 0; i < width; i += COLS) {
          int right = k0 * width + i * depth;
          int to = (row - row0) * width + i;
          Tile.multiply(lines, depth, left, 0, packed, right, turned, to, width, block > 0);
        }
      }
    }
    for (int i = 0; i < m; i++) {
      int to = cOff + i * ldc + row0;
      if (beta == 0) {
        for (int j = 0; j < row1 - row0; j++) {
          c[to + j] = turned[j * width + i];
        }
      } else {
        for (int j = 0; j < row1 - row0; j++) {
          c[to + j] = beta * c[to + j] + turned[j * width + i];
        }
      }
    }
  }
}
