package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import java.util.Arrays;

/**
 * The kernel's rows combined to the weights of a {@link RowPlan}, packed as rows of A. Along K lie
 * the taps of a row of every channel.
 */
final class RowWeights {
  int tiles;
  private int blocks;
  private int weights;
  private int m;
  private int k;
  private float[] packed = new float[0];

  /**
   * @param workers count the memory
   * @param weights combinations
   * @param m rows of the matrices
   * @param k columns
   */
  void prepare(Workers workers, int weights, int m, int k) {
    this.weights = weights;
    this.m = m;
    this.k = k;
    blocks = Tile.depthBlocks(k);
    tiles = Tile.padRows(m) / ROWS;
    packed = workers.grow(packed, weights * tiles * blocks * ROWS * DEPTH);
  }

  /**
   * Adds the products of some tiles of a weight with a row of positions.
   *
   * @param tile0 the first tile
   * @param pixels the row under every tap
   * @param at where each step along K begins in it
   * @param start where the first vector of positions is
   * @param right how far behind each vector at an even place the next one is
   * @param strips panels in the row
   * @param near room for one panel of {@code DEPTH} steps
   * @param c sums, {@code [tile][strip][ROWS][COLS]}
   */
  void multiply(
      int weight,
      int tile0,
      int count,
      float[] pixels,
      int[] at,
      int start,
      int right,
      int strips,
      float[] near,
      float[] c,
      int cOff) {
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, k);
      int depth = Partition.start(block + 1, blocks, k) - k0;
      if (TapTile.packs(count)) {
        multiplyPacked(
            weight, tile0, count, block, k0, depth, pixels, at, start, right, strips, near, c,
            cOff);
        continue;
      }
      for (int tile = 0; tile < count; tile++) {
        int a = at(weight, tile0 + tile, block);
        int to = cOff + tile * strips * ROWS * COLS;
        int rows = m - (tile0 + tile) * ROWS;
        for (int strip = 0; strip < strips; strip++, to += ROWS * COLS) {
          int first = start + strip * COLS;
          TapTile.multiplyAdd(
              rows, depth, packed, a, pixels, at, k0, first, first + right, c, to, COLS);
        }
      }
    }
  }

  /** One block along K, panel by panel; each is packed for all tiles. */
  private void multiplyPacked(
      int weight,
      int tile0,
      int count,
      int block,
      int k0,
      int depth,
      float[] pixels,
      int[] at,
      int start,
      int right,
      int strips,
      float[] near,
      float[] c,
      int cOff) {
    for (int strip = 0; strip < strips; strip++) {
      int first = start + strip * COLS;
      TapTile.pack(pixels, at, k0, depth, first, first + right, near, 0);
      int to = cOff + strip * ROWS * COLS;
      for (int tile = 0; tile < count; tile++, to += strips * ROWS * COLS) {
        int a = at(weight, tile0 + tile, block);
        int rows = m - (tile0 + tile) * ROWS;
        Tile.multiply(rows, depth, packed, a, near, 0, c, to, COLS, true);
      }
    }
  }

  /** Where the rows of a tile begin, in one block along K. */
  private int at(int weight, int tile, int block) {
    return ((weight * tiles + tile) * blocks + block) * ROWS * DEPTH;
  }

  /**
   * Packs one tile's rows for every weight.
   *
   * @param combination from the kernel's rows to weights
   * @param w the tap of row u is {@code w[off + line * rowStride + places[p] + u * tapStride]}
   * @param places of every step along K
   * @param lines rows that the matrix has; the others become zeros
   */
  void pack(
      Combination combination,
      int tile,
      float[] w,
      int off,
      int rowStride,
      int tapStride,
      int[] places,
      int k,
      int lines,
      Scratch scratch) {
    int taps = combination.inputs;
    int pitch = k + LANES;
    float[] rows = scratch.b(taps * pitch);
    for (int line = 0; line < ROWS; line++) {
      if (line >= lines) {
        Arrays.fill(rows, 0, taps * pitch, 0f);
      }
      for (int u = 0; u < taps && line < lines; u++) {
        int from = off + line * rowStride + u * tapStride;
        int to = u * pitch;
        for (int p = 0; p < k; p++) {
          rows[to + p] = w[from + places[p]];
        }
      }
      for (int block = 0; block < blocks; block++) {
        int k0 = Partition.start(block, blocks, k);
        int depth = Partition.start(block + 1, blocks, k) - k0;
        int len = (depth + LANES - 1) / LANES * LANES;
        for (int weight = 0; weight < weights; weight++) {
          int to = at(weight, tile, block) + line * DEPTH;
          Combine.run(combination, weight, rows, k0, pitch, packed, to, len);
        }
      }
    }
  }
}
