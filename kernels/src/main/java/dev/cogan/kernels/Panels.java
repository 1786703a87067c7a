package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.ROWS;

/** Products of packed blocks, tile by tile. */
final class Panels {
  /**
   * Floats of a block of B that stays in the second-level cache while rows of A pass by, so that C
   * is written along its rows. Tiles one below the other, whose rows in C may be pages apart, wait
   * for their lines: products with short K took up to 1.5 times as long (Zen 3). Not measured with
   * 32 registers, where tiles are twice as wide.
   */
  private static final int NEAR = Tile.WIDE ? 0 : 32 << 10;

  private Panels() {}

  /**
   * {@code C = A * B} or {@code C += A * B} for a block of C.
   *
   * @param rows rows of C; A has as many, padded to whole tiles
   * @param cols columns of C; the last panel of B may be partly filled
   * @param b panels of {@code depth * COLS} floats, one after the other
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
    // The larger factor is read once, the smaller one again and again from the nearer cache.
    if (rows > cols || cols * depth <= NEAR) {
      for (int row = 0; row < rows; row += ROWS) {
        for (int col = 0; col < cols; col += COLS) {
          tile(
              Math.min(ROWS, rows - row),
              Math.min(COLS, cols - col),
              depth,
              a,
              aOff + row * DEPTH,
              b,
              bOff + col * depth,
              c,
              cOff + row * ldc + col,
              ldc,
              add,
              edge);
        }
      }
    } else {
      for (int col = 0; col < cols; col += COLS) {
        for (int row = 0; row < rows; row += ROWS) {
          tile(
              Math.min(ROWS, rows - row),
              Math.min(COLS, cols - col),
              depth,
              a,
              aOff + row * DEPTH,
              b,
              bOff + col * depth,
              c,
              cOff + row * ldc + col,
              ldc,
              add,
              edge);
        }
      }
    }
  }

  private static void tile(
      int height,
      int width,
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
    boolean half = Tile.WIDE && height <= Tile.HALF_ROWS;
    int rows = half ? Tile.HALF_ROWS : ROWS;
    if (height == rows && width == COLS) {
      Tile.multiply(rows, depth, a, aOff, b, bOff, c, cOff, ldc, add);
    } else {
      Tile.multiply(rows, depth, a, aOff, b, bOff, edge, 0, COLS, false);
      copy(height, width, edge, c, cOff, ldc, add);
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
