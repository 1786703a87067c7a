package dev.cogan.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The machine's limit: fused multiply-adds on registers alone, without memory. Row {@code :gflop}
 * is GFLOP/s, of one core, or with JMH's {@code -t 2} of two.
 *
 * <p>Twelve sums are independent of each other, more than latency times throughput of the FMA units
 * of today's processors (8 to 10), and fit with the two factors into 16 registers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FmaPeakBenchmark {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int SUMS = 12;
  private static final int STEPS = 20_000;

  /** Arithmetic of one call in 1e9 operations. */
  static final double GIGA_FLOP = 2e-9 * SUMS * STEPS * F.length();

  /** Not constants, or the compiler would compute ahead; the sums grow by 2, slowly. */
  private float left = 0.01f;

  private float right = 0.01f;

  /** Checks that the arithmetic is what it says. */
  @Setup
  public void setup() {
    // Each step is s = left * right + s.
    float expected = 0;
    for (int sum = 0; sum < SUMS; sum++) {
      float s = sum;
      for (int step = 0; step < STEPS; step++) {
        s = Math.fma(left, right, s);
      }
      expected += s * F.length();
    }
    Comparison.require("FMA", new float[] {expected}, new float[] {chains()});
  }

  /**
   * Twelve chains of multiply-adds. The other way round, {@code s * x + y}, each would need a copy
   * of y: the processor's instruction adds to one of its operands.
   */
  @Benchmark
  public float fma(Rate rate) {
    rate.gflop += GIGA_FLOP;
    return chains();
  }

  private float chains() {
    FloatVector x = FloatVector.broadcast(F, left);
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
    FloatVector low = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    FloatVector high = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    float[] lanes = low.add(high).toArray();
    float sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    return sum;
  }
}
