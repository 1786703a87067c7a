package dev.cogan.kernels;

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
   * {@code c[row, j] += sum over p of a[row, p] * pixels[at[tap + p] + position + j]}.
   *
   * @param a rows {@code DEPTH} apart
   * @param c rows {@code COLS} apart
   */
  static void multiplyAdd(
      int depth,
      float[] a,
      int aOff,
      float[] pixels,
      int[] at,
      int tap,
      int position,
      float[] c,
      int cOff) {
    if (Tile.WIDE) {
      wide(depth, a, aOff, pixels, at, tap, position, c, cOff);
    } else {
      narrow(depth, a, aOff, pixels, at, tap, position, c, cOff);
    }
  }

  private static void wide(
      int depth,
      float[] a,
      int aOff,
      float[] pixels,
      int[] at,
      int tap,
      int position,
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
      int b = at[tap + p] + position;
      FloatVector left = FloatVector.fromArray(F, pixels, b);
      FloatVector right = FloatVector.fromArray(F, pixels, b + LANES);
      FloatVector x = FloatVector.broadcast(F, a[aOff + p]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(F, a[aOff + DEPTH + p]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * DEPTH + p]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
      x = FloatVector.broadcast(F, a[aOff + 6 * DEPTH + p]);
      l6 = x.fma(left, l6);
      r6 = x.fma(right, r6);
      x = FloatVector.broadcast(F, a[aOff + 7 * DEPTH + p]);
      l7 = x.fma(left, l7);
      r7 = x.fma(right, r7);
    }
    FloatVector.fromArray(F, c, cOff).add(l0).intoArray(c, cOff);
    FloatVector.fromArray(F, c, cOff + LANES).add(r0).intoArray(c, cOff + LANES);
    FloatVector.fromArray(F, c, cOff + 2 * LANES).add(l1).intoArray(c, cOff + 2 * LANES);
    FloatVector.fromArray(F, c, cOff + 3 * LANES).add(r1).intoArray(c, cOff + 3 * LANES);
    FloatVector.fromArray(F, c, cOff + 4 * LANES).add(l2).intoArray(c, cOff + 4 * LANES);
    FloatVector.fromArray(F, c, cOff + 5 * LANES).add(r2).intoArray(c, cOff + 5 * LANES);
    FloatVector.fromArray(F, c, cOff + 6 * LANES).add(l3).intoArray(c, cOff + 6 * LANES);
    FloatVector.fromArray(F, c, cOff + 7 * LANES).add(r3).intoArray(c, cOff + 7 * LANES);
    FloatVector.fromArray(F, c, cOff + 8 * LANES).add(l4).intoArray(c, cOff + 8 * LANES);
    FloatVector.fromArray(F, c, cOff + 9 * LANES).add(r4).intoArray(c, cOff + 9 * LANES);
    FloatVector.fromArray(F, c, cOff + 10 * LANES).add(l5).intoArray(c, cOff + 10 * LANES);
    FloatVector.fromArray(F, c, cOff + 11 * LANES).add(r5).intoArray(c, cOff + 11 * LANES);
    FloatVector.fromArray(F, c, cOff + 12 * LANES).add(l6).intoArray(c, cOff + 12 * LANES);
    FloatVector.fromArray(F, c, cOff + 13 * LANES).add(r6).intoArray(c, cOff + 13 * LANES);
    FloatVector.fromArray(F, c, cOff + 14 * LANES).add(l7).intoArray(c, cOff + 14 * LANES);
    FloatVector.fromArray(F, c, cOff + 15 * LANES).add(r7).intoArray(c, cOff + 15 * LANES);
  }

  private static void narrow(
      int depth,
      float[] a,
      int aOff,
      float[] pixels,
      int[] at,
      int tap,
      int position,
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
      int b = at[tap + p] + position;
      FloatVector left = FloatVector.fromArray(F, pixels, b);
      FloatVector right = FloatVector.fromArray(F, pixels, b + LANES);
      FloatVector x = FloatVector.broadcast(F, a[aOff + p]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(F, a[aOff + DEPTH + p]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * DEPTH + p]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
    }
    FloatVector.fromArray(F, c, cOff).add(l0).intoArray(c, cOff);
    FloatVector.fromArray(F, c, cOff + LANES).add(r0).intoArray(c, cOff + LANES);
    FloatVector.fromArray(F, c, cOff + 2 * LANES).add(l1).intoArray(c, cOff + 2 * LANES);
    FloatVector.fromArray(F, c, cOff + 3 * LANES).add(r1).intoArray(c, cOff + 3 * LANES);
    FloatVector.fromArray(F, c, cOff + 4 * LANES).add(l2).intoArray(c, cOff + 4 * LANES);
    FloatVector.fromArray(F, c, cOff + 5 * LANES).add(r2).intoArray(c, cOff + 5 * LANES);
    FloatVector.fromArray(F, c, cOff + 6 * LANES).add(l3).intoArray(c, cOff + 6 * LANES);
    FloatVector.fromArray(F, c, cOff + 7 * LANES).add(r3).intoArray(c, cOff + 7 * LANES);
    FloatVector.fromArray(F, c, cOff + 8 * LANES).add(l4).intoArray(c, cOff + 8 * LANES);
    FloatVector.fromArray(F, c, cOff + 9 * LANES).add(r4).intoArray(c, cOff + 9 * LANES);
    FloatVector.fromArray(F, c, cOff + 10 * LANES).add(l5).intoArray(c, cOff + 10 * LANES);
    FloatVector.fromArray(F, c, cOff + 11 * LANES).add(r5).intoArray(c, cOff + 11 * LANES);
  }
}
