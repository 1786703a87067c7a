package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;
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
      FloatVector x = FloatVector.broadcast(F, a[i + p]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = FloatVector.broadcast(F, a[i + PAIR_STEPS + p]);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = FloatVector.broadcast(F, a[i + 2 * PAIR_STEPS + p]);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = FloatVector.broadcast(F, a[i + 3 * PAIR_STEPS + p]);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
      x = FloatVector.broadcast(F, a[i + 4 * PAIR_STEPS + p]);
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
      s42 = x.fma(b2, s42);
      s43 = x.fma(b3, s43);
      x = FloatVector.broadcast(F, a[i + 5 * PAIR_STEPS + p]);
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
      x = FloatVector.broadcast(F, a[i + p + 1]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = FloatVector.broadcast(F, a[i + PAIR_STEPS + p + 1]);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = FloatVector.broadcast(F, a[i + 2 * PAIR_STEPS + p + 1]);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = FloatVector.broadcast(F, a[i + 3 * PAIR_STEPS + p + 1]);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
      x = FloatVector.broadcast(F, a[i + 4 * PAIR_STEPS + p + 1]);
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
      s42 = x.fma(b2, s42);
      s43 = x.fma(b3, s43);
      x = FloatVector.broadcast(F, a[i + 5 * PAIR_STEPS + p + 1]);
      s50 = x.fma(b0, s50);
      s51 = x.fma(b1, s51);
      s52 = x.fma(b2, s52);
      s53 = x.fma(b3, s53);
    }
    FloatVector zero = FloatVector.zero(F);
    zero.add(s00).intoArray(c, cOff);
    zero.add(s01).intoArray(c, cOff + LANES);
    zero.add(s02).intoArray(c, cNext);
    zero.add(s03).intoArray(c, cNext + LANES);
    zero.add(s10).intoArray(c, cOff + ldc);
    zero.add(s11).intoArray(c, cOff + ldc + LANES);
    zero.add(s12).intoArray(c, cNext + ldc);
    zero.add(s13).intoArray(c, cNext + ldc + LANES);
    zero.add(s20).intoArray(c, cOff + 2 * ldc);
    zero.add(s21).intoArray(c, cOff + 2 * ldc + LANES);
    zero.add(s22).intoArray(c, cNext + 2 * ldc);
    zero.add(s23).intoArray(c, cNext + 2 * ldc + LANES);
    zero.add(s30).intoArray(c, cOff + 3 * ldc);
    zero.add(s31).intoArray(c, cOff + 3 * ldc + LANES);
    zero.add(s32).intoArray(c, cNext + 3 * ldc);
    zero.add(s33).intoArray(c, cNext + 3 * ldc + LANES);
    zero.add(s40).intoArray(c, cOff + 4 * ldc);
    zero.add(s41).intoArray(c, cOff + 4 * ldc + LANES);
    zero.add(s42).intoArray(c, cNext + 4 * ldc);
    zero.add(s43).intoArray(c, cNext + 4 * ldc + LANES);
    zero.add(s50).intoArray(c, cOff + 5 * ldc);
    zero.add(s51).intoArray(c, cOff + 5 * ldc + LANES);
    zero.add(s52).intoArray(c, cNext + 5 * ldc);
    zero.add(s53).intoArray(c, cNext + 5 * ldc + LANES);
  }

  /** {@code c += a * b}, see {@link Tile#pair}. */
  static void multiplyAdd(
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
      FloatVector x = FloatVector.broadcast(F, a[i + p]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = FloatVector.broadcast(F, a[i + PAIR_STEPS + p]);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = FloatVector.broadcast(F, a[i + 2 * PAIR_STEPS + p]);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = FloatVector.broadcast(F, a[i + 3 * PAIR_STEPS + p]);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
      x = FloatVector.broadcast(F, a[i + 4 * PAIR_STEPS + p]);
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
      s42 = x.fma(b2, s42);
      s43 = x.fma(b3, s43);
      x = FloatVector.broadcast(F, a[i + 5 * PAIR_STEPS + p]);
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
      x = FloatVector.broadcast(F, a[i + p + 1]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      s02 = x.fma(b2, s02);
      s03 = x.fma(b3, s03);
      x = FloatVector.broadcast(F, a[i + PAIR_STEPS + p + 1]);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      s12 = x.fma(b2, s12);
      s13 = x.fma(b3, s13);
      x = FloatVector.broadcast(F, a[i + 2 * PAIR_STEPS + p + 1]);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      s22 = x.fma(b2, s22);
      s23 = x.fma(b3, s23);
      x = FloatVector.broadcast(F, a[i + 3 * PAIR_STEPS + p + 1]);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      s32 = x.fma(b2, s32);
      s33 = x.fma(b3, s33);
      x = FloatVector.broadcast(F, a[i + 4 * PAIR_STEPS + p + 1]);
      s40 = x.fma(b0, s40);
      s41 = x.fma(b1, s41);
      s42 = x.fma(b2, s42);
      s43 = x.fma(b3, s43);
      x = FloatVector.broadcast(F, a[i + 5 * PAIR_STEPS + p + 1]);
      s50 = x.fma(b0, s50);
      s51 = x.fma(b1, s51);
      s52 = x.fma(b2, s52);
      s53 = x.fma(b3, s53);
    }
    FloatVector.fromArray(F, c, cOff).add(s00).intoArray(c, cOff);
    FloatVector.fromArray(F, c, cOff + LANES).add(s01).intoArray(c, cOff + LANES);
    FloatVector.fromArray(F, c, cNext).add(s02).intoArray(c, cNext);
    FloatVector.fromArray(F, c, cNext + LANES).add(s03).intoArray(c, cNext + LANES);
    FloatVector.fromArray(F, c, cOff + ldc).add(s10).intoArray(c, cOff + ldc);
    FloatVector.fromArray(F, c, cOff + ldc + LANES).add(s11).intoArray(c, cOff + ldc + LANES);
    FloatVector.fromArray(F, c, cNext + ldc).add(s12).intoArray(c, cNext + ldc);
    FloatVector.fromArray(F, c, cNext + ldc + LANES).add(s13).intoArray(c, cNext + ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 2 * ldc).add(s20).intoArray(c, cOff + 2 * ldc);
    FloatVector.fromArray(F, c, cOff + 2 * ldc + LANES)
        .add(s21)
        .intoArray(c, cOff + 2 * ldc + LANES);
    FloatVector.fromArray(F, c, cNext + 2 * ldc).add(s22).intoArray(c, cNext + 2 * ldc);
    FloatVector.fromArray(F, c, cNext + 2 * ldc + LANES)
        .add(s23)
        .intoArray(c, cNext + 2 * ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 3 * ldc).add(s30).intoArray(c, cOff + 3 * ldc);
    FloatVector.fromArray(F, c, cOff + 3 * ldc + LANES)
        .add(s31)
        .intoArray(c, cOff + 3 * ldc + LANES);
    FloatVector.fromArray(F, c, cNext + 3 * ldc).add(s32).intoArray(c, cNext + 3 * ldc);
    FloatVector.fromArray(F, c, cNext + 3 * ldc + LANES)
        .add(s33)
        .intoArray(c, cNext + 3 * ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 4 * ldc).add(s40).intoArray(c, cOff + 4 * ldc);
    FloatVector.fromArray(F, c, cOff + 4 * ldc + LANES)
        .add(s41)
        .intoArray(c, cOff + 4 * ldc + LANES);
    FloatVector.fromArray(F, c, cNext + 4 * ldc).add(s42).intoArray(c, cNext + 4 * ldc);
    FloatVector.fromArray(F, c, cNext + 4 * ldc + LANES)
        .add(s43)
        .intoArray(c, cNext + 4 * ldc + LANES);
    FloatVector.fromArray(F, c, cOff + 5 * ldc).add(s50).intoArray(c, cOff + 5 * ldc);
    FloatVector.fromArray(F, c, cOff + 5 * ldc + LANES)
        .add(s51)
        .intoArray(c, cOff + 5 * ldc + LANES);
    FloatVector.fromArray(F, c, cNext + 5 * ldc).add(s52).intoArray(c, cNext + 5 * ldc);
    FloatVector.fromArray(F, c, cNext + 5 * ldc + LANES)
        .add(s53)
        .intoArray(c, cNext + 5 * ldc + LANES);
  }
}
