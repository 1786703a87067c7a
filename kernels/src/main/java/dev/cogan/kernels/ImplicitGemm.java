package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * Convolution as a matrix product whose right factor is packed from the images panel by panel and
 * never exists as a whole. A call may consist of several products with outputs of their own, for
 * the phases of a strided gradient.
 */
final class ImplicitGemm implements Parallel.Body {
  /** Widest block of columns of one task: its packed B (512 KB at full depth) stays in L2. */
  private static final int MAX_COLUMNS = 512;

  private final Workers workers;
  private final Parallel.Body packing = this::packWeights;
  private ConvPart[] parts = new ConvPart[0];
  private int used;

  private int m;
  private float[] weights;
  private float[] out;
  private int outOff;
  private int outRows;
  private int outCols;
  private float[] bias;
  private int biasOff;

  private float[] packed = new float[0];
  private int packTasks;
  private int colTasks;
  private int rowTasks;

  ImplicitGemm(Workers workers) {
    this.workers = workers;
  }

  /** Starts a call: no parts yet. */
  void begin() {
    used = 0;
  }

  /** A part to fill in. */
  ConvPart next() {
    if (used == parts.length) {
      ConvPart[] more = Arrays.copyOf(parts, used + 1);
      more[used] = new ConvPart();
      parts = more;
    }
    return parts[used++];
  }

  /**
   * Computes all parts.
   *
   * @param m channels of the output
   * @param out images {@code [n, m, outRows, outCols]}
   */
  void compute(
      int m,
      float[] weights,
      float[] out,
      int outOff,
      int outRows,
      int outCols,
      float[] bias,
      int biasOff) {
    this.m = m;
    this.weights = weights;
    this.out = out;
    this.outOff = outOff;
    this.outRows = outRows;
    this.outCols = outCols;
    this.bias = bias;
    this.biasOff = biasOff;

    int rowPanels = Tile.padRows(m) / ROWS;
    int packedSize = 0;
    long cost = 0;
    for (int i = 0; i < used; i++) {
      ConvPart part = parts[i];
      part.packedOff = packedSize;
      part.blocks = part.patches.blocks();
      packedSize += part.blocks * rowPanels * ROWS * Tile.DEPTH;
      int depth = part.patches.channels * part.patches.taps();
      cost += (long) m * depth * part.patches.width() / Tile.LANES;
    }
    packed = workers.grow(packed, packedSize);
    packTasks = Math.min(16, rowPanels);
    workers.run(packTasks, packedSize, packing);

    colTasks = 0;
    for (int i = 0; i < used; i++) {
      int blocks = Partition.columnBlocks(parts[i].patches.width(), MAX_COLUMNS);
      colTasks = Math.max(colTasks, blocks);
    }
    rowTasks = Partition.rowBlocks(m, colTasks, cost);
    workers.run(colTasks * rowTasks, cost, this);
    this.weights = null;
    this.out = null;
    this.bias = null;
    for (int i = 0; i < used; i++) {
      parts[i].patches.image = null;
    }
  }

  /** Packs some tiles' rows of all parts, which lie next to each other in the weights. */
  private void packWeights(int task, int worker) {
    int tiles = Tile.padRows(m) / ROWS;
    float[] stage = workers.scratch(worker).a(ROWS * Tile.DEPTH);
    int to = Partition.start(task + 1, packTasks, tiles);
    for (int tile = Partition.start(task, packTasks, tiles); tile < to; tile++) {
      for (int i = 0; i < used; i++) {
        parts[i].packWeights(packed, weights, tile, tiles, m, stage);
      }
    }
  }

  /**
   * Computes one block of every part: about the same images, so that pixels of all phases are
   * written while their cache lines are near.
   */
  @Override
  public void run(int task, int worker) {
    for (int i = 0; i < used; i++) {
      computeBlock(parts[i], task / rowTasks, task % rowTasks, worker);
    }
  }

  private void computeBlock(ConvPart part, int colTask, int rowTask, int worker) {
    Patches patches = part.patches;
    int rowPanels = Tile.padRows(m) / ROWS;
    int colPanels = Tile.padCols(patches.width()) / COLS;
    int row0 = Partition.start(rowTask, rowTasks, rowPanels) * ROWS;
    int row1 = Math.min(m, Partition.start(rowTask + 1, rowTasks, rowPanels) * ROWS);
    int col0 = Partition.start(colTask, colTasks, colPanels) * COLS;
    int col1 = Partition.start(colTask + 1, colTasks, colPanels) * COLS;

    Scratch scratch = workers.scratch(worker);
    int ldc = col1 - col0;
    if (ldc == 0) {
      return;
    }
    float[] pb = scratch.b(ldc * Tile.DEPTH + Tile.LANES);
    float[] c = scratch.c(Tile.padRows(row1 - row0) * ldc);
    for (int block = 0; block < part.blocks; block++) {
      int depth = patches.depth(block);
      for (int col = 0; col < ldc; col += COLS) {
        patches.packPanel(pb, col * depth, block, col0 + col, scratch.patches);
      }
      Panels.multiply(
          row1 - row0,
          ldc,
          depth,
          packed,
          part.packedOff + (block * rowPanels * ROWS + row0) * Tile.DEPTH,
          pb,
          0,
          c,
          0,
          ldc,
          block > 0,
          scratch.edge);
    }
    part.store(
        c,
        ldc,
        row0,
        row1,
        col0,
        Math.min(col1, patches.width()),
        out,
        outOff,
        m,
        outRows,
        outCols,
        bias,
        biasOff);
  }
}
