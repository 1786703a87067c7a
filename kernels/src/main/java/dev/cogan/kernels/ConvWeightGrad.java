package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;

/**
 * The convolution's gradient to its weights: {@code dw += dy * patches(x)^T}, summed over the
 * positions of the whole batch. When dw itself does not make enough tasks, the positions are cut
 * too: every task then sums into memory of its own, and the sums are added in a fixed order.
 */
final class ConvWeightGrad implements Parallel.Body {
  private static final int MAX_COLUMNS = 256;
  private static final int ENOUGH_TASKS = 8;

  private final Workers workers;
  private final VectorGemm gemm;
  private final PaddedImages padded;
  private final PatchRows patches = new PatchRows();
  private final Parallel.Body packing = this::packOutputGradient;
  private final Parallel.Body adding = this::addPartials;

  private ConvShape s;
  private float[] dw;
  private int dwOff;
  private float[] dy;
  private int dyOff;
  private int n;
  private int k;
  private int depthBlocks;
  private int colTasks;
  private int splits;
  private int packTasks;
  private float[] packed = new float[0];
  private float[] partials = new float[0];

  ConvWeightGrad(Workers workers, VectorGemm gemm, PaddedImages padded) {
    this.workers = workers;
    this.gemm = gemm;
    this.padded = padded;
  }

  void run(ConvShape s, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    if (s.n() == 0) {
      return;
    }
    n = s.cin() * s.kh() * s.kw();
    if (ConvShapes.isMatrixProduct(s)) {
      gemm.gemm(true, false, s.cout(), n, s.n(), dy, dyOff, s.cout(), x, xOff, n, 1f, dw, dwOff, n);
      return;
    }
    this.s = s;
    this.dw = dw;
    this.dwOff = dwOff;
    this.dy = dy;
    this.dyOff = dyOff;
    if (padded.pays(s)) {
      int pad = s.pad();
      patches.set(s, padded.copy(s, x, xOff), 0, s.h() + 2 * pad, s.w() + 2 * pad, 0);
    } else {
      patches.set(s, x, xOff, s.h(), s.w(), s.pad());
    }
    k = s.n() * s.oh() * s.ow();
    int rowPanels = Tile.padRows(s.cout()) / ROWS;
    depthBlocks = Tile.depthBlocks(k);
    colTasks = Partition.columnBlocks(n, MAX_COLUMNS);
    splits = Math.min(depthBlocks, (ENOUGH_TASKS + colTasks - 1) / colTasks);
    if (colTasks > 1) {
      packed = Workers.grow(packed, rowPanels * ROWS * k);
      packTasks = Math.min(32, depthBlocks);
      workers.run(packTasks, (long) s.cout() * k, packing);
    }
    if (splits > 1) {
      partials = Workers.grow(partials, splits * rowPanels * ROWS * Tile.padCols(n));
    }
    long cost = s.multiplyAdds() / Tile.LANES;
    workers.run(colTasks * splits, cost, this);
    if (splits > 1) {
      workers.run(s.cout(), (long) s.cout() * n * splits / Tile.LANES, adding);
    }
    this.dw = null;
    this.dy = null;
    patches.x = null;
  }

  private void packOutputGradient(int task, int worker) {
    int rowPanels = Tile.padRows(s.cout()) / ROWS;
    int to = Partition.start(task + 1, packTasks, depthBlocks);
    for (int block = Partition.start(task, packTasks, depthBlocks); block < to; block++) {
      int k0 = Partition.start(block, depthBlocks, k);
      int depth = Partition.start(block + 1, depthBlocks, k) - k0;
      packBlock(packed, k0 * rowPanels * ROWS, k0, depth);
    }
  }

  /** Packs all rows of {@code A[o, (n, p, q)] = dy[n, o, p, q]} for one block of depth. */
  private void packBlock(float[] dst, int dstOff, int k0, int depth) {
    int plane = s.oh() * s.ow();
    for (int row = 0; row < s.cout(); row += ROWS) {
      int lines = Math.min(ROWS, s.cout() - row);
      int to = dstOff + row * depth;
      int at = k0;
      while (at < k0 + depth) {
        int steps = Math.min(plane - at % plane, k0 + depth - at);
        int from = dyOff + (at / plane * s.cout() + row) * plane + at % plane;
        Packing.rows(dst, to, dy, from, plane, 1, lines, steps);
        to += steps * ROWS;
        at += steps;
      }
    }
  }

  /** Some columns of dw, over some of the positions. */
  @Override
  public void run(int task, int worker) {
    int split = task % splits;
    int colPanels = Tile.padCols(n) / COLS;
    int rowPanels = Tile.padRows(s.cout()) / ROWS;
    int col0 = Partition.start(task / splits, colTasks, colPanels) * COLS;
    int col1 = Partition.start(task / splits + 1, colTasks, colPanels) * COLS;
    int from = Partition.start(split, splits, depthBlocks);
    int to = Partition.start(split + 1, splits, depthBlocks);

    Scratch scratch = workers.scratch(worker);
    float[] pb = scratch.b((col1 - col0) * (k / depthBlocks + 1));
    for (int block = from; block < to; block++) {
      int k0 = Partition.start(block, depthBlocks, k);
      int depth = Partition.start(block + 1, depthBlocks, k) - k0;
      float[] pa = packed;
      int pa0 = k0 * rowPanels * ROWS;
      if (colTasks == 1) {
        pa = scratch.a(rowPanels * ROWS * (k / depthBlocks + 1));
        pa0 = 0;
        packBlock(pa, 0, k0, depth);
      }
      for (int col = col0; col < col1; col += COLS) {
        patches.pack(pb, (col - col0) * depth, k0, depth, col, scratch.column);
      }
      if (splits == 1) {
        int cols = Math.min(n, col1) - col0;
        Panels.multiply(
            s.cout(), cols, depth, pa, pa0, pb, 0, dw, dwOff + col0, n, true, scratch.edge);
      } else {
        int ldc = Tile.padCols(n);
        int c0 = split * rowPanels * ROWS * ldc + col0;
        boolean add = block > from;
        Panels.multiply(
            s.cout(), col1 - col0, depth, pa, pa0, pb, 0, partials, c0, ldc, add, scratch.edge);
      }
    }
  }

  /** Adds the partial sums of one row, in the order of the positions. */
  private void addPartials(int row, int worker) {
    int ldc = Tile.padCols(n);
    int part = Tile.padRows(s.cout()) * ldc;
    for (int split = 0; split < splits; split++) {
      Lanes.add(n, partials, split * part + row * ldc, dw, dwOff + row * n);
    }
  }
}
