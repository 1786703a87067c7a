package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.LANES;

/**
 * The register tile of {@link Tile} with a right factor that is not packed: the panel's two vectors
 * of each step lie wherever a table says.
 */
final class TapTile {
  /** Tiles that share a panel, from which on packing it costs less than it saves. */
  private static final int SHARED = 3;

  private TapTile() {}

  /**
   * Whether the panel that some tiles share should be {@linkplain #pack packed} and multiplied by
   * {@link Tile}: reading without a table takes a fifth fewer instructions with 16 registers. Not
   * measured with 32, where a tile multiplies more for each vector that it reads.
   */
  static boolean packs(int tiles) {
    return !Tile.WIDE && tiles >= SHARED;
  }

  /**
   * Packs the panel that {@link #multiply} reads where it lies.
   *
   * @param dst gets {@code depth * COLS} floats
   */
  static void pack(
      float[] pixels,
      int[] at,
      int tap,
      int depth,
      int first,
      int second,
      float[] dst,
      int dstOff) {
    for (int p = 0; p < depth; p++) {
      int from = at[tap + p];
      int to = dstOff + p * COLS;
      load(pixels, from + first).intoArray(dst, to);
      load(pixels, from + second).intoArray(dst, to + LANES);
    }
  }

  /**
   * {@code c[row, j] = bias[row] + sum over p of a[row, p] * pixels[at[tap + p] + place of j]}.
   *
   * @param rows rows that are wanted; as many as {@link Tile#height} says are written
   * @param a rows {@code DEPTH} apart
   * @param first place of the first vector of columns
   * @param second place of the second
   * @param c rows {@code ldc} apart
   * @param bias one for every row that is written
   */
  static void multiply(
      int rows,
      int depth,
      float[] a,
      int aOff,
      float[] pixels,
      int[] at,
      int tap,
      int first,
      int second,
      float[] c,
      int cOff,
      int ldc,
      float[] bias,
      int biasOff) {
    if (!Tile.WIDE) {
      TapTile5x2.multiply(
          depth, a, aOff, pixels, at, tap, first, second, c, cOff, ldc, bias, biasOff);
    } else if (rows <= Tile.HALF_ROWS) {
      TapTile4x2.multiply(
          depth, a, aOff, pixels, at, tap, first, second, c, cOff, ldc, bias, biasOff);
    } else {
      TapTile8x2.multiply(
          depth, a, aOff, pixels, at, tap, first, second, c, cOff, ldc, bias, biasOff);
    }
  }

  /** {@code c[row, j] += sum over p of a[row, p] * pixels[at[tap + p] + place of j]}. */
  static void multiplyAdd(
      int rows,
      int depth,
      float[] a,
      int aOff,
      float[] pixels,
      int[] at,
      int tap,
      int first,
      int second,
      float[] c,
      int cOff,
      int ldc) {
    if (!Tile.WIDE) {
      TapTile5x2.multiplyAdd(depth, a, aOff, pixels, at, tap, first, second, c, cOff, ldc);
    } else if (rows <= Tile.HALF_ROWS) {
      TapTile4x2.multiplyAdd(depth, a, aOff, pixels, at, tap, first, second, c, cOff, ldc);
    } else {
      TapTile8x2.multiplyAdd(depth, a, aOff, pixels, at, tap, first, second, c, cOff, ldc);
    }
  }
}
