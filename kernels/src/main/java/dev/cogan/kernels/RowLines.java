package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rows of the large side as they stand under the taps of a kernel's row: for tap v the pixels
 * {@code q * stride + v - pad}, q = 0, 1, .., of several images side by side.
 *
 * <p>A row is <em>staged</em> once: its even and its odd pixels (stride 2) with their padding,
 * close together, because rows of neighbouring images lie at distances that the caches do not like.
 * Then a combination of staged rows under a tap is a matter of whole vectors.
 */
final class RowLines {
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(F, lane -> 2 * lane % LANES);
  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(F, lane -> (2 * lane + 1) % LANES);
  private static final VectorMask<Float> LOWER_HALF = F.indexInRange(0, LANES / 2);

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
    for (int channel = 0; channel < channels; channel++) {
      int from = xOff + (channel * s.h() + row) * s.w();
      int to = row % ROWS_KEPT * size() + channel * s.stride() * phaseSize;
      for (int i = 0; i < rows; i++) {
        stageRow(x, from + i * s.w(), distance, images, staged, to + i * size());
      }
    }
  }

  private void stageRow(float[] x, int from, int distance, int images, float[] dst, int to) {
    int stride = s.stride();
    int width = this.width;
    for (int phase = 0; phase < stride; phase++) {
      int q0 = first[phase];
      int q1 = end[phase];
      int src = from + q0 * stride + phase - s.pad();
      int at = to + phase * phaseSize;
      for (int i = 0; i < images; i++, src += distance, at += width) {
        for (int j = 0; j < q0; j++) {
          dst[at + j] = 0f;
        }
        pick(x, src, stride, q1 - q0, dst, at + q0);
        for (int j = q1; j < width; j++) {
          dst[at + j] = 0f;
        }
      }
    }
  }

  /** Every stride-th pixel; vectors write beyond them what is overwritten afterwards. */
  private static void pick(float[] x, int from, int stride, int count, float[] dst, int to) {
    int end = from + (count + LANES - 1) / LANES * LANES * stride;
    if (end > x.length) {
      for (int i = 0; i < count; i++) {
        dst[to + i] = x[from + i * stride];
      }
    } else if (stride == 1) {
      for (int i = 0; i < count; i += LANES) {
        load(x, from + i).intoArray(dst, to + i);
      }
    } else {
      for (int i = 0; i < count; i += LANES) {
        FloatVector low = load(x, from + 2 * i);
        FloatVector high = load(x, from + 2 * i + LANES);
        exact(exact(high.rearrange(EVEN)).blend(low.rearrange(EVEN), LOWER_HALF))
            .intoArray(dst, to + i);
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
