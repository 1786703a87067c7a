package dev.cogan.bench;

import dev.cogan.engine.train.Preset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sampling of pairs from z to pixels. Row {@code :gflop} is GFLOP/s; {@code -bm avgt -tu ms} gives
 * milliseconds per batch of pairs instead.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SampleBenchmark extends OneThread {
  /** Whose kernels: vector, scalar or reference; with the profile {@code peers} also libtorch. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Whose generators. */
  @Param({"digits-small", "digits"})
  public String preset;

  /** Pairs in one call. */
  @Param({"64", "1"})
  public int pairs;

  /** Threads of the kernels. */
  @Param({"1", "2"})
  public int threads;

  private Operation operation;
  private double gigaFlop;

  /** Makes the generators, counts their arithmetic, and checks the images. */
  @Setup(Level.Trial)
  public void setup() {
    SampleProblem problem = new SampleProblem(Preset.named(preset), pairs);
    gigaFlop = FlopCounter.gigaFlop(problem::sampling);
    operation = Implementations.sample(implementation, problem, threads);
  }

  /** One batch of pairs. */
  @Benchmark
  public void sample(Rate rate) {
    operation.run();
    rate.gflop += gigaFlop;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    operation.close();
  }
}
