package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.PAIR_ROWS;
import static dev.cogan.kernels.Tile.PAIR_STEPS;

import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel for two neighbouring panels and 32 vector registers: 6 rows of four vectors. A
 * step takes 4 loads and 6 broadcasts for 24 multiply-adds, where two calls of {@link Tile8x2} take
 * 20 for 32: what the processor decodes, not what it multiplies, is the limit of both.
 *
 * <p>The loop can end between its two steps. That spares a tail, and it keeps the compiler from
 * loading the second step's factors during the first, for which there are not enough registers.
 */
final class Tile6x4 {
  private Tile6x4() {}

  /** {@code c = a * b}, see {@link Tile#pair}. */
  static void multiply(
      int depth,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bNext,
      float[] c,
      int cOff,
      int cNext,
      int ldc) {
    int i = Tile.place(aOff);
    int left = Tile.place(bOff);
    int right = Tile.place(bNext);
    int steps = Tile.steps(depth);
    FloatVector none = FloatVector.zero(F);
    FloatVector s00 = none;
    FloatVector s01 = none;
    FloatVector s02 = none;
    FloatVector s03 = none;
    FloatVector s10 = none;
    FloatVector s11 = none;
    FloatVector s12 = none;
    FloatVector s13 = none;
    FloatVector s20 = none;
    FloatVector s21 = none;
    FloatVector s22 = none;
    FloatVector s23 = none;
    FloatVector s30 = none;
    FloatVector s31 = none;
    FloatVector s32 = none;
    FloatVector s33 = none;
    FloatVector s40 = none;
    FloatVector s41 = none;
    FloatVector s42 = none;
    FloatVector s43 = none;
    FloatVector s50 = none;
    FloatVector s51 = none;
    FloatVector s52 = none;
    FloatVector s53 = none;
    for (int p = 0; p < steps; p += 2) {
      FloatVector b0 = FloatVector.fromArray(F, b, left + p * COLS);
      FloatVector b1 = FloatVector.fromArray(F, b, left + p * COLS + LANES);
      FloatVector b2 = FloatVector.fromArray(F, b, right + p * COLS);
      FloatVector b3 = FloatVector.fromArray(F, b, right + p * COLS + LANES);
      FloatVector x = TYPE.cast(FloatVector.broadcast(F, a[i + p]));
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + PAIR_STEPS + p]));
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 2 * PAIR_STEPS + p]));
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 3 * PAIR_STEPS + p]));
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 4 * PAIR_STEPS + p]));
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
      s42 = x.fma(b2, s42);
      s43 = x.fma(b3, s43);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 5 * PAIR_STEPS + p]));
      s50 = x.fma(b0, s50);
      s51 = x.fma(b1, s51);
      s52 = x.fma(b2, s52);
      s53 = x.fma(b3, s53);
      if (p + 1 == steps) {
        break;
      }
      b0 = FloatVector.fromArray(F, b, left + p * COLS + COLS);
      b1 = FloatVector.fromArray(F, b, left + p * COLS + COLS + LANES);
      b2 = FloatVector.fromArray(F, b, right + p * COLS + COLS);
      b3 = FloatVector.fromArray(F, b, right + p * COLS + COLS + LANES);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + p + 1]));
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + PAIR_STEPS + p + 1]));
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 2 * PAIR_STEPS + p + 1]));
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 3 * PAIR_STEPS + p + 1]));
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 4 * PAIR_STEPS + p + 1]));
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
      s42 = x.fma(b2, s42);
      s43 = x.fma(b3, s43);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 5 * PAIR_STEPS + p + 1]));
      s50 = x.fma(b0, s50);
      s51 = x.fma(b1, s51);
      s52 = x.fma(b2, s52);
      s53 = x.fma(b3, s53);
    }
    TYPE.cast(s00).intoArray(c, cOff);
    TYPE.cast(s01).intoArray(c, cOff + LANES);
    TYPE.cast(s02).intoArray(c, cNext);
    TYPE.cast(s03).intoArray(c, cNext + LANES);
    TYPE.cast(s10).intoArray(c, cOff + ldc);
    TYPE.cast(s11).intoArray(c, cOff + ldc + LANES);
    TYPE.cast(s12).intoArray(c, cNext + ldc);
    TYPE.cast(s13).intoArray(c, cNext + ldc + LANES);
    TYPE.cast(s20).intoArray(c, cOff + 2 * ldc);
    TYPE.cast(s21).intoArray(c, cOff + 2 * ldc + LANES);
    TYPE.cast(s22).intoArray(c, cNext + 2 * ldc);
    TYPE.cast(s23).intoArray(c, cNext + 2 * ldc + LANES);
    TYPE.cast(s30).intoArray(c, cOff + 3 * ldc);
    TYPE.cast(s31).intoArray(c, cOff + 3 * ldc + LANES);
    TYPE.cast(s32).intoArray(c, cNext + 3 * ldc);
    TYPE.cast(s33).intoArray(c, cNext + 3 * ldc + LANES);
    TYPE.cast(s40).intoArray(c, cOff + 4 * ldc);
    TYPE.cast(s41).intoArray(c, cOff + 4 * ldc + LANES);
    TYPE.cast(s42).intoArray(c, cNext + 4 * ldc);
    TYPE.cast(s43).intoArray(c, cNext + 4 * ldc + LANES);
    TYPE.cast(s50).intoArray(c, cOff + 5 * ldc);
    TYPE.cast(s51).intoArray(c, cOff + 5 * ldc + LANES);
    TYPE.cast(s52).intoArray(c, cNext + 5 * ldc);
    TYPE.cast(s53).intoArray(c, cNext + 5 * ldc + LANES);
  }

  /**
   * {@code c = sums + a * b}, see {@link Tile#pair}; sums and c may be the same.
   *
   * @param sumNext where the second tile's sums are
   * @param sumLd distance of rows of sums
   */
  static void multiplyAdd(
      int depth,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bNext,
      float[] sums,
      int sumOff,
      int sumNext,
      int sumLd,
      float[] c,
      int cOff,
      int cNext,
      int ldc) {
    int i = Tile.place(aOff);
    int left = Tile.place(bOff);
    int right = Tile.place(bNext);
    int steps = Tile.steps(depth);
    FloatVector none = FloatVector.zero(F);
    FloatVector s00 = none;
    FloatVector s01 = none;
    FloatVector s02 = none;
    FloatVector s03 = none;
    FloatVector s10 = none;
    FloatVector s11 = none;
    FloatVector s12 = none;
    FloatVector s13 = none;
    FloatVector s20 = none;
    FloatVector s21 = none;
    FloatVector s22 = none;
    FloatVector s23 = none;
    FloatVector s30 = none;
    FloatVector s31 = none;
    FloatVector s32 = none;
    FloatVector s33 = none;
    FloatVector s40 = none;
    FloatVector s41 = none;
    FloatVector s42 = none;
    FloatVector s43 = none;
    FloatVector s50 = none;
    FloatVector s51 = none;
    FloatVector s52 = none;
    FloatVector s53 = none;
    for (int p = 0; p < steps; p += 2) {
      FloatVector b0 = FloatVector.fromArray(F, b, left + p * COLS);
      FloatVector b1 = FloatVector.fromArray(F, b, left + p * COLS + LANES);
      FloatVector b2 = FloatVector.fromArray(F, b, right + p * COLS);
      FloatVector b3 = FloatVector.fromArray(F, b, right + p * COLS + LANES);
      FloatVector x = TYPE.cast(FloatVector.broadcast(F, a[i + p]));
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + PAIR_STEPS + p]));
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 2 * PAIR_STEPS + p]));
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 3 * PAIR_STEPS + p]));
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 4 * PAIR_STEPS + p]));
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
      s42 = x.fma(b2, s42);
      s43 = x.fma(b3, s43);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 5 * PAIR_STEPS + p]));
      s50 = x.fma(b0, s50);
      s51 = x.fma(b1, s51);
      s52 = x.fma(b2, s52);
      s53 = x.fma(b3, s53);
      if (p + 1 == steps) {
        break;
      }
      b0 = FloatVector.fromArray(F, b, left + p * COLS + COLS);
      b1 = FloatVector.fromArray(F, b, left + p * COLS + COLS + LANES);
      b2 = FloatVector.fromArray(F, b, right + p * COLS + COLS);
      b3 = FloatVector.fromArray(F, b, right + p * COLS + COLS + LANES);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + p + 1]));
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + PAIR_STEPS + p + 1]));
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 2 * PAIR_STEPS + p + 1]));
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 3 * PAIR_STEPS + p + 1]));
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 4 * PAIR_STEPS + p + 1]));
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
      s42 = x.fma(b2, s42);
      s43 = x.fma(b3, s43);
      x = TYPE.cast(FloatVector.broadcast(F, a[i + 5 * PAIR_STEPS + p + 1]));
      s50 = x.fma(b0, s50);
      s51 = x.fma(b1, s51);
      s52 = x.fma(b2, s52);
      s53 = x.fma(b3, s53);
    }
    FloatVector one = TYPE.cast(FloatVector.broadcast(F, 1f));
    // Twice three rows: all six at once are more than C1 can compile (decision 0014).
    for (int row = 0; row < PAIR_ROWS; row += PAIR_ROWS / 2) {
      int s = sumOff + row * sumLd;
      int sNext = sumNext + row * sumLd;
      int to = cOff + row * ldc;
      int toNext = cNext + row * ldc;
      TYPE.cast(one.fma(s00, FloatVector.fromArray(F, sums, s))).intoArray(c, to);
      TYPE.cast(one.fma(s01, FloatVector.fromArray(F, sums, s + LANES))).intoArray(c, to + LANES);
      TYPE.cast(one.fma(s02, FloatVector.fromArray(F, sums, sNext))).intoArray(c, toNext);
      TYPE.cast(one.fma(s03, FloatVector.fromArray(F, sums, sNext + LANES)))
          .intoArray(c, toNext + LANES);
      TYPE.cast(one.fma(s10, FloatVector.fromArray(F, sums, s + sumLd))).intoArray(c, to + ldc);
      TYPE.cast(one.fma(s11, FloatVector.fromArray(F, sums, s + sumLd + LANES)))
          .intoArray(c, to + ldc + LANES);
      TYPE.cast(one.fma(s12, FloatVector.fromArray(F, sums, sNext + sumLd)))
          .intoArray(c, toNext + ldc);
      TYPE.cast(one.fma(s13, FloatVector.fromArray(F, sums, sNext + sumLd + LANES)))
          .intoArray(c, toNext + ldc + LANES);
      TYPE.cast(one.fma(s20, FloatVector.fromArray(F, sums, s + 2 * sumLd)))
          .intoArray(c, to + 2 * ldc);
      TYPE.cast(one.fma(s21, FloatVector.fromArray(F, sums, s + 2 * sumLd + LANES)))
          .intoArray(c, to + 2 * ldc + LANES);
      TYPE.cast(one.fma(s22, FloatVector.fromArray(F, sums, sNext + 2 * sumLd)))
          .intoArray(c, toNext + 2 * ldc);
      TYPE.cast(one.fma(s23, FloatVector.fromArray(F, sums, sNext + 2 * sumLd + LANES)))
          .intoArray(c, toNext + 2 * ldc + LANES);
      s00 = s30;
      s01 = s31;
      s02 = s32;
      s03 = s33;
      s10 = s40;
      s11 = s41;
      s12 = s42;
      s13 = s43;
      s20 = s50;
      s21 = s51;
      s22 = s52;
      s23 = s53;
    }
  }
}
