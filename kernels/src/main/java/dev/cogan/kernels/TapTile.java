package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * The register tile of {@link Tile} with a right factor that is not packed: the panel's two vectors
 * of each step lie wherever a table says. Unrolled by hand, as {@link Tile8x2} is.
 */
final class TapTile {
  private TapTile() {}

  /**
   * {@code c[row, j] += sum over p of a[row, p] * pixels[at[tap + p] + place of j]}.
   *
   * @param a rows {@code DEPTH} apart
   * @param left place of the first vector of columns
   * @param right place of the second
   * @param c rows {@code COLS} apart
   */
  static void multiplyAdd(
      int depth,
      float[] a,
      int aOff,
      float[] pixels,
      int[] at,
      int tap,
      int left,
      int right,
      float[] c,
      int cOff) {
    if (Tile.WIDE) {
      wide(depth, a, aOff, pixels, at, tap, left, right, c, cOff);
    } else {
      narrow(depth, a, aOff, pixels, at, tap, left, right, c, cOff);
    }
  }

  private static void wide(
      int depth,
      float[] a,
      int aOff,
      float[] pixels,
      int[] at,
      int tap,
      int left,
      int right,
      float[] c,
      int cOff) {
    FloatVector l0 = FloatVector.zero(F);
    FloatVector r0 = FloatVector.zero(F);
    FloatVector l1 = FloatVector.zero(F);
    FloatVector r1 = FloatVector.zero(F);
    FloatVector l2 = FloatVector.zero(F);
    FloatVector r2 = FloatVector.zero(F);
    FloatVector l3 = FloatVector.zero(F);
    FloatVector r3 = FloatVector.zero(F);
    FloatVector l4 = FloatVector.zero(F);
    FloatVector r4 = FloatVector.zero(F);
    FloatVector l5 = FloatVector.zero(F);
    FloatVector r5 = FloatVector.zero(F);
    FloatVector l6 = FloatVector.zero(F);
    FloatVector r6 = FloatVector.zero(F);
    FloatVector l7 = FloatVector.zero(F);
    FloatVector r7 = FloatVector.zero(F);
    for (int p = 0; p < depth; p++) {
      int from = at[tap + p];
      FloatVector y = FloatVector.fromArray(F, pixels, from + left);
      FloatVector z = FloatVector.fromArray(F, pixels, from + right);
      FloatVector x = FloatVector.broadcast(F, a[aOff + p]);
      l0 = x.fma(y, l0);
      r0 = x.fma(z, r0);
      x = FloatVector.broadcast(F, a[aOff + DEPTH + p]);
      l1 = x.fma(y, l1);
      r1 = x.fma(z, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p]);
      l2 = x.fma(y, l2);
      r2 = x.fma(z, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p]);
      l3 = x.fma(y, l3);
      r3 = x.fma(z, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p]);
      l4 = x.fma(y, l4);
      r4 = x.fma(z, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * DEPTH + p]);
      l5 = x.fma(y, l5);
      r5 = x.fma(z, r5);
      x = FloatVector.broadcast(F, a[aOff + 6 * DEPTH + p]);
      l6 = x.fma(y, l6);
      r6 = x.fma(z, r6);
      x = FloatVector.broadcast(F, a[aOff + 7 * DEPTH + p]);
      l7 = x.fma(y, l7);
      r7 = x.fma(z, r7);
    }
    FloatVector.fromArray(F, c, cOff).add(l0).intoArray(c, cOff);
    FloatVector.fromArray(F, c, cOff + LANES).add(r0).intoArray(c, cOff + LANES);
    FloatVector.fromArray(F, c, cOff + COLS).add(l1).intoArray(c, cOff + COLS);
    FloatVector.fromArray(F, c, cOff + COLS + LANES).add(r1).intoArray(c, cOff + COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 2 * COLS).add(l2).intoArray(c, cOff + 2 * COLS);
    FloatVector.fromArray(F, c, cOff + 2 * COLS + LANES)
        .add(r2)
        .intoArray(c, cOff + 2 * COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 3 * COLS).add(l3).intoArray(c, cOff + 3 * COLS);
    FloatVector.fromArray(F, c, cOff + 3 * COLS + LANES)
        .add(r3)
        .intoArray(c, cOff + 3 * COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 4 * COLS).add(l4).intoArray(c, cOff + 4 * COLS);
    FloatVector.fromArray(F, c, cOff + 4 * COLS + LANES)
        .add(r4)
        .intoArray(c, cOff + 4 * COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 5 * COLS).add(l5).intoArray(c, cOff + 5 * COLS);
    FloatVector.fromArray(F, c, cOff + 5 * COLS + LANES)
        .add(r5)
        .intoArray(c, cOff + 5 * COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 6 * COLS).add(l6).intoArray(c, cOff + 6 * COLS);
    FloatVector.fromArray(F, c, cOff + 6 * COLS + LANES)
        .add(r6)
        .intoArray(c, cOff + 6 * COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 7 * COLS).add(l7).intoArray(c, cOff + 7 * COLS);
    FloatVector.fromArray(F, c, cOff + 7 * COLS + LANES)
        .add(r7)
        .intoArray(c, cOff + 7 * COLS + LANES);
  }

  private static void narrow(
      int depth,
      float[] a,
      int aOff,
      float[] pixels,
      int[] at,
      int tap,
      int left,
      int right,
      float[] c,
      int cOff) {
    FloatVector l0 = FloatVector.zero(F);
    FloatVector r0 = FloatVector.zero(F);
    FloatVector l1 = FloatVector.zero(F);
    FloatVector r1 = FloatVector.zero(F);
    FloatVector l2 = FloatVector.zero(F);
    FloatVector r2 = FloatVector.zero(F);
    FloatVector l3 = FloatVector.zero(F);
    FloatVector r3 = FloatVector.zero(F);
    FloatVector l4 = FloatVector.zero(F);
    FloatVector r4 = FloatVector.zero(F);
    FloatVector l5 = FloatVector.zero(F);
    FloatVector r5 = FloatVector.zero(F);
    for (int p = 0; p < depth; p++) {
      int from = at[tap + p];
      FloatVector y = FloatVector.fromArray(F, pixels, from + left);
      FloatVector z = FloatVector.fromArray(F, pixels, from + right);
      FloatVector x = FloatVector.broadcast(F, a[aOff + p]);
      l0 = x.fma(y, l0);
      r0 = x.fma(z, r0);
      x = FloatVector.broadcast(F, a[aOff + DEPTH + p]);
      l1 = x.fma(y, l1);
      r1 = x.fma(z, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p]);
      l2 = x.fma(y, l2);
      r2 = x.fma(z, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p]);
      l3 = x.fma(y, l3);
      r3 = x.fma(z, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p]);
      l4 = x.fma(y, l4);
      r4 = x.fma(z, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * DEPTH + p]);
      l5 = x.fma(y, l5);
      r5 = x.fma(z, r5);
    }
    FloatVector.fromArray(F, c, cOff).add(l0).intoArray(c, cOff);
    FloatVector.fromArray(F, c, cOff + LANES).add(r0).intoArray(c, cOff + LANES);
    FloatVector.fromArray(F, c, cOff + COLS).add(l1).intoArray(c, cOff + COLS);
    FloatVector.fromArray(F, c, cOff + COLS + LANES).add(r1).intoArray(c, cOff + COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 2 * COLS).add(l2).intoArray(c, cOff + 2 * COLS);
    FloatVector.fromArray(F, c, cOff + 2 * COLS + LANES)
        .add(r2)
        .intoArray(c, cOff + 2 * COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 3 * COLS).add(l3).intoArray(c, cOff + 3 * COLS);
    FloatVector.fromArray(F, c, cOff + 3 * COLS + LANES)
        .add(r3)
        .intoArray(c, cOff + 3 * COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 4 * COLS).add(l4).intoArray(c, cOff + 4 * COLS);
    FloatVector.fromArray(F, c, cOff + 4 * COLS + LANES)
        .add(r4)
        .intoArray(c, cOff + 4 * COLS + LANES);
    FloatVector.fromArray(F, c, cOff + 5 * COLS).add(l5).intoArray(c, cOff + 5 * COLS);
    FloatVector.fromArray(F, c, cOff + 5 * COLS + LANES)
        .add(r5)
        .intoArray(c, cOff + 5 * COLS + LANES);
  }
}
