package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/** The micro-kernel of {@link DotTile} for six taps and 32 vector registers. */
final class DotTile6x4 {
  static final int TAPS = 6;

  private DotTile6x4() {}

  /** See {@link DotTile#multiplyAdd}; channel k begins at {@code yk}. */
  static void multiplyAdd(
      int first,
      int floats,
      float[] pixels,
      int[] at,
      int tap,
      float[] dy,
      int y0,
      int y1,
      int y2,
      int y3,
      float[] sums,
      int to) {
    int x0 = first + at[tap];
    int x1 = first + at[tap + 1];
    int x2 = first + at[tap + 2];
    int x3 = first + at[tap + 3];
    int x4 = first + at[tap + 4];
    int x5 = first + at[tap + 5];
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
    for (int i = 0; i < floats; i += LANES) {
      FloatVector d0 = FloatVector.fromArray(F, dy, y0 + i);
      FloatVector d1 = FloatVector.fromArray(F, dy, y1 + i);
      FloatVector d2 = FloatVector.fromArray(F, dy, y2 + i);
      FloatVector d3 = FloatVector.fromArray(F, dy, y3 + i);
      FloatVector x = TYPE.cast(FloatVector.fromArray(F, pixels, x0 + i));
      s00 = x.fma(d0, s00);
      s01 = x.fma(d1, s01);
      s02 = x.fma(d2, s02);
      s03 = x.fma(d3, s03);
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x1 + i));
      s10 = x.fma(d0, s10);
      s11 = x.fma(d1, s11);
      s12 = x.fma(d2, s12);
      s13 = x.fma(d3, s13);
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x2 + i));
      s20 = x.fma(d0, s20);
      s21 = x.fma(d1, s21);
      s22 = x.fma(d2, s22);
      s23 = x.fma(d3, s23);
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x3 + i));
      s30 = x.fma(d0, s30);
      s31 = x.fma(d1, s31);
      s32 = x.fma(d2, s32);
      s33 = x.fma(d3, s33);
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x4 + i));
      s40 = x.fma(d0, s40);
      s41 = x.fma(d1, s41);
      s42 = x.fma(d2, s42);
      s43 = x.fma(d3, s43);
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x5 + i));
      s50 = x.fma(d0, s50);
      s51 = x.fma(d1, s51);
      s52 = x.fma(d2, s52);
      s53 = x.fma(d3, s53);
    }
    FloatVector one = TYPE.cast(FloatVector.broadcast(F, 1f));
    // Twice three taps: all six at once are more than C1 can compile (decision 0014).
    for (int end = to + TAPS * 4 * LANES; to < end; to += TAPS / 2 * 4 * LANES) {
      TYPE.cast(one.fma(s00, FloatVector.fromArray(F, sums, to))).intoArray(sums, to);
      TYPE.cast(one.fma(s01, FloatVector.fromArray(F, sums, to + LANES)))
          .intoArray(sums, to + LANES);
      TYPE.cast(one.fma(s02, FloatVector.fromArray(F, sums, to + 2 * LANES)))
          .intoArray(sums, to + 2 * LANES);
      TYPE.cast(one.fma(s03, FloatVector.fromArray(F, sums, to + 3 * LANES)))
          .intoArray(sums, to + 3 * LANES);
      TYPE.cast(one.fma(s10, FloatVector.fromArray(F, sums, to + 4 * LANES)))
          .intoArray(sums, to + 4 * LANES);
      TYPE.cast(one.fma(s11, FloatVector.fromArray(F, sums, to + 5 * LANES)))
          .intoArray(sums, to + 5 * LANES);
      TYPE.cast(one.fma(s12, FloatVector.fromArray(F, sums, to + 6 * LANES)))
          .intoArray(sums, to + 6 * LANES);
      TYPE.cast(one.fma(s13, FloatVector.fromArray(F, sums, to + 7 * LANES)))
          .intoArray(sums, to + 7 * LANES);
      TYPE.cast(one.fma(s20, FloatVector.fromArray(F, sums, to + 8 * LANES)))
          .intoArray(sums, to + 8 * LANES);
      TYPE.cast(one.fma(s21, FloatVector.fromArray(F, sums, to + 9 * LANES)))
          .intoArray(sums, to + 9 * LANES);
      TYPE.cast(one.fma(s22, FloatVector.fromArray(F, sums, to + 10 * LANES)))
          .intoArray(sums, to + 10 * LANES);
      TYPE.cast(one.fma(s23, FloatVector.fromArray(F, sums, to + 11 * LANES)))
          .intoArray(sums, to + 11 * LANES);
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
