package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.LANES;

import java.util.Arrays;
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
    int t = m.start[output];
    int terms = m.start[output + 1] - t;
    int[] index = m.index;
    float[] k = m.coef;
    if (terms == 0) {
      Arrays.fill(dst, dstOff, dstOff + len, 0f);
      return;
    }
    int a = srcOff + index[t] * stride;
    if (terms == 1) {
      run1(src, a, k[t], dst, dstOff, len);
      return;
    }
    int b = srcOff + index[t + 1] * stride;
    if (terms == 2) {
      run2(src, a, k[t], b, k[t + 1], dst, dstOff, len);
      return;
    }
    int c = srcOff + index[t + 2] * stride;
    run3(src, a, k[t], b, k[t + 1], c, k[t + 2], dst, dstOff, len);
    for (int more = t + 3; more < t + terms; more++) {
      add(src, srcOff + index[more] * stride, k[more], dst, dstOff, len);
    }
  }

  private static void run1(float[] src, int a, float ka, float[] dst, int to, int len) {
    for (int i = 0; i < len; i += LANES) {
      exact(load(src, a + i).mul(ka)).intoArray(dst, to + i);
    }
  }

  private static void run2(
      float[] src, int a, float ka, int b, float kb, float[] dst, int to, int len) {
    for (int i = 0; i < len; i += LANES) {
      exact(load(src, b + i).fma(spread(kb), load(src, a + i).mul(ka))).intoArray(dst, to + i);
    }
  }

  private static void run3(
      float[] src,
      int a,
      float ka,
      int b,
      float kb,
      int c,
      float kc,
      float[] dst,
      int to,
      int len) {
    for (int i = 0; i < len; i += LANES) {
      FloatVector two = load(src, b + i).fma(spread(kb), load(src, a + i).mul(ka));
      exact(load(src, c + i).fma(spread(kc), two)).intoArray(dst, to + i);
    }
  }

  private static void add(float[] src, int a, float ka, float[] dst, int to, int len) {
    for (int i = 0; i < len; i += LANES) {
      exact(load(src, a + i).fma(spread(ka), load(dst, to + i))).intoArray(dst, to + i);
    }
  }

  /**
   * Pixels to products: a row of them first, then its columns. What stands at each pixel are {@code
   * thick} floats side by side, of several images and channels; of a product they go to as many
   * places as {@code parts} says, {@code apart} floats from one to the next.
   *
   * @param src pixels of the rows from {@code row0} on
   * @param middle room for {@code cols.inputs * thick} floats
   * @param places where product {@code (i, j)} goes in dst
   */
  static void toProducts(
      Combination rows,
      Combination cols,
      int row0,
      int thick,
      int parts,
      int apart,
      float[] src,
      float[] middle,
      float[] dst,
      int dstOff,
      Places places) {
    int line = cols.inputs * thick;
    int len = thick / parts;
    for (int i = 0; i < rows.outputs; i++) {
      run(rows, i, src, -row0 * line, line, middle, 0, line);
      for (int j = 0; j < cols.outputs; j++) {
        int to = dstOff + places.at[i * cols.outputs + j];
        for (int part = 0; part < parts; part++) {
          run(cols, j, middle, part * len, thick, dst, to + part * apart, len);
        }
      }
    }
  }

  /**
   * Products to pixels of the rows {@code row0 .. row1 - 1}: columns first, then rows.
   *
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
      float[] dst) {
    int line = cols.outputs * thick;
    for (int i = 0; i < rows.inputs; i++) {
      for (int j = 0; j < cols.outputs; j++) {
        runPlaced(
            cols, j, src, srcOff, places.at, i * cols.inputs, dst, i * line + j * thick, thick);
      }
    }
    int pixels = rows.inputs * line;
    for (int i = row0; i < row1; i++) {
      run(rows, i, dst, 0, line, dst, pixels + (i - row0) * line, line);
    }
  }

  /** As {@link #run}; input {@code i} begins at {@code srcOff + at[atOff + i]}. */
  private static void runPlaced(
      Combination m,
      int output,
      float[] src,
      int srcOff,
      int[] at,
      int atOff,
      float[] dst,
      int dstOff,
      int len) {
    int t = m.start[output];
    int terms = m.start[output + 1] - t;
    int[] index = m.index;
    float[] k = m.coef;
    if (terms == 0) {
      Arrays.fill(dst, dstOff, dstOff + len, 0f);
      return;
    }
    int a = srcOff + at[atOff + index[t]];
    if (terms == 1) {
      run1(src, a, k[t], dst, dstOff, len);
      return;
    }
    int b = srcOff + at[atOff + index[t + 1]];
    if (terms == 2) {
      run2(src, a, k[t], b, k[t + 1], dst, dstOff, len);
      return;
    }
    int c = srcOff + at[atOff + index[t + 2]];
    run3(src, a, k[t], b, k[t + 1], c, k[t + 2], dst, dstOff, len);
    for (int more = t + 3; more < t + terms; more++) {
      add(src, srcOff + at[atOff + index[more]], k[more], dst, dstOff, len);
    }
  }
}
