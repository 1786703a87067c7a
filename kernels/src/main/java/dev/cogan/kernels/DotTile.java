package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel of {@link ConvTapGrad} and {@link ConvPairGrad}: the products of a few channels
 * of the small side with the pixels under five or six taps, summed over positions, of which every
 * lane sums its own. Unrolled by hand, as {@link Tile8x2} is, and with the same care for the
 * vectors' class.
 */
final class DotTile {
  private static final int FIVE = 5;

  /** Channels of a tile: 20 of 32, or 10 of 16 registers are sums. */
  static final int CHANNELS = Tile.WIDE ? 4 : 2;

  private DotTile() {}

  /** Tiles for so many taps: of five, if they are whole ones, or of six with 32 registers. */
  static int tiles(int taps) {
    int most = Tile.WIDE && taps % FIVE != 0 ? DotTile6x4.TAPS : FIVE;
    return (taps + most - 1) / most;
  }

  /**
   * The first tap of a tile, and for the number of tiles the end of all taps. The first tiles have
   * six taps and the others five, so that few or none are computed in vain: 27 taps are two sixes
   * and three fives.
   */
  static int firstTap(int tile, int taps) {
    int sixes = Math.max(0, taps - FIVE * tiles(taps));
    return FIVE * tile + Math.min(tile, sixes);
  }

  /**
   * {@code sums[(t * CHANNELS + k) * LANES + lane] += sum over i of pixels[at[tap + t] + i] *
   * dy[from + k * stride + i]}, where i runs over the lane's positions.
   *
   * @param first position, from each channel's and each tap's place on
   * @param floats positions, whole vectors
   * @param taps five, or six
   * @param last the last channel that dy has: those beyond it are computed as this one
   */
  static void multiplyAdd(
      int taps,
      int first,
      int floats,
      float[] pixels,
      int[] at,
      int tap,
      float[] dy,
      int from,
      int stride,
      int last,
      float[] sums,
      int to) {
    int y0 = from + first;
    int y1 = y0 + Math.min(1, last) * stride;
    if (Tile.WIDE) {
      int y2 = y0 + Math.min(2, last) * stride;
      int y3 = y0 + Math.min(3, last) * stride;
      if (taps == FIVE) {
        wide(first, floats, pixels, at, tap, dy, y0, y1, y2, y3, sums, to);
      } else {
        DotTile6x4.multiplyAdd(first, floats, pixels, at, tap, dy, y0, y1, y2, y3, sums, to);
      }
    } else {
      narrow(first, floats, pixels, at, tap, dy, y0, y1, sums, to);
    }
  }

