package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.PeakProbe;
import jdk.incubator.vector.FloatVector;

/**
 * Fused multiply-adds on registers. Twelve sums are independent of each other, more than latency
 * times throughput of the FMA units of today's processors (8 to 10), and fit with the two factors
 * into 16 registers.
 */
final class FmaPeak implements PeakProbe {
  private static final int SUMS = 12;
  private static final int STEPS = 10_000;

  /** Where results go, so that they are computed. */
  private volatile float sink;

  /** Not constants, or the compiler would compute ahead; the sums grow by 1. */
  private float left = 0.01f;

  private float right = 0.01f;

  @Override
  public long run() {
    sink = chains();
    return 2L * SUMS * STEPS * LANES;
  }

  /**
   * Each step is {@code s = x * y + s}, in all lanes of twelve vectors; their sum. The other way
   * round, {@code s * x + y}, would need a copy of y for each: the processor's instruction adds to
   * one of its operands.
   *
   * <p>{@code TYPE.cast}, not {@code spread} and {@code exact}: this may be the first vector code
   * of a JVM, and C2 of JDK 17 does not inline a method of our own that has run less than 250
   * times; a vector that comes out of a call, or goes into one, goes through the loop as an object,
   * 50 times slower.
   */
  float chains() {
    FloatVector x = TYPE.cast(FloatVector.broadcast(F, left));
    FloatVector y = TYPE.cast(FloatVector.broadcast(F, right));
    FloatVector s0 = TYPE.cast(FloatVector.broadcast(F, 0));
    FloatVector s1 = TYPE.cast(FloatVector.broadcast(F, 1));
    FloatVector s2 = TYPE.cast(FloatVector.broadcast(F, 2));
    FloatVector s3 = TYPE.cast(FloatVector.broadcast(F, 3));
    FloatVector s4 = TYPE.cast(FloatVector.broadcast(F, 4));
    FloatVector s5 = TYPE.cast(FloatVector.broadcast(F, 5));
    FloatVector s6 = TYPE.cast(FloatVector.broadcast(F, 6));
    FloatVector s7 = TYPE.cast(FloatVector.broadcast(F, 7));
    FloatVector s8 = TYPE.cast(FloatVector.broadcast(F, 8));
    FloatVector s9 = TYPE.cast(FloatVector.broadcast(F, 9));
    FloatVector s10 = TYPE.cast(FloatVector.broadcast(F, 10));
    FloatVector s11 = TYPE.cast(FloatVector.broadcast(F, 11));
    for (int step = 0; step < STEPS; step++) {
      s0 = TYPE.cast(x.fma(y, s0));
      s1 = TYPE.cast(x.fma(y, s1));
      s2 = TYPE.cast(x.fma(y, s2));
      s3 = TYPE.cast(x.fma(y, s3));
      s4 = TYPE.cast(x.fma(y, s4));
      s5 = TYPE.cast(x.fma(y, s5));
      s6 = TYPE.cast(x.fma(y, s6));
      s7 = TYPE.cast(x.fma(y, s7));
      s8 = TYPE.cast(x.fma(y, s8));
      s9 = TYPE.cast(x.fma(y, s9));
      s10 = TYPE.cast(x.fma(y, s10));
      s11 = TYPE.cast(x.fma(y, s11));
    }
    FloatVector low =
        TYPE.cast(TYPE.cast(TYPE.cast(s0).add(s1)).add(TYPE.cast(s2).add(s3)))
            .add(TYPE.cast(s4).add(s5));
    FloatVector high =
        TYPE.cast(TYPE.cast(TYPE.cast(s6).add(s7)).add(TYPE.cast(s8).add(s9)))
            .add(TYPE.cast(s10).add(s11));
    float[] lanes = TYPE.cast(low).add(high).toArray();
    return (float) Lanes.total(lanes, 0);
  }

  /** What {@link #chains} is, computed one by one: the test's oracle. */
  float expected() {
    double sum = 0;
    for (int chain = 0; chain < SUMS; chain++) {
      float s = chain;
      for (int step = 0; step < STEPS; step++) {
        s = Math.fma(left, right, s);
      }
      sum += (double) s * LANES;
    }
    return (float) sum;
  }
}
