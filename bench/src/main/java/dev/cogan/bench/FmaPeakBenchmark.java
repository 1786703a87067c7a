package dev.cogan.bench;

import dev.cogan.engine.kernel.KernelSelector;
import dev.cogan.engine.kernel.PeakProbe;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The machine's limit: fused multiply-adds on registers alone, without memory. Row {@code :gflop}
 * is GFLOP/s, of one core, or with JMH's {@code -t 2} of two.
 *
 * <p>The arithmetic is the vector kernels' own probe, which {@code cogan bench} takes, too; its
 * results are checked by a test beside it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FmaPeakBenchmark {
  private final PeakProbe probe = KernelSelector.select("vector").peakProbe();

  /** Twelve chains of multiply-adds; returns the operations done. */
  @Benchmark
  public long fma(Rate rate) {
    long operations = probe.run();
    rate.gflop += 1e-9 * operations;
    return operations;
  }
}
