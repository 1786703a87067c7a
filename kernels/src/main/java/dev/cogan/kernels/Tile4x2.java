package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
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
    aOff = Tile.place(aOff);
    bOff = Tile.place(bOff);
    depth = Tile.steps(depth);
    for (int p = 0; p < depth; p += 2) {
      FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
      FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
      FloatVector x = TYPE.cast(FloatVector.broadcast(F, a[aOff + p]));
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + DEPTH + p]));
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p]));
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p]));
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      if (p + 1 == depth) {
        break;
      }
      left = FloatVector.fromArray(F, b, bOff + p * COLS + COLS);
      right = FloatVector.fromArray(F, b, bOff + p * COLS + COLS + LANES);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + p + 1]));
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + DEPTH + p + 1]));
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p + 1]));
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p + 1]));
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
    }
    TYPE.cast(l0).intoArray(c, cOff);
    TYPE.cast(r0).intoArray(c, cOff + LANES);
    TYPE.cast(l1).intoArray(c, cOff + ldc);
    TYPE.cast(r1).intoArray(c, cOff + ldc + LANES);
    TYPE.cast(l2).intoArray(c, cOff + 2 * ldc);
    TYPE.cast(r2).intoArray(c, cOff + 2 * ldc + LANES);
    TYPE.cast(l3).intoArray(c, cOff + 3 * ldc);
    TYPE.cast(r3).intoArray(c, cOff + 3 * ldc + LANES);
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
    aOff = Tile.place(aOff);
    bOff = Tile.place(bOff);
    depth = Tile.steps(depth);
    for (int p = 0; p < depth; p += 2) {
      FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
      FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
      FloatVector x = TYPE.cast(FloatVector.broadcast(F, a[aOff + p]));
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + DEPTH + p]));
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p]));
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p]));
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      if (p + 1 == depth) {
        break;
      }
      left = FloatVector.fromArray(F, b, bOff + p * COLS + COLS);
      right = FloatVector.fromArray(F, b, bOff + p * COLS + COLS + LANES);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + p + 1]));
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + DEPTH + p + 1]));
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p + 1]));
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p + 1]));
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
    }
    FloatVector one = TYPE.cast(FloatVector.broadcast(F, 1f));
    TYPE.cast(one.fma(l0, FloatVector.fromArray(F, c, cOff))).intoArray(c, cOff);
    TYPE.cast(one.fma(r0, FloatVector.fromArray(F, c, cOff + LANES))).intoArray(c, cOff + LANES);
    TYPE.cast(one.fma(l1, FloatVector.fromArray(F, c, cOff + ldc))).intoArray(c, cOff + ldc);
    TYPE.cast(one.fma(r1, FloatVector.fromArray(F, c, cOff + ldc + LANES)))
        .intoArray(c, cOff + ldc + LANES);
    TYPE.cast(one.fma(l2, FloatVector.fromArray(F, c, cOff + 2 * ldc)))
        .intoArray(c, cOff + 2 * ldc);
    TYPE.cast(one.fma(r2, FloatVector.fromArray(F, c, cOff + 2 * ldc + LANES)))
        .intoArray(c, cOff + 2 * ldc + LANES);
    TYPE.cast(one.fma(l3, FloatVector.fromArray(F, c, cOff + 3 * ldc)))
        .intoArray(c, cOff + 3 * ldc);
    TYPE.cast(one.fma(r3, FloatVector.fromArray(F, c, cOff + 3 * ldc + LANES)))
        .intoArray(c, cOff + 3 * ldc + LANES);
  }
}
