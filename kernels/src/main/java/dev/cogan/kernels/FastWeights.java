package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.ROWS;

/** The kernel's taps combined to the weights of a {@link FastPlan}. */
final class FastWeights {
  private static final int SIZE = ROWS * DEPTH;

  private FastWeights() {}

  /** Room that {@link #pack} needs. */
  static int room(FastPlan plan) {
    int kh = plan.rowWeights.inputs;
    int kw = plan.colWeights.inputs;
    return (kh * kw + kw) * SIZE;
  }

  /**
   * Packs one tile's rows, in one block along K, for every weight.
   *
   * @param w element (row, k, tap) is {@code w[off + row * rowStride + k * stepStride + tap]}
   * @param dst weight number d goes to {@code dstOff + d * distance}
   */
  static void pack(
      FastPlan plan,
      float[] w,
      int off,
      int rowStride,
      int stepStride,
      int lines,
      int steps,
      float[] dst,
      int dstOff,
      int distance,
      float[] room) {
    int kh = plan.rowWeights.inputs;
    int kw = plan.colWeights.inputs;
    for (int tap = 0; tap < kh * kw; tap++) {
      Packing.rows(room, tap * SIZE, w, off + tap, rowStride, stepStride, lines, steps);
    }
    int middle = kh * kw * SIZE;
    for (int i = 0; i < plan.rowWeights.outputs; i++) {
      Combine.run(plan.rowWeights, i, room, 0, kw * SIZE, room, middle, kw * SIZE);
      for (int j = 0; j < plan.colWeights.outputs; j++) {
        int to = dstOff + (i * plan.colWeights.outputs + j) * distance;
        Combine.run(plan.colWeights, j, room, middle, SIZE, dst, to, SIZE);
      }
    }
  }
}
