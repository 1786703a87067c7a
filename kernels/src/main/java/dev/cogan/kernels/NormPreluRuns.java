package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link VectorNormPrelu} over the pixels of one channel of one image, at least one
 * vector of them. What does not fill a vector at the end is covered by a vector that overlaps the
 * one before: sums leave out the lanes that were counted; results are computed from what was read
 * before the loop wrote anything, so that they may go where the argument was.
 */
final class NormPreluRuns {
  /** From {@code r} on: a vector whose last {@code r} lanes are 1, the others 0. */
  private static final float[] LAST = new float[2 * LANES];

  static {
    java.util.Arrays.fill(LAST, LANES, 2 * LANES, 1f);
  }

  private NormPreluRuns() {}

  /** {@code lanes += x}. */
  static void sum(int len, float[] x, int xOff, float[] lanes, int slot) {
    FloatVector zero = TYPE.cast(FloatVector.zero(F));
    FloatVector sum = TYPE.cast(FloatVector.fromArray(F, lanes, slot));
    VectorMask<Float> last =
        TYPE.cast(FloatVector.fromArray(F, LAST, len % LANES)).compare(VectorOperators.GT, 0f);
    for (int i = 0; i <= len - LANES; i += LANES) {
      sum = TYPE.cast(FloatVector.fromArray(F, x, xOff + i)).add(sum);
    }
    sum = TYPE.cast(zero.blend(FloatVector.fromArray(F, x, xOff + len - LANES), last)).add(sum);
    TYPE.cast(sum).intoArray(lanes, slot);
  }

  /** Lanes of {@code x - mean}, then lanes of its square. */
  static void squares(int len, float[] x, int xOff, float mean, float[] lanes, int slot) {
    FloatVector zero = TYPE.cast(FloatVector.zero(F));
    FloatVector center = TYPE.cast(FloatVector.broadcast(F, mean));
    FloatVector first = TYPE.cast(FloatVector.fromArray(F, lanes, slot));
    FloatVector second = TYPE.cast(FloatVector.fromArray(F, lanes, slot + LANES));
    VectorMask<Float> last =
        TYPE.cast(FloatVector.fromArray(F, LAST, len % LANES)).compare(VectorOperators.GT, 0f);
    for (int i = 0; i <= len - LANES; i += LANES) {
      FloatVector d = TYPE.cast(TYPE.cast(FloatVector.fromArray(F, x, xOff + i)).sub(center));
      first = d.add(first);
      second = d.fma(d, second);
    }
    FloatVector d =
        TYPE.cast(
            zero.blend(
                TYPE.cast(FloatVector.fromArray(F, x, xOff + len - LANES)).sub(center), last));
    TYPE.cast(zero.add(d.add(first))).intoArray(lanes, slot);
    TYPE.cast(zero.add(d.fma(d, second))).intoArray(lanes, slot + LANES);
  }

  /** {@code z = (x - mean) * scale + shift}, {@code y = z > 0 ? z : slope * z}. */
  static void forward(
      int len,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float mean,
      float scale,
      float shift,
      float slope) {
    FloatVector center = TYPE.cast(FloatVector.broadcast(F, mean));
    FloatVector factor = TYPE.cast(FloatVector.broadcast(F, scale));
    FloatVector term = TYPE.cast(FloatVector.broadcast(F, shift));
    FloatVector end =
        TYPE.cast(
            TYPE.cast(TYPE.cast(FloatVector.fromArray(F, x, xOff + len - LANES)).sub(center))
                .fma(factor, term));
    for (int i = 0; i <= len - LANES; i += LANES) {
      FloatVector z =
          TYPE.cast(
              TYPE.cast(TYPE.cast(FloatVector.fromArray(F, x, xOff + i)).sub(center))
                  .fma(factor, term));
      TYPE.cast(TYPE.cast(z.mul(slope)).blend(z, z.compare(VectorOperators.GT, 0f)))
          .intoArray(y, yOff + i);
    }
    TYPE.cast(TYPE.cast(end.mul(slope)).blend(end, end.compare(VectorOperators.GT, 0f)))
        .intoArray(y, yOff + len - LANES);
  }

