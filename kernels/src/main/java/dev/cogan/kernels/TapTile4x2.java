package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/** The upper half of {@link TapTile8x2}, for the last channels. */
final class TapTile4x2 {
  private TapTile4x2() {}

  /** {@code c = bias + a * pixels}, see {@link TapTile#multiply}. */
  static void multiply(
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
    FloatVector none = FloatVector.zero(F);
    FloatVector l0 = none;
    FloatVector r0 = none;
    FloatVector l1 = none;
    FloatVector r1 = none;
    FloatVector l2 = none;
    FloatVector r2 = none;
    FloatVector l3 = none;
    FloatVector r3 = none;
    int p = 0;
    if (Tile.TWO_STEPS) {
      for (; p < depth - 1; p += 2) {
        int from = at[tap + p];
        int next = at[tap + p + 1];
        FloatVector left = FloatVector.fromArray(F, pixels, from + first);
        FloatVector right = FloatVector.fromArray(F, pixels, from + second);
        FloatVector nextLeft = FloatVector.fromArray(F, pixels, next + first);
        FloatVector nextRight = FloatVector.fromArray(F, pixels, next + second);
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
        Fence.loads();
        x = FloatVector.broadcast(F, a[aOff + p + 1]);
        l0 = x.fma(nextLeft, l0);
        r0 = x.fma(nextRight, r0);
        x = FloatVector.broadcast(F, a[aOff + DEPTH + p + 1]);
        l1 = x.fma(nextLeft, l1);
        r1 = x.fma(nextRight, r1);
        x = FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p + 1]);
        l2 = x.fma(nextLeft, l2);
        r2 = x.fma(nextRight, r2);
        x = FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p + 1]);
        l3 = x.fma(nextLeft, l3);
        r3 = x.fma(nextRight, r3);
      }
      if (p < depth) {
        int from = at[tap + p];
        FloatVector left = FloatVector.fromArray(F, pixels, from + first);
        FloatVector right = FloatVector.fromArray(F, pixels, from + second);
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
      }
    } else {
      aOff = Tile.place(aOff);
      tap = Tile.place(tap);
      depth = Tile.steps(depth);
      for (; p < depth; p++) {
        int from = at[tap + p];
        FloatVector left = FloatVector.fromArray(F, pixels, from + first);
        FloatVector right = FloatVector.fromArray(F, pixels, from + second);
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
      }
    }
    FloatVector add = FloatVector.broadcast(F, bias[biasOff]);
    add.add(l0).intoArray(c, cOff);
    add.add(r0).intoArray(c, cOff + LANES);
    add = FloatVector.broadcast(F, bias[biasOff + 1]);
    add.add(l1).intoArray(c, cOff + ldc);
    add.add(r1).intoArray(c, cOff + ldc + LANES);
    add = FloatVector.broadcast(F, bias[biasOff + 2]);
    add.add(l2).intoArray(c, cOff + 2 * ldc);
    add.add(r2).intoArray(c, cOff + 2 * ldc + LANES);
    add = FloatVector.broadcast(F, bias[biasOff + 3]);
    add.add(l3).intoArray(c, cOff + 3 * ldc);
    add.add(r3).intoArray(c, cOff + 3 * ldc + LANES);
  }

  /** {@code c += a * pixels}, see {@link TapTile#multiplyAdd}. */
  static void multiplyAdd(
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
    FloatVector none = FloatVector.zero(F);
    FloatVector l0 = none;
    FloatVector r0 = none;
    FloatVector l1 = none;
    FloatVector r1 = none;
    FloatVector l2 = none;
    FloatVector r2 = none;
    FloatVector l3 = none;
    FloatVector r3 = none;
    int p = 0;
    if (Tile.TWO_STEPS) {
      for (; p < depth - 1; p += 2) {
        int from = at[tap + p];
        int next = at[tap + p + 1];
        FloatVector left = FloatVector.fromArray(F, pixels, from + first);
        FloatVector right = FloatVector.fromArray(F, pixels, from + second);
        FloatVector nextLeft = FloatVector.fromArray(F, pixels, next + first);
        FloatVector nextRight = FloatVector.fromArray(F, pixels, next + second);
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
        Fence.loads();
        x = FloatVector.broadcast(F, a[aOff + p + 1]);
        l0 = x.fma(nextLeft, l0);
        r0 = x.fma(nextRight, r0);
        x = FloatVector.broadcast(F, a[aOff + DEPTH + p + 1]);
        l1 = x.fma(nextLeft, l1);
        r1 = x.fma(nextRight, r1);
        x = FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p + 1]);
        l2 = x.fma(nextLeft, l2);
        r2 = x.fma(nextRight, r2);
        x = FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p + 1]);
        l3 = x.fma(nextLeft, l3);
        r3 = x.fma(nextRight, r3);
      }
      if (p < depth) {
        int from = at[tap + p];
        FloatVector left = FloatVector.fromArray(F, pixels, from + first);
        FloatVector right = FloatVector.fromArray(F, pixels, from + second);
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
      }
    } else {
      aOff = Tile.place(aOff);
      tap = Tile.place(tap);
      depth = Tile.steps(depth);
      for (; p < depth; p++) {
        int from = at[tap + p];
        FloatVector left = FloatVector.fromArray(F, pixels, from + first);
        FloatVector right = FloatVector.fromArray(F, pixels, from + second);
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
      }
    }
    FloatVector.fromArray(F, c, cOff).add(l0).intoArray(c, cOff);
    FloatVector.fromArray(F, c, cOff + LANES).add(r0).intoArray(c, cOff + LANES);
    FloatVector.fromArray(F, c, cOff + ldc).add(l1).intoArray(c, cOff + ldc);
    FloatVector.fromArray(F, c, cOff + ldc + LANES).add(r1).intoArray(c, cOff + ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 2 * ldc).add(l2).intoArray(c, cOff + 2 * ldc);
    FloatVector.fromArray(F, c, cOff + 2 * ldc + LANES)
        .add(r2)
        .intoArray(c, cOff + 2 * ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 3 * ldc).add(l3).intoArray(c, cOff + 3 * ldc);
    FloatVector.fromArray(F, c, cOff + 3 * ldc + LANES)
        .add(r3)
        .intoArray(c, cOff + 3 * ldc + LANES);
  }
}
