package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Sums over one channel of a batch of images, {@code [n, c, s]}: {@code n} planes of {@code s}
 * pixels, {@code stride} floats apart. As in {@link VectorReduce}, lanes are floats for at most
 * about {@link VectorReduce#BLOCK} elements and are then added to a double in a fixed order.
 */
final class ChannelSums {
  private static final int BLOCK = VectorReduce.BLOCK;

  private ChannelSums() {}

  /** Sum of x. */
  static double sum(int n, int s, int stride, float[] x, int xOff, float[] lanes) {
    double total = 0;
    FloatVector sum = FloatVector.zero(F);
    int pending = 0;
    for (int image = 0; image < n; image++) {
      for (int from = 0; from < s; from += BLOCK) {
        int count = Math.min(BLOCK, s - from);
        int at = xOff + image * stride + from;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
          sum = sum.add(FloatVector.fromArray(F, x, at + i));
        }
        for (; i < count; i++) {
          total += x[at + i];
        }
        pending += count;
        if (pending >= BLOCK) {
          sum.intoArray(lanes, 0);
          total += Lanes.total(LANES, lanes);
          sum = FloatVector.zero(F);
          pending = 0;
        }
      }
    }
    sum.intoArray(lanes, 0);
    return total + Lanes.total(LANES, lanes);
  }

  /** Sum of {@code (x - mean)^2}. */
  static double squares(
      int n, int s, int stride, float[] x, int xOff, float mean, float[] lanes) {
    double total = 0;
    FloatVector center = FloatVector.broadcast(F, mean);
    FloatVector sum = FloatVector.zero(F);
    int pending = 0;
    for (int image = 0; image < n; image++) {
      for (int from = 0; from < s; from += BLOCK) {
        int count = Math.min(BLOCK, s - from);
        int at = xOff + image * stride + from;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
          FloatVector d = FloatVector.fromArray(F, x, at + i).sub(center);
          sum = d.fma(d, sum);
        }
        for (; i < count; i++) {
          float d = x[at + i] - mean;
          total += (double) d * d;
        }
        pending += count;
        if (pending >= BLOCK) {
          sum.intoArray(lanes, 0);
          total += Lanes.total(LANES, lanes);
          sum = FloatVector.zero(F);
          pending = 0;
        }
      }
    }
    sum.intoArray(lanes, 0);
    return total + Lanes.total(LANES, lanes);
  }

  /** Sum of {@code dy * (x - mean)}. */
  static double products(
      int n,
      int s,
      int stride,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float mean,
      float[] lanes) {
    double total = 0;
    FloatVector center = FloatVector.broadcast(F, mean);
    FloatVector sum = FloatVector.zero(F);
    int pending = 0;
    for (int image = 0; image < n; image++) {
      for (int from = 0; from < s; from += BLOCK) {
        int count = Math.min(BLOCK, s - from);
        int at = image * stride + from;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
          FloatVector d = FloatVector.fromArray(F, x, xOff + at + i).sub(center);
          sum = d.fma(FloatVector.fromArray(F, dy, dyOff + at + i), sum);
        }
        for (; i < count; i++) {
          total += (double) dy[dyOff + at + i] * (x[xOff + at + i] - mean);
        }
        pending += count;
        if (pending >= BLOCK) {
          sum.intoArray(lanes, 0);
          total += Lanes.total(LANES, lanes);
          sum = FloatVector.zero(F);
          pending = 0;
        }
      }
    }
    sum.intoArray(lanes, 0);
    return total + Lanes.total(LANES, lanes);
  }
}
