package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.PAIR_STEPS;

import jdk.incubator.vector.FloatVector;

/** The micro-kernel for 16 vector registers: 6 rows of two vectors, made like {@link Tile8x2}. */
final class Tile6x2 {
  private Tile6x2() {}

  /** {@code c = a * b}, see {@link Tile#multiply}. */
  static void multiply(
      int depth, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff, int ldc) {
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
    int p = 0;
    for (; p < depth - 1; p += 2) {
      FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
      FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
      FloatVector x = FloatVector.broadcast(F, a[aOff + p]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(F, a[aOff + PAIR_STEPS + p]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * PAIR_STEPS + p]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * PAIR_STEPS + p]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * PAIR_STEPS + p]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * PAIR_STEPS + p]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
      Fence.loads();
      left = FloatVector.fromArray(F, b, bOff + p * COLS + COLS);
      right = FloatVector.fromArray(F, b, bOff + p * COLS + COLS + LANES);
      x = FloatVector.broadcast(F, a[aOff + p + 1]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(F, a[aOff + PAIR_STEPS + p + 1]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * PAIR_STEPS + p + 1]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * PAIR_STEPS + p + 1]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * PAIR_STEPS + p + 1]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * PAIR_STEPS + p + 1]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
    }
    if (p < depth) {
      FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
      FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
      FloatVector x = FloatVector.broadcast(F, a[aOff + p]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(F, a[aOff + PAIR_STEPS + p]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * PAIR_STEPS + p]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * PAIR_STEPS + p]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * PAIR_STEPS + p]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * PAIR_STEPS + p]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
    }
    FloatVector zero = FloatVector.zero(F);
    zero.add(l0).intoArray(c, cOff);
    zero.add(r0).intoArray(c, cOff + LANES);
    zero.add(l1).intoArray(c, cOff + ldc);
    zero.add(r1).intoArray(c, cOff + ldc + LANES);
    zero.add(l2).intoArray(c, cOff + 2 * ldc);
    zero.add(r2).intoArray(c, cOff + 2 * ldc + LANES);
    zero.add(l3).intoArray(c, cOff + 3 * ldc);
    zero.add(r3).intoArray(c, cOff + 3 * ldc + LANES);
    zero.add(l4).intoArray(c, cOff + 4 * ldc);
    zero.add(r4).intoArray(c, cOff + 4 * ldc + LANES);
    zero.add(l5).intoArray(c, cOff + 5 * ldc);
    zero.add(r5).intoArray(c, cOff + 5 * ldc + LANES);
  }

  /** {@code c += a * b}, see {@link Tile#multiply}. */
  static void multiplyAdd(
      int depth, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff, int ldc) {
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
    int p = 0;
    for (; p < depth - 1; p += 2) {
      FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
      FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
      FloatVector x = FloatVector.broadcast(F, a[aOff + p]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(F, a[aOff + PAIR_STEPS + p]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * PAIR_STEPS + p]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * PAIR_STEPS + p]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * PAIR_STEPS + p]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * PAIR_STEPS + p]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
      Fence.loads();
      left = FloatVector.fromArray(F, b, bOff + p * COLS + COLS);
      right = FloatVector.fromArray(F, b, bOff + p * COLS + COLS + LANES);
      x = FloatVector.broadcast(F, a[aOff + p + 1]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(F, a[aOff + PAIR_STEPS + p + 1]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * PAIR_STEPS + p + 1]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * PAIR_STEPS + p + 1]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * PAIR_STEPS + p + 1]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * PAIR_STEPS + p + 1]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
    }
    if (p < depth) {
      FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
      FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
      FloatVector x = FloatVector.broadcast(F, a[aOff + p]);
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = FloatVector.broadcast(F, a[aOff + PAIR_STEPS + p]);
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = FloatVector.broadcast(F, a[aOff + 2 * PAIR_STEPS + p]);
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = FloatVector.broadcast(F, a[aOff + 3 * PAIR_STEPS + p]);
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = FloatVector.broadcast(F, a[aOff + 4 * PAIR_STEPS + p]);
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      x = FloatVector.broadcast(F, a[aOff + 5 * PAIR_STEPS + p]);
      l5 = x.fma(left, l5);
      r5 = x.fma(right, r5);
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
  }
}
