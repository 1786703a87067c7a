package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.spread;
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
   */
  float chains() {
    FloatVector x = spread(left);
    FloatVector y = FloatVector.broadcast(F, right);
    FloatVector s0 = FloatVector.broadcast(F, 0);
    FloatVector s1 = FloatVector.broadcast(F, 1);
    FloatVector s2 = FloatVector.broadcast(F, 2);
    FloatVector s3 = FloatVector.broadcast(F, 3);
    FloatVector s4 = FloatVector.broadcast(F, 4);
    FloatVector s5 = FloatVector.broadcast(F, 5);
    FloatVector s6 = FloatVector.broadcast(F, 6);
    FloatVector s7 = FloatVector.broadcast(F, 7);
    FloatVector s8 = FloatVector.broadcast(F, 8);
    FloatVector s9 = FloatVector.broadcast(F, 9);
    FloatVector s10 = FloatVector.broadcast(F, 10);
    FloatVector s11 = FloatVector.broadcast(F, 11);
    for (int step = 0; step < STEPS; step++) {
      s0 = x.fma(y, s0);
      s1 = x.fma(y, s1);
      s2 = x.fma(y, s2);
      s3 = x.fma(y, s3);
      s4 = x.fma(y, s4);
      s5 = x.fma(y, s5);
      s6 = x.fma(y, s6);
      s7 = x.fma(y, s7);
      s8 = x.fma(y, s8);
      s9 = x.fma(y, s9);
      s10 = x.fma(y, s10);
      s11 = x.fma(y, s11);
    }
    FloatVector low = exact(exact(exact(s0).add(s1)).add(exact(s2).add(s3))).add(exact(s4).add(s5));
    FloatVector high =
        exact(exact(exact(s6).add(s7)).add(exact(s8).add(s9))).add(exact(s10).add(s11));
    float[] lanes = exact(low).add(high).toArray();
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
