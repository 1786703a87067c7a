package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.PAIR_ROWS;
import static dev.cogan.kernels.Tile.PAIR_STEPS;

import java.util.Arrays;

/** The kernel's taps combined to the weights of a {@link FastPlan}. */
final class FastWeights {
  private static final int SIZE = PAIR_ROWS * PAIR_STEPS;

  /** Floats from one tap to the next: not a power of two, for the caches' sake. */
  private static final int TAP = SIZE + COLS;

  private FastWeights() {}

  /** Room that {@link #pack} needs. */
  static int room(FastPlan plan) {
    int kh = plan.rowWeights.inputs;
    int kw = plan.colWeights.inputs;
    return (kh * kw + kw) * TAP;
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
    int taps = kh * kw;
    for (int tap = 0; tap < taps && lines < PAIR_ROWS; tap++) {
      Arrays.fill(room, tap * TAP + lines * PAIR_STEPS, tap * TAP + SIZE, 0f);
    }
    if (rowStride < stepStride) {
      for (int p = 0; p < steps; p++) {
        split(w, off + p * stepStride, rowStride, lines, taps, room, p, PAIR_STEPS);
      }
    } else {
      for (int line = 0; line < lines; line++) {
        split(w, off + line * rowStride, stepStride, steps, taps, room, line * PAIR_STEPS, 1);
      }
    }
    int middle = taps * TAP;
    for (int i = 0; i < plan.rowWeights.outputs; i++) {
      Combine.run(plan.rowWeights, i, room, 0, kw * TAP, room, middle, kw * TAP);
      for (int j = 0; j < plan.colWeights.outputs; j++) {
        int to = dstOff + (i * plan.colWeights.outputs + j) * distance;
        Combine.run(plan.colWeights, j, room, middle, TAP, dst, to, SIZE);
      }
    }
  }

  /** Elements whose taps stand side by side, into one place per tap. */
  private static void split(
      float[] w, int off, int stride, int count, int taps, float[] dst, int to, int step) {
    if (taps == 9) {
      splitNine(w, off, stride, count, dst, to, step);
      return;
    }
    for (int i = 0; i < count; i++) {
      int from = off + i * stride;
      int at = to + i * step;
      for (int tap = 0; tap < taps; tap++) {
        dst[at + tap * TAP] = w[from + tap];
      }
    }
  }

  private static void splitNine(
      float[] w, int off, int stride, int count, float[] dst, int to, int step) {
    for (int i = 0; i < count; i++) {
      int from = off + i * stride;
      int at = to + i * step;
      dst[at] = w[from];
      dst[at + TAP] = w[from + 1];
      dst[at + 2 * TAP] = w[from + 2];
      dst[at + 3 * TAP] = w[from + 3];
      dst[at + 4 * TAP] = w[from + 4];
      dst[at + 5 * TAP] = w[from + 5];
      dst[at + 6 * TAP] = w[from + 6];
      dst[at + 7 * TAP] = w[from + 7];
      dst[at + 8 * TAP] = w[from + 8];
    }
  }

  /**
   * Adds taps that lie apart to where they stand side by side.
   *
   * @param src tap t of element i is {@code src[off + i * COLS + t * PAIR_ROWS * COLS]}
   */
  static void join(float[] src, int off, int count, int taps, float[] dst, int to) {
    int size = PAIR_ROWS * COLS;
    if (taps == 9) {
      for (int i = 0; i < count; i++) {
        int at = to + i * 9;
        int from = off + i * COLS;
        dst[at] += src[from];
        dst[at + 1] += src[from + size];
        dst[at + 2] += src[from + 2 * size];
        dst[at + 3] += src[from + 3 * size];
        dst[at + 4] += src[from + 4 * size];
        dst[at + 5] += src[from + 5 * size];
        dst[at + 6] += src[from + 6 * size];
        dst[at + 7] += src[from + 7 * size];
        dst[at + 8] += src[from + 8 * size];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      for (int t = 0; t < taps; t++) {
        dst[to + i * taps + t] += src[off + i * COLS + t * size];
      }
    }
  }
}
