package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/** Loops over whole vectors with a scalar tail, shared by several kernels. */
final class Lanes {
  private Lanes() {}

  /** Sum of the first {@code count} floats, in their order. */
  static double total(int count, float[] lanes) {
    double total = 0;
    for (int i = 0; i < count; i++) {
      total += lanes[i];
    }
    return total;
  }

  /** Sum of one vector of floats, in their order. */
  static double total(float[] lanes, int from) {
    double total = 0;
    for (int i = 0; i < LANES; i++) {
      total += lanes[from + i];
    }
    return total;
  }

  /** Sum of one vector, four sums side by side. */
  static float sum(float[] x, int from) {
    float a = 0f;
    float b = 0f;
    float c = 0f;
    float d = 0f;
    for (int i = from; i < from + LANES; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    return (a + c) + (b + d);
  }

  /** {@code dst = src + b}. */
  static void copyPlus(int len, float[] src, int srcOff, float b, float[] dst, int dstOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(load(src, srcOff + i).add(b)).intoArray(dst, dstOff + i);
    }
    for (; i < len; i++) {
      dst[dstOff + i] = src[srcOff + i] + b;
    }
  }

  /** {@code dst += src}. */
  static void add(int len, float[] src, int srcOff, float[] dst, int dstOff) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(load(dst, dstOff + i).add(load(src, srcOff + i))).intoArray(dst, dstOff + i);
    }
    for (; i < len; i++) {
      dst[dstOff + i] += src[srcOff + i];
    }
  }

  /** {@code dst = k * src} for whole vectors. */
  static void times(int len, float[] src, int srcOff, float k, float[] dst, int dstOff) {
    for (int i = 0; i < len; i += LANES) {
      exact(load(src, srcOff + i).mul(k)).intoArray(dst, dstOff + i);
    }
  }

  /** {@code dst = ka * src[a..] + kb * src[b..]} for whole vectors. */
  static void combine(
      int len, float[] src, int a, float ka, int b, float kb, float[] dst, int dstOff) {
    for (int i = 0; i < len; i += LANES) {
      exact(load(src, b + i).fma(spread(kb), load(src, a + i).mul(ka))).intoArray(dst, dstOff + i);
    }
  }

  /** {@code dst = ka * src[a..] + kb * src[b..] + kc * src[c..]} for whole vectors. */
  static void combine(
      int len,
      float[] src,
      int a,
      float ka,
      int b,
      float kb,
      int c,
      float kc,
      float[] dst,
      int dstOff) {
    for (int i = 0; i < len; i += LANES) {
      FloatVector two = load(src, b + i).fma(spread(kb), load(src, a + i).mul(ka));
      exact(load(src, c + i).fma(spread(kc), two)).intoArray(dst, dstOff + i);
    }
  }
}
