package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel for 32 vector registers: 8 rows of two vectors. Unrolled by hand, because a
 * vector that is kept in an array is a heap object; two steps at a time where {@link
 * Tile#TWO_STEPS} says so, because what a loop needs besides costs as much as a third of a step
 * where two multiply-adds run at once.
 *
 * <p>Methods are called on vectors that were just made ({@code x.fma(left, l0)}, not {@code
 * l0.add(..)}): their exact class is known to C2, that of a sum carried around a loop is not, and
 * then inlining depends on a profile that may be wrong.
 */
final class Tile8x2 {
  private Tile8x2() {}

  /** {@code c = a * b}, see {@link Tile#multiply}. */
  static void multiply(
      int depth, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff, int ldc) {
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
        FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
        FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
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
        left = FloatVector.fromArray(F, b, bOff + p * COLS + COLS);
        right = FloatVector.fromArray(F, b, bOff + p * COLS + COLS + LANES);
        x = FloatVector.broadcast(F, a[aOff + p + 1]);
        l0 = x.fma(left, l0);
        r0 = x.fma(right, r0);
        x = FloatVector.broadcast(F, a[aOff + DEPTH + p + 1]);
        l1 = x.fma(left, l1);
        r1 = x.fma(right, r1);
        x = FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p + 1]);
        l2 = x.fma(left, l2);
        r2 = x.fma(right, r2);
        x = FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p + 1]);
        l3 = x.fma(left, l3);
        r3 = x.fma(right, r3);
        x = FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p + 1]);
        l4 = x.fma(left, l4);
        r4 = x.fma(right, r4);
        x = FloatVector.broadcast(F, a[aOff + 5 * DEPTH + p + 1]);
        l5 = x.fma(left, l5);
        r5 = x.fma(right, r5);
        x = FloatVector.broadcast(F, a[aOff + 6 * DEPTH + p + 1]);
        l6 = x.fma(left, l6);
        r6 = x.fma(right, r6);
        x = FloatVector.broadcast(F, a[aOff + 7 * DEPTH + p + 1]);
        l7 = x.fma(left, l7);
        r7 = x.fma(right, r7);
      }
      if (p < depth) {
        FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
        FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
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
      bOff = Tile.place(bOff);
      depth = Tile.steps(depth);
      for (; p < depth; p++) {
        FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
        FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
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
    zero.add(l6).intoArray(c, cOff + 6 * ldc);
    zero.add(r6).intoArray(c, cOff + 6 * ldc + LANES);
    zero.add(l7).intoArray(c, cOff + 7 * ldc);
    zero.add(r7).intoArray(c, cOff + 7 * ldc + LANES);
  }

  /** {@code c += a * b}, see {@link Tile#multiply}. */
  static void multiplyAdd(
      int depth, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff, int ldc) {
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
        FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
        FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
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
        left = FloatVector.fromArray(F, b, bOff + p * COLS + COLS);
        right = FloatVector.fromArray(F, b, bOff + p * COLS + COLS + LANES);
        x = FloatVector.broadcast(F, a[aOff + p + 1]);
        l0 = x.fma(left, l0);
        r0 = x.fma(right, r0);
        x = FloatVector.broadcast(F, a[aOff + DEPTH + p + 1]);
        l1 = x.fma(left, l1);
        r1 = x.fma(right, r1);
        x = FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p + 1]);
        l2 = x.fma(left, l2);
        r2 = x.fma(right, r2);
        x = FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p + 1]);
        l3 = x.fma(left, l3);
        r3 = x.fma(right, r3);
        x = FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p + 1]);
        l4 = x.fma(left, l4);
        r4 = x.fma(right, r4);
        x = FloatVector.broadcast(F, a[aOff + 5 * DEPTH + p + 1]);
        l5 = x.fma(left, l5);
        r5 = x.fma(right, r5);
        x = FloatVector.broadcast(F, a[aOff + 6 * DEPTH + p + 1]);
        l6 = x.fma(left, l6);
        r6 = x.fma(right, r6);
        x = FloatVector.broadcast(F, a[aOff + 7 * DEPTH + p + 1]);
        l7 = x.fma(left, l7);
        r7 = x.fma(right, r7);
      }
      if (p < depth) {
        FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
        FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
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
      bOff = Tile.place(bOff);
      depth = Tile.steps(depth);
      for (; p < depth; p++) {
        FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
        FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
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
