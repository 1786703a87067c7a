package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel of {@link TapTile} for 16 vector registers, made like {@link Tile5x2}. Storing
 * goes two steps at a time: with one, JDK 17 moved seven of the ten sums to other registers in
 * every step, in most of its starts.
 */
final class TapTile5x2 {
  private TapTile5x2() {}

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
    aOff = Tile.place(aOff);
    tap = Tile.place(tap);
    depth = Tile.steps(depth);
    for (int p = 0; p < depth; p += 2) {
      int from = at[tap + p];
      FloatVector left = FloatVector.fromArray(F, pixels, from + first);
      FloatVector right = FloatVector.fromArray(F, pixels, from + second);
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
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p]));
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
      if (p + 1 == depth) {
        break;
      }
      from = at[tap + p + 1];
      left = FloatVector.fromArray(F, pixels, from + first);
      right = FloatVector.fromArray(F, pixels, from + second);
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
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p + 1]));
      l4 = x.fma(left, l4);
      r4 = x.fma(right, r4);
    }
    FloatVector add = TYPE.cast(FloatVector.broadcast(F, bias[biasOff]));
    TYPE.cast(add.add(l0)).intoArray(c, cOff);
    TYPE.cast(add.add(r0)).intoArray(c, cOff + LANES);
    add = TYPE.cast(FloatVector.broadcast(F, bias[biasOff + 1]));
    TYPE.cast(add.add(l1)).intoArray(c, cOff + ldc);
    TYPE.cast(add.add(r1)).intoArray(c, cOff + ldc + LANES);
    add = TYPE.cast(FloatVector.broadcast(F, bias[biasOff + 2]));
    TYPE.cast(add.add(l2)).intoArray(c, cOff + 2 * ldc);
    TYPE.cast(add.add(r2)).intoArray(c, cOff + 2 * ldc + LANES);
    add = TYPE.cast(FloatVector.broadcast(F, bias[biasOff + 3]));
    TYPE.cast(add.add(l3)).intoArray(c, cOff + 3 * ldc);
    TYPE.cast(add.add(r3)).intoArray(c, cOff + 3 * ldc + LANES);
    add = TYPE.cast(FloatVector.broadcast(F, bias[biasOff + 4]));
    TYPE.cast(add.add(l4)).intoArray(c, cOff + 4 * ldc);
    TYPE.cast(add.add(r4)).intoArray(c, cOff + 4 * ldc + LANES);
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
    aOff = Tile.place(aOff);
    tap = Tile.place(tap);
    depth = Tile.steps(depth);
    int never = depth + 1;
    for (int p = 0; p < depth; p++) {
      int from = at[tap + p];
      FloatVector left = FloatVector.fromArray(F, pixels, from + first);
      FloatVector right = FloatVector.fromArray(F, pixels, from + second);
      FloatVector x = TYPE.cast(FloatVector.broadcast(F, a[aOff + p]));
      l0 = x.fma(left, l0);
      r0 = x.fma(right, r0);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + DEPTH + p]));
      l1 = x.fma(left, l1);
      r1 = x.fma(right, r1);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 2 * DEPTH + p]));
      l2 = x.fma(left, l2);
      r2 = x.fma(right, r2);
      if (p == never) {
        break;
      }
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 3 * DEPTH + p]));
      l3 = x.fma(left, l3);
      r3 = x.fma(right, r3);
      x = TYPE.cast(FloatVector.broadcast(F, a[aOff + 4 * DEPTH + p]));
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
