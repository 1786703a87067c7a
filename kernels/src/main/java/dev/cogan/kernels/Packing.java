package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import java.util.Arrays;

/**
 * Copies strided matrices into the blocks that {@link Tile} multiplies. Element (line, p) of the
 * source, where a line is a row of A or a column of B, is {@code src[off + line * lineStride + p *
 * stepStride]}. Lines that the matrix does not have become zeros.
 */
final class Packing {
  /** Lines that are interleaved at a time. */
  private static final int GROUP = 8;

  /** Distance of rows from which on whole rows are copied. */
  private static final int FAR_ROWS = 1024;

  /** Fewest such rows. */
  private static final int FAR_STEPS = 64;

  private Packing() {}

  /** At most {@code ROWS} rows of an A block. */
  static void rows(
      float[] dst,
      int dstOff,
      float[] src,
      int off,
      int lineStride,
      int stepStride,
      int lines,
      int steps) {
    for (int line = lines; line < ROWS; line++) {
      Arrays.fill(dst, dstOff + line * DEPTH, dstOff + line * DEPTH + steps, 0f);
    }
    if (stepStride == 1) {
      for (int line = 0; line < lines; line++) {
        System.arraycopy(src, off + line * lineStride, dst, dstOff + line * DEPTH, steps);
      }
    } else if (lineStride < stepStride && lines == ROWS) {
      for (int p = 0; p < steps; p++) {
        int s = off + p * stepStride;
        for (int line = 0; line < ROWS; line++) {
          dst[dstOff + line * DEPTH + p] = src[s + line * lineStride];
        }
      }
    } else {
      for (int line = 0; line < lines; line++) {
        int s = off + line * lineStride;
        int d = dstOff + line * DEPTH;
        for (int p = 0; p < steps; p++) {
          dst[d + p] = src[s + p * stepStride];
        }
      }
    }
  }

  /** One panel of B, at most {@code COLS} columns. */
  static void cols(
      float[] dst,
      int dstOff,
      float[] src,
      int off,
      int lineStride,
      int stepStride,
      int lines,
      int steps) {
    if (lines < COLS) {
      Arrays.fill(dst, dstOff, dstOff + steps * COLS, 0f);
    }
    if (lineStride != 1) {
      int line = 0;
      for (; line <= lines - GROUP; line += GROUP) {
        interleave(dst, dstOff + line, src, off + line * lineStride, lineStride, stepStride, steps);
      }
      for (; line < lines; line++) {
        int s = off + line * lineStride;
        int d = dstOff + line;
        for (int p = 0; p < steps; p++) {
          dst[d + p * COLS] = src[s + p * stepStride];
        }
      }
    } else if (lines == COLS) {
      for (int p = 0; p < steps; p++) {
        int s = off + p * stepStride;
        int d = dstOff + p * COLS;
        load(src, s).intoArray(dst, d);
        load(src, s + LANES).intoArray(dst, d + LANES);
      }
    } else {
      for (int p = 0; p < steps; p++) {
        System.arraycopy(src, off + p * stepStride, dst, dstOff + p * COLS, lines);
      }
    }
  }

  /**
   * Some columns of B, whose rows are {@code ldb} apart, as panels one after the other. Where rows
   * are far apart, a whole row of all panels is copied at a time: 128 bytes here and there in as
   * many pages cost up to a third more for the whole product.
   */
  static void panels(float[] dst, int dstOff, float[] src, int off, int ldb, int cols, int steps) {
    int done = 0;
    if (steps >= FAR_STEPS && ldb >= FAR_ROWS) {
      done = cols / COLS * COLS;
      rowByRow(dst, dstOff, src, off, ldb, cols / COLS, steps);
    }
    for (; done < cols; done += COLS) {
      cols(dst, dstOff + done * steps, src, off + done, 1, ldb, Math.min(COLS, cols - done), steps);
    }
  }

  private static void rowByRow(
      float[] dst, int dstOff, float[] src, int off, int ldb, int panels, int steps) {
    for (int p = 0; p < steps; p++) {
      int from = off + p * ldb;
      int to = dstOff + p * COLS;
      for (int i = 0; i < panels; i++) {
        int s = from + i * COLS;
        int d = to + i * steps * COLS;
        load(src, s).intoArray(dst, d);
        load(src, s + LANES).intoArray(dst, d + LANES);
      }
    }
  }

  private static void interleave(
      float[] dst, int dstOff, float[] src, int off, int lineStride, int stepStride, int steps) {
    for (int p = 0; p < steps; p++) {
      int d = dstOff + p * COLS;
      int s = off + p * stepStride;
      dst[d] = src[s];
      dst[d + 1] = src[s + lineStride];
      dst[d + 2] = src[s + 2 * lineStride];
      dst[d + 3] = src[s + 3 * lineStride];
      dst[d + 4] = src[s + 4 * lineStride];
      dst[d + 5] = src[s + 5 * lineStride];
      dst[d + 6] = src[s + 6 * lineStride];
      dst[d + 7] = src[s + 7 * lineStride];
    }
  }
}
