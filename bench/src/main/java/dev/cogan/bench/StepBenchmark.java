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
 * One whole training step: both discriminators, both generators, both optimisers. Row {@code
 * :gflop} is GFLOP/s of its matrix products and convolutions; {@code -bm avgt -tu ms} gives
 * milliseconds per step instead.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class StepBenchmark extends OneThread {
  /** Whose kernels: vector, scalar or reference; with the profile {@code peers} also libtorch. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** What is trained. */
  @Param({"digits-small", "digits"})
  public String preset;

  /** Images per domain. */
  @Param("64")
  public int batch;

  /** Whether the preset's dropout is applied; peers run without. */
  @Param("true")
  public boolean dropout;

  /** Threads of the kernels. */
  @Param({"1", "2"})
  public int threads;

  private Operation operation;
  private double gigaFlop;

  /** Plans the training, counts its arithmetic, and checks its first losses. */
  @Setup(Level.Trial)
  public void setup() {
    StepProblem problem = new StepProblem(Preset.named(preset), batch, dropout);
    gigaFlop = problem.gigaFlop();
    operation = Implementations.step(implementation, problem, threads);
  }

  /** One step; the parameters go on from step to step. */
  @Benchmark
  public void step(Rate rate) {
    operation.run();
    rate.gflop += gigaFlop;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    operation.close();
  }
}
