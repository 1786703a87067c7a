package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/** The upper half of {@link Tile8x2}, made like it: for the last rows of a matrix. */
final class Tile4x2 {
  private Tile4x2() {}

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
