package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Copies strided matrices into panels (see {@link Tile}). Element (line, p) of the source, where a
 * line is a row of A or a column of B, is {@code src[off + line * lineStride + p * stepStride]}.
 * Lines that the matrix does not have become zeros.
 */
final class Packing {
  /** Steps that are packed together when lines are far apart, so that they stay in L1. */
  private static final int STRIP = 64;

  private Packing() {}

  /** One A panel of {@code lines <= ROWS} rows. */
  static void rows(
      float[] dst,
      int dstOff,
      float[] src,
      int off,
      int lineStride,
      int stepStride,
      int lines,
      int steps) {
    if (lines < ROWS) {
      Arrays.fill(dst, dstOff, dstOff + steps * ROWS, 0f);
    }
    if (lineStride == 1 && lines == ROWS) {
      for (int p = 0; p < steps; p++) {
        int s = off + p * stepStride;
        int d = dstOff + p * ROWS;
        for (int line = 0; line < ROWS; line++) {
          dst[d + line] = src[s + line];
        }
      }
      return;
    }
    for (int line = 0; line < lines; line++) {
      int s = off + line * lineStride;
      int d = dstOff + line;
      if (stepStride == 1) {
        for (int p = 0; p < steps; p++) {
          dst[d + p * ROWS] = src[s + p];
        }
      } else {
        for (int p = 0; p < steps; p++) {
          dst[d + p * ROWS] = src[s + p * stepStride];
        }
      }
    }
  }

  /** One B panel of {@code lines <= COLS} columns. */
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
    if (lineStride == 1) {
      if (lines == COLS) {
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
      return;
    }
    for (int first = 0; first < steps; first += STRIP) {
      int count = Math.min(STRIP, steps - first);
      for (int line = 0; line < lines; line++) {
        int s = off + line * lineStride + first * stepStride;
        int d = dstOff + first * COLS + line;
        if (stepStride == 1) {
          for (int p = 0; p < count; p++) {
            dst[d + p * COLS] = src[s + p];
          }
        } else {
          for (int p = 0; p < count; p++) {
            dst[d + p * COLS] = src[s + p * stepStride];
          }
        }
      }
    }
  }
}
