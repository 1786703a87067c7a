package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel of {@link TapTile} for 32 vector registers, made like {@link Tile8x2}. What
 * checks the places comes before the sums change: otherwise C2 keeps copies of the sums.
 */
final class TapTile8x2 {
  private TapTile8x2() {}

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
    FloatVector l4 = none;
    FloatVector r4 = none;
    FloatVector l5 = none;
    FloatVector r5 = none;
    FloatVector l6 = none;
    FloatVector r6 = none;
    FloatVector l7 = none;
    FloatVector r7 = none;
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
        x = FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p + 1]);
        l4 = x.fma(nextLeft, l4);
        r4 = x.fma(nextRight, r4);
        x = FloatVector.broadcast(F, a[aOff + 5 * DEPTH + p + 1]);
        l5 = x.fma(nextLeft, l5);
        r5 = x.fma(nextRight, r5);
        x = FloatVector.broadcast(F, a[aOff + 6 * DEPTH + p + 1]);
        l6 = x.fma(nextLeft, l6);
        r6 = x.fma(nextRight, r6);
        x = FloatVector.broadcast(F, a[aOff + 7 * DEPTH + p + 1]);
        l7 = x.fma(nextLeft, l7);
        r7 = x.fma(nextRight, r7);
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
    add = FloatVector.broadcast(F, bias[biasOff + 4]);
    add.add(l4).intoArray(c, cOff + 4 * ldc);
    add.add(r4).intoArray(c, cOff + 4 * ldc + LANES);
    add = FloatVector.broadcast(F, bias[biasOff + 5]);
    add.add(l5).intoArray(c, cOff + 5 * ldc);
    add.add(r5).intoArray(c, cOff + 5 * ldc + LANES);
    add = FloatVector.broadcast(F, bias[biasOff + 6]);
    add.add(l6).intoArray(c, cOff + 6 * ldc);
    add.add(r6).intoArray(c, cOff + 6 * ldc + LANES);
    add = FloatVector.broadcast(F, bias[biasOff + 7]);
    add.add(l7).intoArray(c, cOff + 7 * ldc);
    add.add(r7).intoArray(c, cOff + 7 * ldc + LANES);
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
    FloatVector l4 = none;
    FloatVector r4 = none;
    FloatVector l5 = none;
    FloatVector r5 = none;
    FloatVector l6 = none;
    FloatVector r6 = none;
    FloatVector l7 = none;
    FloatVector r7 = none;
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
        x = FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p + 1]);
        l4 = x.fma(nextLeft, l4);
        r4 = x.fma(nextRight, r4);
        x = FloatVector.broadcast(F, a[aOff + 5 * DEPTH + p + 1]);
        l5 = x.fma(nextLeft, l5);
        r5 = x.fma(nextRight, r5);
        x = FloatVector.broadcast(F, a[aOff + 6 * DEPTH + p + 1]);
        l6 = x.fma(nextLeft, l6);
        r6 = x.fma(nextRight, r6);
        x = FloatVector.broadcast(F, a[aOff + 7 * DEPTH + p + 1]);
        l7 = x.fma(nextLeft, l7);
        r7 = x.fma(nextRight, r7);
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
    FloatVector.fromArray(F, c, cOff + 4 * ldc).add(l4).intoArray(c, cOff + 4 * ldc);
    FloatVector.fromArray(F, c, cOff + 4 * ldc + LANES)
        .add(r4)
        .intoArray(c, cOff + 4 * ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 5 * ldc).add(l5).intoArray(c, cOff + 5 * ldc);
    FloatVector.fromArray(F, c, cOff + 5 * ldc + LANES)
        .add(r5)
        .intoArray(c, cOff + 5 * ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 6 * ldc).add(l6).intoArray(c, cOff + 6 * ldc);
    FloatVector.fromArray(F, c, cOff + 6 * ldc + LANES)
        .add(r6)
        .intoArray(c, cOff + 6 * ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 7 * ldc).add(l7).intoArray(c, cOff + 7 * ldc);
    FloatVector.fromArray(F, c, cOff + 7 * ldc + LANES)
        .add(r7)
        .intoArray(c, cOff + 7 * ldc + LANES);
  }
}
