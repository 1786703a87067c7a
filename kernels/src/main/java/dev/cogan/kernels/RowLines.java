package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;

/**
 * Rows of the large side as they stand under the taps of a kernel's row: for tap v the pixels
 * {@code q * stride + v - pad}, q = 0, 1, .., of several images side by side.
 *
 * <p>A row is <em>staged</em> once: its even and its odd pixels (stride 2) with their padding,
 * close together, because rows of neighbouring images lie at distances that the caches do not like.
 * Then a combination of staged rows under a tap is a matter of whole vectors.
 */
final class RowLines {
  /** Rows that are staged together: their pixels lie side by side. */
  static final int ROWS_STAGED = 4;

  /**
   * Rows that are kept: more than a product takes, three at a distance of two, and those staged.
   */
  private static final int ROWS_KEPT = 8;

  private ConvShape s;
  private int channels;
  private int pitch;
  private int width;
  private int phaseSize;

  /** Of each phase, the first pixel inside the image, and the first one behind it. */
  private final int[] first = new int[2];

  private final int[] end = new int[2];
  private int size;

  /** Whether these rows can be staged. */
  static boolean suits(ConvShape s) {
    return s.stride() <= 2 && s.pad() < s.kw();
  }

  /**
   * @param channels most channels
   * @param images most images side by side
   */
  void prepare(ConvShape s, int channels, int images) {
    this.s = s;
    this.channels = channels;
    width = s.ow() + (s.kw() - 1) / s.stride();
    phaseSize = images * width + LANES;
    int stride = s.stride();
    for (int phase = 0; phase < stride; phase++) {
      first[phase] = (Math.max(0, s.pad() - phase) + stride - 1) / stride;
      int inside = (s.w() + s.pad() - phase + stride - 1) / stride;
      end[phase] = Math.max(first[phase], Math.min(width, inside));
    }
  }

  /** Floats from one image to the next. */
  int width() {
    return width;
  }

  /** Where a tap of a channel is in a row of all channels. */
  int place(int channel, int v) {
    return (channel * s.stride() + v % s.stride()) * phaseSize + v / s.stride();
  }

  /** Floats of a row of all channels. */
  int size() {
    return channels * s.stride() * phaseSize;
  }

  /** Floats that staged rows take: with what is written behind them. */
  int stagedSize() {
    return ROWS_KEPT * size() + LANES;
  }

  /**
   * Stages the next rows of some channels.
   *
   * @param row a multiple of {@link #ROWS_STAGED}: the first of them
   * @param x the first channel's plane in the first image; images are {@code distance} floats apart
   * @param staged room for {@link #stagedSize()} floats
   */
  void stage(int row, float[] x, int xOff, int distance, int channels, int images, float[] staged) {
    int rows = Math.min(ROWS_STAGED, s.h() - row);
    int stride = s.stride();
    for (int channel = 0; channel < channels; channel++) {
      int place = row % ROWS_KEPT * size() + channel * stride * phaseSize;
      for (int phase = 0; phase < stride; phase++) {
        int q0 = first[phase];
        int q1 = end[phase];
        int from = xOff + (channel * s.h() + row) * s.w() + q0 * stride + phase - s.pad();
        int to = place + phase * phaseSize;
        // The longer side is the inner loop.
        if (images > rows) {
          for (int i = 0; i < rows; i++) {
            int src = from + i * s.w();
            int dst = to + i * size();
            PixelRuns.copy(images, width, q0, q1, stride, x, src, distance, staged, dst, width);
          }
        } else {
          for (int i = 0; i < images; i++) {
            int src = from + i * distance;
            int dst = to + i * width;
            PixelRuns.copy(rows, width, q0, q1, stride, x, src, s.w(), staged, dst, size());
          }
        }
      }
    }
  }

  /**
   * A copy of a row under every tap of every channel, in which the images stand side by side.
   *
   * @param dst taps are {@code pitch} floats apart; up to a vector behind the last is written
   */
  void copies(float[] row, int from, int channels, int images, float[] dst, int pitch) {
    int to = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int v = 0; v < s.kw(); v++, to += pitch) {
        copy(row, from + place(channel, v), width, images, s.ow(), dst, to);
      }
    }
  }

  /** Runs of {@code len} floats, side by side; vectors write into the next run before it is. */
  private static void copy(
      float[] x, int from, int distance, int runs, int len, float[] dst, int to) {
    if (len <= LANES) {
      for (int i = 0; i < runs; i++) {
        load(x, from + i * distance).intoArray(dst, to + i * len);
      }
      return;
    }
    for (int i = 0; i < runs; i++) {
      int src = from + i * distance;
      int at = to + i * len;
      for (int q = 0; q < len; q += LANES) {
        load(x, src + q).intoArray(dst, at + q);
      }
    }
  }

  /**
   * A combination of staged rows of all channels; a row as it is is not copied.
   *
   * @param map of which the combination is output {@code line}
   * @param dst where the combination goes
   * @return dst at offset 0, or staged at {@link #start}
   */
  float[] combine(Combination map, int line, float[] staged, float[] dst) {
    int t = map.start[line];
    int terms = map.start[line + 1] - t;
    if (isRow(map, line)) {
      return staged;
    }
    int len = (size() + LANES - 1) / LANES * LANES;
    int a = at(map.index[t]);
    float ka = map.coef[t];
    if (terms == 1) {
      Lanes.times(len, staged, a, ka, dst, 0);
      return dst;
    }
    int b = at(map.index[t + 1]);
    float kb = map.coef[t + 1];
    if (terms == 2) {
      Lanes.combine(len, staged, a, ka, b, kb, dst, 0);
      return dst;
    }
    Lanes.combine(len, staged, a, ka, b, kb, at(map.index[t + 2]), map.coef[t + 2], dst, 0);
    return dst;
  }

  /** Where the result of {@link #combine} begins. */
  int start(Combination map, int line) {
    return isRow(map, line) ? at(map.index[map.start[line]]) : 0;
  }

  private static boolean isRow(Combination map, int line) {
    int t = map.start[line];
    return map.start[line + 1] - t == 1 && map.coef[t] == 1f;
  }

  private int at(int row) {
    return row % ROWS_KEPT * size();
  }
}
