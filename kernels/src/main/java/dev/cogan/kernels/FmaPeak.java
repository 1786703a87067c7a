package dev.cogan.kernels;

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

  /** Not constants, or the compiler would compute ahead; the sums tend to 1, slowly. */
  private float factor = 0.9999f;

  private float addend = 1e-4f;

  @Override
  public long run() {
    sink = chains();
    return 2L * SUMS * STEPS * LANES;
  }

  /** Each step is {@code s = s * factor + addend}, in all lanes of twelve vectors; their sum. */
  float chains() {
    FloatVector x = FloatVector.broadcast(F, factor);
    FloatVector y = FloatVector.broadcast(F, addend);
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
      s0 = s0.fma(x, y);
      s1 = s1.fma(x, y);
      s2 = s2.fma(x, y);
      s3 = s3.fma(x, y);
      s4 = s4.fma(x, y);
      s5 = s5.fma(x, y);
      s6 = s6.fma(x, y);
      s7 = s7.fma(x, y);
      s8 = s8.fma(x, y);
      s9 = s9.fma(x, y);
      s10 = s10.fma(x, y);
      s11 = s11.fma(x, y);
    }
    FloatVector low = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    FloatVector high = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    float[] lanes = low.add(high).toArray();
    return (float) Lanes.total(lanes, 0);
  }

  /** What {@link #chains} is, computed one by one: the test's oracle. */
  float expected() {
    double sum = 0;
    for (int chain = 0; chain < SUMS; chain++) {
      float s = chain;
      for (int step = 0; step < STEPS; step++) {
        s = Math.fma(s, factor, addend);
      }
      sum += (double) s * LANES;
    }
    return (float) sum;
  }
}
