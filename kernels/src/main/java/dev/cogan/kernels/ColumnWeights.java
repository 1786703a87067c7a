package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * The weights {@code [cout, cin*kh*kw]} turned round to {@code [cin*kh*kw, cout]} and packed as the
 * left factor of {@link Tile}, block by block. A discriminator's last layer has millions of them.
 */
final class ColumnWeights {
  /** Rows of a task: whole cache lines of the weights, which are read across their rows. */
  private static final int LINES = 64;

  private final Workers workers;
  private final Parallel.Body packing = this::pack;
  private ConvShape s;
  private float[] w;
  private int wOff;
  private float[] packed = new float[0];

  ColumnWeights(Workers workers) {
    this.workers = workers;
  }

  /** The packed weights, in an array that the next call uses again. */
  float[] pack(ConvShape s, float[] w, int wOff) {
    this.s = s;
    this.w = w;
    this.wOff = wOff;
    int m = rows();
    packed = workers.grow(packed, Tile.depthBlocks(s.cout()) * Tile.padRows(m) * Tile.DEPTH);
    workers.run((m + LINES - 1) / LINES, (long) m * s.cout(), packing);
    this.w = null;
    return packed;
  }

  private int rows() {
    return s.cin() * s.kh() * s.kw();
  }

  /** Some rows, in all blocks; the last task pads them to whole tiles. */
  private void pack(int task, int worker) {
    int m = rows();
    int row = task * LINES;
    int rows = Math.min(LINES, m - row);
    int missing = row + rows == m ? Tile.padRows(m) - m : 0;
    int blocks = Tile.depthBlocks(s.cout());
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, s.cout());
      int depth = Partition.start(block + 1, blocks, s.cout()) - k0;
      int to = (block * Tile.padRows(m) + row) * Tile.DEPTH;
      for (int p = 0; p < depth; p += Tile.LANES) {
        int count = Math.min(Tile.LANES, depth - p);
        int from = wOff + (k0 + p) * m + row;
        LaneTurn.toLanes(w, from, m, count, rows, packed, to + p, Tile.DEPTH);
      }
      Arrays.fill(packed, to + rows * Tile.DEPTH, to + (rows + missing) * Tile.DEPTH, 0f);
    }
  }
}
