package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.PAIR_STEPS;

import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel for 16 vector registers: 5 rows of two vectors, made like {@link Tile8x2}, one
 * step per round. With 6 rows, whose 12 sums leave four registers, compilers kept some of the sums
 * in memory and took up to twice as long (decision 0017).
 *
 * <p>The exit that is never taken parts the rows of a step: what belongs to the rows after it is
 * not loaded before it, for which there would be no registers.
 */
final class Tile5x2 {
  private Tile5x2() {}

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
    aOff = Tile.place(aOff);
    bOff = Tile.place(bOff);
    depth = Tile.steps(depth);
    int never = depth + 1;
    for (int p = 0; p < depth; p++) {
      FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
      FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
      FloatVector x = TYPE.cast(FloatVector.broadcast(F, a[aOff + p]));
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + PAIR_STEPS + p]));
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 2 * PAIR_STEPS + p]));
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      if (p == never) {
        break;
      }
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 3 * PAIR_STEPS + p]));
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 4 * PAIR_STEPS + p]));
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
    }
    TYPE.cast(l0).intoArray(c, cOff);
    TYPE.cast(r0).intoArray(c, cOff + LANES);
    TYPE.cast(l1).intoArray(c, cOff + ldc);
    TYPE.cast(r1).intoArray(c, cOff + ldc + LANES);
    TYPE.cast(l2).intoArray(c, cOff + 2 * ldc);
    TYPE.cast(r2).intoArray(c, cOff + 2 * ldc + LANES);
    TYPE.cast(l3).intoArray(c, cOff + 3 * ldc);
    TYPE.cast(r3).intoArray(c, cOff + 3 * ldc + LANES);
    TYPE.cast(l4).intoArray(c, cOff + 4 * ldc);
    TYPE.cast(r4).intoArray(c, cOff + 4 * ldc + LANES);
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
    aOff = Tile.place(aOff);
    bOff = Tile.place(bOff);
    depth = Tile.steps(depth);
    int never = depth + 1;
    for (int p = 0; p < depth; p++) {
      FloatVector left = FloatVector.fromArray(F, b, bOff + p * COLS);
      FloatVector right = FloatVector.fromArray(F, b, bOff + p * COLS + LANES);
      FloatVector x = TYPE.cast(FloatVector.broadcast(F, a[aOff + p]));
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + PAIR_STEPS + p]));
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 2 * PAIR_STEPS + p]));
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      if (p == never) {
        break;
      }
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 3 * PAIR_STEPS + p]));
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 4 * PAIR_STEPS + p]));
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
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
    TYPE.cast(one.fma(l4, FloatVector.fromArray(F, c, cOff + 4 * ldc)))
        .intoArray(c, cOff + 4 * ldc);
    TYPE.cast(one.fma(r4, FloatVector.fromArray(F, c, cOff + 4 * ldc + LANES)))
        .intoArray(c, cOff + 4 * ldc + LANES);
  }
}
