package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Applies a {@link Combination} to whole vectors. Factors are multiplied and added in one rounding,
 * in the order of the terms.
 */
final class Combine {
  private Combine() {}

  /**
   * One output whose inputs are runs of {@code len} floats (whole vectors): input {@code i} begins
   * at {@code srcOff + i * stride}.
   */
  static void run(
      Combination m,
      int output,
      float[] src,
      int srcOff,
      int stride,
      float[] dst,
      int dstOff,
      int len) {
    run(len / LANES, m, output, src, srcOff, stride, LANES, dst, dstOff, LANES);
  }

  /**
   * The same with {@code n} vectors, {@code srcStep} floats from one to the next in src and {@code
   * step} in dst.
   */
  private static void run(
      int n,
      Combination m,
      int output,
      float[] src,
      int srcOff,
      int stride,
      int srcStep,
      float[] dst,
      int dstOff,
      int step) {
    int t = m.start[output];
    int terms = m.start[output + 1] - t;
    int[] index = m.index;
    float[] k = m.coef;
    if (terms == 0) {
      clear(n, dst, dstOff, step);
      return;
    }
    int a = srcOff + index[t] * stride;
    if (terms == 1) {
      run1(n, src, a, k[t], srcStep, dst, dstOff, step);
      return;
    }
    int b = srcOff + index[t + 1] * stride;
    if (terms == 2) {
      run2(n, src, a, k[t], b, k[t + 1], srcStep, dst, dstOff, step);
      return;
    }
    int c = srcOff + index[t + 2] * stride;
    run3(n, src, a, k[t], b, k[t + 1], c, k[t + 2], srcStep, dst, dstOff, step);
    for (int more = t + 3; more < t + terms; more++) {
      add(n, src, srcOff + index[more] * stride, k[more], srcStep, dst, dstOff, step);
    }
  }

  private static void clear(int n, float[] dst, int to, int step) {
    for (int i = 0; i < n; i++) {
      FloatVector.zero(F).intoArray(dst, to + i * step);
    }
  }

  private static void run1(
      int n, float[] src, int a, float ka, int srcStep, float[] dst, int to, int step) {
    for (int i = 0; i < n; i++) {
      exact(load(src, a + i * srcStep).mul(ka)).intoArray(dst, to + i * step);
    }
  }

  private static void run2(
      int n,
      float[] src,
      int a,
      float ka,
      int b,
      float kb,
      int srcStep,
      float[] dst,
      int to,
      int step) {
    for (int i = 0; i < n; i++) {
      FloatVector one = load(src, a + i * srcStep).mul(ka);
      exact(load(src, b + i * srcStep).fma(spread(kb), one)).intoArray(dst, to + i * step);
    }
  }

  private static void run3(
      int n,
      float[] src,
      int a,
      float ka,
      int b,
      float kb,
      int c,
      float kc,
      int srcStep,
      float[] dst,
      int to,
      int step) {
    for (int i = 0; i < n; i++) {
      FloatVector one = load(src, a + i * srcStep).mul(ka);
      FloatVector two = load(src, b + i * srcStep).fma(spread(kb), one);
      exact(load(src, c + i * srcStep).fma(spread(kc), two)).intoArray(dst, to + i * step);
    }
  }

  private static void add(
      int n, float[] src, int a, float ka, int srcStep, float[] dst, int to, int step) {
    for (int i = 0; i < n; i++) {
      int at = to + i * step;
      exact(load(src, a + i * srcStep).fma(spread(ka), load(dst, at))).intoArray(dst, at);
    }
  }

  /**
   * Pixels to products: a row of them first, then its columns. What stands at each pixel are {@code
   * thick} floats side by side, of several channels, and of {@code beside} vectors of images for
   * each.
   *
   * @param src pixels of the rows from {@code row0} on
   * @param middle room for {@code cols.inputs * thick} floats
   * @param places where product {@code (i, j)} goes in dst
   * @param step floats from one channel to the next there
   */
  static void toProducts(
      Combination rows,
      Combination cols,
      int row0,
      int thick,
      int beside,
      float[] src,
      float[] middle,
      float[] dst,
      int dstOff,
      Places places,
      int step) {
    int line = cols.inputs * thick;
    int wide = beside * LANES;
    for (int i = 0; i < rows.outputs; i++) {
      run(rows, i, src, -row0 * line, line, middle, 0, line);
      for (int j = 0; j < cols.outputs; j++) {
        int to = dstOff + places.at[i * cols.outputs + j];
        for (int at = 0; at < wide; at += LANES) {
          run(thick / wide, cols, j, middle, at, thick, wide, dst, to + at, step);
        }
      }
    }
  }

  /**
   * Products to pixels of the rows {@code row0 .. row1 - 1}: columns first, then rows.
   *
   * @param places where product {@code (i, j)} stands in src
   * @param step floats from one vector to the next there
   * @param dst gets the pixels behind {@code rows.inputs * cols.outputs * thick} floats of
   *     intermediate results
   */
  static void toPixels(
      Combination rows,
      Combination cols,
      int row0,
      int row1,
      int thick,
      float[] src,
      int srcOff,
      Places places,
      int step,
      float[] dst) {
    int line = cols.outputs * thick;
    int n = thick / LANES;
    for (int i = 0; i < rows.inputs; i++) {
      for (int j = 0; j < cols.outputs; j++) {
        int to = i * line + j * thick;
        runPlaced(n, cols, j, src, srcOff, places.at, i * cols.inputs, step, dst, to);
      }
    }
    int pixels = rows.inputs * line;
    for (int i = row0; i < row1; i++) {
      run(rows, i, dst, 0, line, dst, pixels + (i - row0) * line, line);
    }
  }

  /**
   * As {@link #run}; input {@code i} begins at {@code srcOff + at[atOff + i]}, and its vectors are
   * {@code step} floats apart.
   */
  private static void runPlaced(
      int n,
      Combination m,
      int output,
      float[] src,
      int srcOff,
      int[] at,
      int atOff,
      int step,
      float[] dst,
      int dstOff) {
    int t = m.start[output];
    int terms = m.start[output + 1] - t;
    int[] index = m.index;
    float[] k = m.coef;
    if (terms == 0) {
      clear(n, dst, dstOff, LANES);
      return;
    }
    int a = srcOff + at[atOff + index[t]];
    if (terms == 1) {
      run1(n, src, a, k[t], step, dst, dstOff, LANES);
      return;
    }
    int b = srcOff + at[atOff + index[t + 1]];
    if (terms == 2) {
      run2(n, src, a, k[t], b, k[t + 1], step, dst, dstOff, LANES);
      return;
    }
    int c = srcOff + at[atOff + index[t + 2]];
    run3(n, src, a, k[t], b, k[t + 1], c, k[t + 2], step, dst, dstOff, LANES);
    for (int more = t + 3; more < t + terms; more++) {
      add(n, src, srcOff + at[atOff + index[more]], k[more], step, dst, dstOff, LANES);
    }
  }
}
