package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import java.util.Arrays;

/**
 * The kernel's rows combined to the weights of a {@link RowPlan}, packed as rows of A. Along K lie
 * the taps of a row of every channel.
 */
final class RowWeights {
  int blocks;
  int tiles;
  private int weights;
  private float[] packed = new float[0];

  /**
   * @param workers count the memory
   * @param weights combinations
   * @param m rows of the matrices
   * @param k columns
   */
  void prepare(Workers workers, int weights, int m, int k) {
    this.weights = weights;
    blocks = Tile.depthBlocks(k);
    tiles = Tile.padRows(m) / ROWS;
    packed = workers.grow(packed, weights * tiles * blocks * ROWS * DEPTH);
  }

  float[] packed() {
    return packed;
  }

  /** Where the rows of a tile begin, in one block along K. */
  int at(int weight, int tile, int block) {
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
