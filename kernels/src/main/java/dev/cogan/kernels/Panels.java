package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.ROWS;

/** Products of packed panels, tile by tile. */
final class Panels {
  private Panels() {}

  /**
   * {@code C = A * B} or {@code C += A * B} for a block of C; the panels of A and of B follow each
   * other without a gap.
   *
   * @param rows rows of C; the last panel of A may be partly filled
   * @param cols columns of C; the last panel of B may be partly filled
   * @param edge room for one tile, of the thread's own
   */
  static void multiply(
      int rows,
      int cols,
      int depth,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int ldc,
      boolean add,
      float[] edge) {
    for (int row = 0; row < rows; row += ROWS) {
      int aPanel = aOff + row * depth;
      int cRow = cOff + row * ldc;
      int height = Math.min(ROWS, rows - row);
      for (int col = 0; col < cols; col += COLS) {
        int bPanel = bOff + col * depth;
        int width = Math.min(COLS, cols - col);
        if (height == ROWS && width == COLS) {
          Tile.multiply(depth, a, aPanel, b, bPanel, c, cRow + col, ldc, add);
        } else if (height <= 4 && Tile.WIDE) {
          if (height == 4 && width == COLS) {
            Tile8x2.multiplyHalf(depth, a, aPanel, b, bPanel, c, cRow + col, ldc, add);
          } else {
            Tile8x2.multiplyHalf(depth, a, aPanel, b, bPanel, edge, 0, COLS, false);
            copy(height, width, edge, c, cRow + col, ldc, add);
          }
        } else {
          Tile.multiply(depth, a, aPanel, b, bPanel, edge, 0, COLS, false);
          copy(height, width, edge, c, cRow + col, ldc, add);
        }
      }
    }
  }

  /** The part of a tile that lies inside the matrix. */
  private static void copy(
      int height, int width, float[] edge, float[] c, int cOff, int ldc, boolean add) {
    for (int i = 0; i < height; i++) {
      int from = i * COLS;
      int to = cOff + i * ldc;
      if (add) {
        for (int j = 0; j < width; j++) {
          c[to + j] += edge[from + j];
        }
      } else {
        System.arraycopy(edge, from, c, to, width);
      }
    }
  }
}
