package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over one channel of a batch of images, {@code [n, c, s]}: {@code n} planes of {@code s}
 * pixels, {@code stride} floats apart. As in {@link VectorReduce}, lanes are floats for at most
 * about {@link VectorReduce#BLOCK} elements and are then added to a double in a fixed order.
 *
 * <p>Between planes the lanes wait in an array: C2 keeps a vector in registers through one loop,
 * but not through two nested ones, where it would become a heap object.
 */
final class ChannelSums {
  private static final int BLOCK = VectorReduce.BLOCK;

  private ChannelSums() {}

  /**
   * {@code sums[0] = sum of x}.
   *
   * @param lanes room for two vectors
   */
  static void sum(int n, int s, int stride, float[] x, int xOff, double[] sums, float[] lanes) {
    double total = 0;
    int pending = 0;
    clear(lanes);
    for (int image = 0; image < n; image++) {
      for (int from = 0; from < s; from += BLOCK) {
        int count = Math.min(BLOCK, s - from);
        int at = xOff + image * stride + from;
        addRun(count, x, at, lanes);
        for (int i = count - count % LANES; i < count; i++) {
          total += x[at + i];
        }
        pending += count;
        if (pending >= BLOCK) {
          total += Lanes.total(lanes, 0);
          clear(lanes);
          pending = 0;
        }
      }
    }
    sums[0] = total + Lanes.total(lanes, 0);
  }

  /**
   * {@code sums[0] = sum of a} and {@code sums[1] = sum of a * (x - mean)}; without a, the sums of
   * {@code x - mean} and of its square.
   */
  static void products(
      int n,
      int s,
      int stride,
      float[] a,
      int aOff,
      float[] x,
      int xOff,
      float mean,
      double[] sums,
      float[] lanes) {
    double first = 0;
    double second = 0;
    int pending = 0;
    clear(lanes);
    for (int image = 0; image < n; image++) {
      for (int from = 0; from < s; from += BLOCK) {
        int count = Math.min(BLOCK, s - from);
        int at = image * stride + from;
        if (a == null) {
          squareRun(count, x, xOff + at, mean, lanes);
        } else {
          multiplyRun(count, a, aOff + at, x, xOff + at, mean, lanes);
        }
        for (int i = count - count % LANES; i < count; i++) {
          float d = x[xOff + at + i] - mean;
          float factor = a == null ? d : a[aOff + at + i];
          first += factor;
          second += (double) factor * d;
        }
        pending += count;
        if (pending >= BLOCK) {
          first += Lanes.total(lanes, 0);
          second += Lanes.total(lanes, LANES);
          clear(lanes);
          pending = 0;
        }
      }
    }
    sums[0] = first + Lanes.total(lanes, 0);
    sums[1] = second + Lanes.total(lanes, LANES);
  }

  /** {@code sums[0] = sum of dy * min(x, 0)}. */
  static void negative(
      int n,
      int s,
      int stride,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      double[] sums,
      float[] lanes) {
    double total = 0;
    int pending = 0;
    clear(lanes);
    for (int image = 0; image < n; image++) {
      for (int from = 0; from < s; from += BLOCK) {
        int count = Math.min(BLOCK, s - from);
        int at = image * stride + from;
        negativeRun(count, dy, dyOff + at, x, xOff + at, lanes);
        for (int i = count - count % LANES; i < count; i++) {
          float v = x[xOff + at + i];
          total += v > 0 ? 0f : dy[dyOff + at + i] * v;
        }
        pending += count;
        if (pending >= BLOCK) {
          total += Lanes.total(lanes, 0);
          clear(lanes);
          pending = 0;
        }
      }
    }
    sums[0] = total + Lanes.total(lanes, 0);
  }

  private static void clear(float[] lanes) {
    FloatVector zero = exact(FloatVector.zero(F));
    zero.intoArray(lanes, 0);
    zero.intoArray(lanes, LANES);
  }

  private static void addRun(int len, float[] x, int xOff, float[] lanes) {
    FloatVector sum = load(lanes, 0);
    for (int i = 0; i <= len - LANES; i += LANES) {
      sum = load(x, xOff + i).add(sum);
    }
    exact(sum).intoArray(lanes, 0);
  }

  private static void squareRun(int len, float[] x, int xOff, float mean, float[] lanes) {
    FloatVector center = spread(mean);
    FloatVector first = load(lanes, 0);
    FloatVector second = load(lanes, LANES);
    for (int i = 0; i <= len - LANES; i += LANES) {
      FloatVector d = exact(load(x, xOff + i).sub(center));
      first = d.add(first);
      second = d.fma(d, second);
    }
    exact(first).intoArray(lanes, 0);
    exact(second).intoArray(lanes, LANES);
  }

  private static void multiplyRun(
      int len, float[] a, int aOff, float[] x, int xOff, float mean, float[] lanes) {
    FloatVector center = spread(mean);
    FloatVector first = load(lanes, 0);
    FloatVector second = load(lanes, LANES);
    for (int i = 0; i <= len - LANES; i += LANES) {
      FloatVector factor = load(a, aOff + i);
      first = factor.add(first);
      second = exact(load(x, xOff + i).sub(center)).fma(factor, second);
    }
    exact(first).intoArray(lanes, 0);
    exact(second).intoArray(lanes, LANES);
  }

  private static void negativeRun(
      int len, float[] dy, int dyOff, float[] x, int xOff, float[] lanes) {
    FloatVector zero = exact(FloatVector.zero(F));
    FloatVector sum = load(lanes, 0);
    for (int i = 0; i <= len - LANES; i += LANES) {
      FloatVector v = load(x, xOff + i);
      FloatVector product = exact(v.mul(load(dy, dyOff + i)));
      sum = exact(product.blend(zero, v.compare(VectorOperators.GT, 0f))).add(sum);
    }
    exact(sum).intoArray(lanes, 0);
  }
}