  /**
   * With {@code z} as in {@link #forward} and {@code g = z > 0 ? dy : slope * dy}: lanes of g, of
   * {@code g * (x - mean)} and of {@code dy * min(z, 0)}.
   */
  static void products(
      int len,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float mean,
      float scale,
      float shift,
      float slope,
      float[] lanes,
      int slot) {
    FloatVector zero = TYPE.cast(FloatVector.zero(F));
    FloatVector center = TYPE.cast(FloatVector.broadcast(F, mean));
    FloatVector factor = TYPE.cast(FloatVector.broadcast(F, scale));
    FloatVector term = TYPE.cast(FloatVector.broadcast(F, shift));
    FloatVector first = TYPE.cast(FloatVector.fromArray(F, lanes, slot));
    FloatVector second = TYPE.cast(FloatVector.fromArray(F, lanes, slot + LANES));
    FloatVector third = TYPE.cast(FloatVector.fromArray(F, lanes, slot + 2 * LANES));
    VectorMask<Float> last =
        TYPE.cast(FloatVector.fromArray(F, LAST, len % LANES)).compare(VectorOperators.GT, 0f);
    for (int i = 0; i <= len - LANES; i += LANES) {
      FloatVector d = TYPE.cast(TYPE.cast(FloatVector.fromArray(F, x, xOff + i)).sub(center));
      FloatVector u = TYPE.cast(FloatVector.fromArray(F, dy, dyOff + i));
      FloatVector z = TYPE.cast(d.fma(factor, term));
      VectorMask<Float> positive = z.compare(VectorOperators.GT, 0f);
      FloatVector g = TYPE.cast(TYPE.cast(u.mul(slope)).blend(u, positive));
      first = g.add(first);
      second = g.fma(d, second);
      third = TYPE.cast(TYPE.cast(u.mul(z)).blend(zero, positive)).add(third);
    }
    FloatVector d =
        TYPE.cast(TYPE.cast(FloatVector.fromArray(F, x, xOff + len - LANES)).sub(center));
    FloatVector u = TYPE.cast(FloatVector.fromArray(F, dy, dyOff + len - LANES));
    FloatVector z = TYPE.cast(d.fma(factor, term));
    VectorMask<Float> positive = z.compare(VectorOperators.GT, 0f);
    FloatVector g = TYPE.cast(zero.blend(TYPE.cast(u.mul(slope)).blend(u, positive), last));
    TYPE.cast(zero.add(g.add(first))).intoArray(lanes, slot);
    // Lanes that were counted are left out before the product: infinity times 0 is not 0.
    TYPE.cast(zero.add(g.fma(zero.blend(d, last), second))).intoArray(lanes, slot + LANES);
    TYPE.cast(
            zero.add(
                TYPE.cast(zero.blend(TYPE.cast(u.mul(z)).blend(zero, positive), last)).add(third)))
        .intoArray(lanes, slot + 2 * LANES);
  }

  /** {@code dx = scale * (g - first - (x - mean) * second)}, with g as in {@link #products}. */
  static void backward(
      int len,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float mean,
      float scale,
      float shift,
      float slope,
      float first,
      float second) {
    FloatVector center = TYPE.cast(FloatVector.broadcast(F, mean));
    FloatVector factor = TYPE.cast(FloatVector.broadcast(F, scale));
    FloatVector term = TYPE.cast(FloatVector.broadcast(F, shift));
    FloatVector offset = TYPE.cast(FloatVector.broadcast(F, first));
    FloatVector incline = TYPE.cast(FloatVector.broadcast(F, -second));
    FloatVector endD =
        TYPE.cast(TYPE.cast(FloatVector.fromArray(F, x, xOff + len - LANES)).sub(center));
    FloatVector endU = TYPE.cast(FloatVector.fromArray(F, dy, dyOff + len - LANES));
    for (int i = 0; i <= len - LANES; i += LANES) {
      FloatVector d = TYPE.cast(TYPE.cast(FloatVector.fromArray(F, x, xOff + i)).sub(center));
      FloatVector u = TYPE.cast(FloatVector.fromArray(F, dy, dyOff + i));
      VectorMask<Float> positive = TYPE.cast(d.fma(factor, term)).compare(VectorOperators.GT, 0f);
      FloatVector g = TYPE.cast(TYPE.cast(TYPE.cast(u.mul(slope)).blend(u, positive)).sub(offset));
      TYPE.cast(TYPE.cast(d.fma(incline, g)).mul(factor)).intoArray(dx, dxOff + i);
    }
    VectorMask<Float> positive = TYPE.cast(endD.fma(factor, term)).compare(VectorOperators.GT, 0f);
    FloatVector g =
        TYPE.cast(TYPE.cast(TYPE.cast(endU.mul(slope)).blend(endU, positive)).sub(offset));
    TYPE.cast(TYPE.cast(endD.fma(incline, g)).mul(factor)).intoArray(dx, dxOff + len - LANES);
  }
}
