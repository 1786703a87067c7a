package dev.cogan.kernels;

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

  private ConvShape s;
  private int width;
  private int phaseSize;

  /** Whether these rows can be staged. */
  static boolean suits(ConvShape s) {
    return s.stride() <= 2 && s.pad() < s.kw();
  }

  /**
   * @param images most images side by side
   */
  void prepare(ConvShape s, int images) {
    this.s = s;
    width = s.ow() + (s.kw() - 1) / s.stride();
    phaseSize = images * width + LANES;
  }

  /** Floats of one staged row. */
  int size() {
    return s.stride() * phaseSize;
  }

  /**
   * Stages one row of one channel.
   *
   * @param x the row in the first image, {@code distance} floats from that of the next one
   */
  void stage(float[] x, int from, int distance, int images, float[] dst, int to) {
    for (int phase = 0; phase < s.stride(); phase++) {
      int first = (Math.max(0, s.pad() - phase) + s.stride() - 1) / s.stride();
      int pixel = first * s.stride() + phase - s.pad();
      int count =
          Math.max(0, Math.min(width - first, (s.w() - pixel + s.stride() - 1) / s.stride()));
      for (int i = 0; i < images; i++) {
        int at = to + phase * phaseSize + i * width;
        for (int j = 0; j < first; j++) {
          dst[at + j] = 0f;
        }
        pick(x, from + i * distance + pixel, s.stride(), count, dst, at + first);
        for (int j = first + count; j < width; j++) {
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
        FloatVector.fromArray(F, x, from + i).intoArray(dst, to + i);
      }
    } else {
      for (int i = 0; i < count; i += LANES) {
        FloatVector low = FloatVector.fromArray(F, x, from + 2 * i);
        FloatVector high = FloatVector.fromArray(F, x, from + 2 * i + LANES);
        high.rearrange(EVEN).blend(low.rearrange(EVEN), LOWER_HALF).intoArray(dst, to + i);
      }
    }
  }

  /**
   * A combination of staged rows under every tap of the kernel's row.
   *
   * @param at where the staged rows are, those of output {@code line}'s terms from {@code
   *     map.start[line]} on, plus {@code rows}
   * @param dst tap v goes to {@code to + v * pitch}; up to a vector behind the last one is written
   */
  void combine(
      Combination map,
      int line,
      int[] at,
      int rows,
      float[] staged,
      int images,
      float[] dst,
      int to,
      int pitch) {
    int t = map.start[line];
    int terms = map.start[line + 1] - t;
    float[] k = map.coef;
    for (int v = 0; v < s.kw(); v++) {
      int shift = rows + v % s.stride() * phaseSize + v / s.stride();
      int d = to + v * pitch;
      int a = shift + at[t];
      if (terms == 1) {
        one(staged, a, k[t], images, dst, d);
        continue;
      }
      int b = shift + at[t + 1];
      if (terms == 2) {
        two(staged, a, k[t], b, k[t + 1], images, dst, d);
        continue;
      }
      three(staged, a, k[t], b, k[t + 1], shift + at[t + 2], k[t + 2], images, dst, d);
    }
  }

  private void one(float[] x, int a, float ka, int images, float[] dst, int to) {
    int len = s.ow();
    for (int i = 0; i < images; i++) {
      int from = a + i * width;
      int d = to + i * len;
      for (int q = 0; q < len; q += LANES) {
        FloatVector.fromArray(F, x, from + q).mul(ka).intoArray(dst, d + q);
      }
    }
  }

  private void two(float[] x, int a, float ka, int b, float kb, int images, float[] dst, int to) {
    int len = s.ow();
    for (int i = 0; i < images; i++) {
      int shift = i * width;
      int d = to + i * len;
      for (int q = shift; q < shift + len; q += LANES, d += LANES) {
        FloatVector.fromArray(F, x, b + q)
            .fma(FloatVector.broadcast(F, kb), FloatVector.fromArray(F, x, a + q).mul(ka))
            .intoArray(dst, d);
      }
    }
  }

  private void three(
      float[] x,
      int a,
      float ka,
      int b,
      float kb,
      int c,
      float kc,
      int images,
      float[] dst,
      int to) {
    int len = s.ow();
    for (int i = 0; i < images; i++) {
      int shift = i * width;
      int d = to + i * len;
      for (int q = shift; q < shift + len; q += LANES, d += LANES) {
        FloatVector two =
            FloatVector.fromArray(F, x, b + q)
                .fma(FloatVector.broadcast(F, kb), FloatVector.fromArray(F, x, a + q).mul(ka));
        FloatVector.fromArray(F, x, c + q).fma(FloatVector.broadcast(F, kc), two).intoArray(dst, d);
      }
    }
  }
}
