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

  /** Not constants, or the compiler would compute ahead; the sums tend to 1, slowly. */
  private float factor = 0.9999f;

  private float addend = 1e-4f;

  /** Checks that the arithmetic is what it says. */
  @Setup
  public void setup() {
    // Each step is s = s * factor + addend.
    float expected = 0;
    for (int sum = 0; sum < SUMS; sum++) {
      float s = sum;
      for (int step = 0; step < STEPS; step++) {
        s = Math.fma(s, factor, addend);
      }
      expected += s * F.length();
    }
    Comparison.require("FMA", new float[] {expected}, new float[] {chains()});
  }

  /** Twelve chains of multiply-adds. */
  @Benchmark
  public float fma(Rate rate) {
    rate.gflop += GIGA_FLOP;
    return chains();
  }

  private float chains() {
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
    float sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    return sum;
  }
}
