package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * One image of a convolution's input, copied once for every column of the kernel, so that the
 * pixels under one tap at all positions lie one after the other:
 *
 * <pre>
 *   rows[c, v, u % stride, i, q] = image[c, i*stride + u % stride - pad, q*stride + v - pad]
 *   pixel under tap (c, u, v) at position (p, q):  rows[at(c, u, v) + p*ow + q]
 * </pre>
 *
 * and zero outside the image. That is {@code kw / stride} times the image (the matrix of patches
 * would be {@code kh} times that), and no position is computed that the result does not have.
 */
final class ShiftedRows {
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(F, lane -> 2 * lane % LANES);
  private static final VectorMask<Float> LOWER_HALF = F.indexInRange(0, LANES / 2);

  /** Where the taps lie: channel by channel, column by column of the kernel, then its rows. */
  int[] at = new int[0];

  /** Where their weights lie within those of one output channel. */
  int[] weightAt = new int[0];

  /** Number of taps of all channels. */
  int taps;

  private ConvShape s;
  private int phases;
  private int plane;
  private int size;

  /** Sets the tables for these sizes. */
  void prepare(ConvShape s) {
    if (s.equals(this.s)) {
      return;
    }
    this.s = s;
    phases = Math.min(s.stride(), s.kh());
    plane = (s.oh() + (s.kh() - 1) / s.stride()) * s.ow();
    size = s.cin() * s.kw() * phases * plane;
    taps = s.cin() * s.kh() * s.kw();
    at = new int[taps];
    weightAt = new int[taps];
    int k = 0;
    for (int c = 0; c < s.cin(); c++) {
      for (int v = 0; v < s.kw(); v++) {
        for (int u = 0; u < s.kh(); u++) {
          int phase = ((c * s.kw() + v) * phases + u % s.stride()) * plane;
          at[k] = phase + u / s.stride() * s.ow();
          weightAt[k++] = (c * s.kh() + u) * s.kw() + v;
        }
      }
    }
  }

  /**
   * Floats that {@link #fill} writes: a panel more than there are, so that the last positions of a
   * tap may be read as whole panels.
   */
  int room() {
    return size + Tile.COLS;
  }

  /** Floats that one image takes. */
  static long room(ConvShape s) {
    long plane = (s.oh() + (s.kh() - 1) / s.stride()) * (long) s.ow();
    return s.cin() * s.kw() * Math.min(s.stride(), s.kh()) * plane + Tile.COLS;
  }

  /** Copies one image. */
  void fill(float[] dst, float[] x, int image) {
    int stride = s.stride();
    int lines = plane / s.ow();
    int to = 0;
    for (int c = 0; c < s.cin(); c++) {
      int channel = image + c * s.h() * s.w();
      for (int v = 0; v < s.kw(); v++) {
        int left = v - s.pad();
        int q0 = Math.min(s.ow(), left >= 0 ? 0 : (-left + stride - 1) / stride);
        int q1 = Math.max(q0, Math.min(s.ow(), Math.floorDiv(s.w() - 1 - left, stride) + 1));
        for (int phase = 0; phase < phases; phase++) {
          for (int i = 0; i < lines; i++) {
            int r = i * stride + phase - s.pad();
            if (r < 0 || r >= s.h()) {
              Arrays.fill(dst, to, to + s.ow(), 0f);
            } else {
              copy(dst, to, x, channel + r * s.w() + left, stride, s.ow(), q0, q1);
            }
            to += s.ow();
          }
        }
      }
    }
    Arrays.fill(dst, size, size + Tile.COLS, 0f);
  }

  /**
   * One row, of which pixels {@code q0 .. q1 - 1} exist. Vectors read beyond them, and write beyond
   * the row what the next row overwrites.
   */
  private static void copy(
      float[] dst, int to, float[] x, int from, int stride, int width, int q0, int q1) {
    int end = (width + LANES - 1) / LANES * LANES;
    if (stride > 2 || from < 0 || from + stride * end > x.length) {
      for (int q = q0; q < q1; q++) {
        dst[to + q] = x[from + q * stride];
      }
    } else if (stride == 1) {
      for (int q = 0; q < width; q += LANES) {
        FloatVector.fromArray(F, x, from + q).intoArray(dst, to + q);
      }
    } else {
      for (int q = 0; q < width; q += LANES) {
        FloatVector low = FloatVector.fromArray(F, x, from + 2 * q);
        FloatVector high = FloatVector.fromArray(F, x, from + 2 * q + LANES);
        high.rearrange(EVEN).blend(low.rearrange(EVEN), LOWER_HALF).intoArray(dst, to + q);
      }
    }
    for (int q = 0; q < q0; q++) {
      dst[to + q] = 0f;
    }
    for (int q = q1; q < width; q++) {
      dst[to + q] = 0f;
    }
  }
}
