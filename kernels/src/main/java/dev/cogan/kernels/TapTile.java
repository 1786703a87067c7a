package dev.cogan.kernels;

/**
 * The register tile of {@link Tile} with a right factor that is not packed: the panel's two vectors
 * of each step lie wherever a table says.
 */
final class TapTile {
  private TapTile() {}

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
