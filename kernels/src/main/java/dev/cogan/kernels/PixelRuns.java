package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Copies runs of pixels, every one or every second, into rows with zeros before and behind them:
 * rows of one image below each other, or the same row of several images.
 *
 * <p>A row is short, so what happens around its pixels matters as much as the pixels: zeros are
 * stored as whole vectors, over which the pixels, or the next row, are written.
 */
final class PixelRuns {
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(F, lane -> 2 * lane % LANES);
  private static final VectorMask<Float> LOWER_HALF = F.indexInRange(0, LANES / 2);

  private PixelRuns() {}

  /**
   * Rows of {@code width} floats, in each the pixels {@code q0 .. q1 - 1}, the others zero. Up to a
   * vector behind every row is overwritten: what lies there must be copied afterwards.
   *
   * @param step from one pixel to the next, 1 or more
   * @param from where pixel q0 of the first row comes from
   * @param distance from there to that of the next row
   * @param to where the first row goes
   * @param pitch from there to the next row, {@code width} or more
   */
  static void copy(
      int rows,
      int width,
      int q0,
      int q1,
      int step,
      float[] x,
      int from,
      int distance,
      float[] dst,
      int to,
      int pitch) {
    if (q1 <= q0) {
      for (int i = 0; i < rows; i++) {
        Arrays.fill(dst, to + i * pitch, to + i * pitch + width, 0f);
      }
      return;
    }
    // Rows that may be read as whole vectors.
    int read = step * ((q1 - q0 + LANES - 1) / LANES * LANES);
    int whole = step > 2 || q0 > LANES || width - q1 > LANES ? 0 : rows;
    while (whole > 0 && from + (whole - 1) * distance + read > x.length) {
      whole--;
    }
    if (step == 1) {
      all(whole, q0, q1, x, from, distance, dst, to, pitch);
    } else {
      halves(whole, q0, q1, x, from, distance, dst, to, pitch);
    }
    for (int i = whole; i < rows; i++) {
      int row = to + i * pitch;
      Arrays.fill(dst, row, row + q0, 0f);
      for (int q = q0; q < q1; q++) {
        dst[row + q] = x[from + i * distance + (q - q0) * step];
      }
      Arrays.fill(dst, row + q1, row + width, 0f);
    }
  }

  /**
   * Rows of one channel of a convolution's input under one phase of its taps: every stride-th row,
   * and in it every stride-th pixel, as the positions from {@code first} on see them under the tap
   * of row {@code u} and column {@code v}; zero outside of the image.
   *
   * @param channel where its pixels begin
   * @param width floats of a row, which lie behind each other
   */
  static void copyPhase(
      ConvShape s,
      float[] dst,
      int to,
      float[] x,
      int channel,
      int u,
      int v,
      int first,
      int rows,
      int width) {
    int stride = s.stride();
    int left = v - s.pad();
    int q0 = Math.min(width, left >= 0 ? 0 : (-left + stride - 1) / stride);
    int q1 = Math.max(q0, Math.min(width, Math.floorDiv(s.w() - 1 - left, stride) + 1));
    int top = u - s.pad() + first * stride;
    int i0 = Math.min(rows, top >= 0 ? 0 : (-top + stride - 1) / stride);
    int i1 = Math.max(i0, Math.min(rows, Math.floorDiv(s.h() - 1 - top, stride) + 1));
    int from = channel + (i0 * stride + top) * s.w() + q0 * stride + left;
    Arrays.fill(dst, to, to + i0 * width, 0f);
    copy(i1 - i0, width, q0, q1, stride, x, from, stride * s.w(), dst, to + i0 * width, width);
    Arrays.fill(dst, to + i1 * width, to + rows * width, 0f);
  }

  private static void all(
      int rows, int q0, int q1, float[] x, int from, int distance, float[] dst, int to, int pitch) {
    FloatVector zero = exact(FloatVector.zero(F));
    for (int i = 0; i < rows; i++) {
      zero.intoArray(dst, to);
      for (int q = q0; q < q1; q += LANES) {
        load(x, from + q - q0).intoArray(dst, to + q);
      }
      zero.intoArray(dst, to + q1);
      from += distance;
      to += pitch;
    }
  }

  private static void halves(
      int rows, int q0, int q1, float[] x, int from, int distance, float[] dst, int to, int pitch) {
    FloatVector zero = exact(FloatVector.zero(F));
    for (int i = 0; i < rows; i++) {
      zero.intoArray(dst, to);
      for (int q = q0; q < q1; q += LANES) {
        FloatVector low = load(x, from + 2 * (q - q0));
        FloatVector high = load(x, from + 2 * (q - q0) + LANES);
        exact(exact(high.rearrange(EVEN)).blend(low.rearrange(EVEN), LOWER_HALF))
            .intoArray(dst, to + q);
      }
      zero.intoArray(dst, to + q1);
      from += distance;
      to += pitch;
    }
  }
}