  /** Four channels, for 32 vector registers. */
  static void wide(
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
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s21 = FloatVector.zero(F);
    FloatVector s22 = FloatVector.zero(F);
    FloatVector s23 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    FloatVector s31 = FloatVector.zero(F);
    FloatVector s32 = FloatVector.zero(F);
    FloatVector s33 = FloatVector.zero(F);
    FloatVector s40 = FloatVector.zero(F);
    FloatVector s41 = FloatVector.zero(F);
    FloatVector s42 = FloatVector.zero(F);
    FloatVector s43 = FloatVector.zero(F);
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
    }
    FloatVector one = TYPE.cast(FloatVector.broadcast(F, 1f));
    TYPE.cast(one.fma(s00, FloatVector.fromArray(F, sums, to))).intoArray(sums, to);
    TYPE.cast(one.fma(s01, FloatVector.fromArray(F, sums, to + LANES))).intoArray(sums, to + LANES);
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
    TYPE.cast(one.fma(s30, FloatVector.fromArray(F, sums, to + 12 * LANES)))
        .intoArray(sums, to + 12 * LANES);
    TYPE.cast(one.fma(s31, FloatVector.fromArray(F, sums, to + 13 * LANES)))
        .intoArray(sums, to + 13 * LANES);
    TYPE.cast(one.fma(s32, FloatVector.fromArray(F, sums, to + 14 * LANES)))
        .intoArray(sums, to + 14 * LANES);
    TYPE.cast(one.fma(s33, FloatVector.fromArray(F, sums, to + 15 * LANES)))
        .intoArray(sums, to + 15 * LANES);
    TYPE.cast(one.fma(s40, FloatVector.fromArray(F, sums, to + 16 * LANES)))
        .intoArray(sums, to + 16 * LANES);
    TYPE.cast(one.fma(s41, FloatVector.fromArray(F, sums, to + 17 * LANES)))
        .intoArray(sums, to + 17 * LANES);
    TYPE.cast(one.fma(s42, FloatVector.fromArray(F, sums, to + 18 * LANES)))
        .intoArray(sums, to + 18 * LANES);
    TYPE.cast(one.fma(s43, FloatVector.fromArray(F, sums, to + 19 * LANES)))
        .intoArray(sums, to + 19 * LANES);
  }

  /** Two channels, for 16 vector registers; why it has an exit: {@link Tile5x2}. */
  static void narrow(
      int first,
      int floats,
      float[] pixels,
      int[] at,
      int tap,
      float[] dy,
      int y0,
      int y1,
      float[] sums,
      int to) {
    int x0 = first + at[tap];
    int x1 = first + at[tap + 1];
    int x2 = first + at[tap + 2];
    int x3 = first + at[tap + 3];
    int x4 = first + at[tap + 4];
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s21 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    FloatVector s31 = FloatVector.zero(F);
    FloatVector s40 = FloatVector.zero(F);
    FloatVector s41 = FloatVector.zero(F);
    int never = floats + 1;
    for (int i = 0; i < floats; i += LANES) {
      FloatVector d0 = FloatVector.fromArray(F, dy, y0 + i);
      FloatVector d1 = FloatVector.fromArray(F, dy, y1 + i);
      FloatVector x = TYPE.cast(FloatVector.fromArray(F, pixels, x0 + i));
      s00 = x.fma(d0, s00);
      s01 = x.fma(d1, s01);
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x1 + i));
      s10 = x.fma(d0, s10);
      s11 = x.fma(d1, s11);
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x2 + i));
      s20 = x.fma(d0, s20);
      s21 = x.fma(d1, s21);
      if (i == never) {
        break;
      }
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x3 + i));
      s30 = x.fma(d0, s30);
      s31 = x.fma(d1, s31);
      x = TYPE.cast(FloatVector.fromArray(F, pixels, x4 + i));
      s40 = x.fma(d0, s40);
      s41 = x.fma(d1, s41);
    }
    FloatVector one = TYPE.cast(FloatVector.broadcast(F, 1f));
    TYPE.cast(one.fma(s00, FloatVector.fromArray(F, sums, to))).intoArray(sums, to);
    TYPE.cast(one.fma(s01, FloatVector.fromArray(F, sums, to + LANES))).intoArray(sums, to + LANES);
    TYPE.cast(one.fma(s10, FloatVector.fromArray(F, sums, to + 2 * LANES)))
        .intoArray(sums, to + 2 * LANES);
    TYPE.cast(one.fma(s11, FloatVector.fromArray(F, sums, to + 3 * LANES)))
        .intoArray(sums, to + 3 * LANES);
    TYPE.cast(one.fma(s20, FloatVector.fromArray(F, sums, to + 4 * LANES)))
        .intoArray(sums, to + 4 * LANES);
    TYPE.cast(one.fma(s21, FloatVector.fromArray(F, sums, to + 5 * LANES)))
        .intoArray(sums, to + 5 * LANES);
    TYPE.cast(one.fma(s30, FloatVector.fromArray(F, sums, to + 6 * LANES)))
        .intoArray(sums, to + 6 * LANES);
    TYPE.cast(one.fma(s31, FloatVector.fromArray(F, sums, to + 7 * LANES)))
        .intoArray(sums, to + 7 * LANES);
    TYPE.cast(one.fma(s40, FloatVector.fromArray(F, sums, to + 8 * LANES)))
        .intoArray(sums, to + 8 * LANES);
    TYPE.cast(one.fma(s41, FloatVector.fromArray(F, sums, to + 9 * LANES)))
        .intoArray(sums, to + 9 * LANES);
  }
}
