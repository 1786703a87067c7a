package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Copies strided matrices into the blocks that {@link Tile} multiplies. Element (line, p) of the
 * source, where a line is a row of A or a column of B, is {@code src[off + line * lineStride + p *
 * stepStride]}. Lines that the matrix does not have become zeros.
 */
final class Packing {
  /** Lines that are interleaved at a time. */
  private static final int GROUP = 8;

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
        FloatVector.fromArray(F, src, s).intoArray(dst, d);
        FloatVector.fromArray(F, src, s + LANES).intoArray(dst, d + LANES);
      }
    } else {
      for (int p = 0; p < steps; p++) {
        System.arraycopy(src, off + p * stepStride, dst, dstOff + p * COLS, lines);
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
