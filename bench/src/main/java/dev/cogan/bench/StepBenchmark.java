package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.Trainer;
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
public class StepBenchmark {
  /** The reference kernels cannot do more in reasonable time. */
  private static final int REFERENCE_BATCH = 2;

  /** Whose kernels: vector, scalar or reference. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** What is trained. */
  @Param({"digits-small", "digits"})
  public String preset;

  /** Images per domain. */
  @Param("64")
  public int batch;

  /** Threads of the kernels. */
  @Param({"1", "2"})
  public int threads;

  private KernelSet set;
  private Trainer trainer;
  private double gigaFlop;

  /** Plans the training, counts its arithmetic, and checks its first losses. */
  @Setup(Level.Trial)
  public void setup() {
    set = KernelSet.open(implementation, threads);
    FlopCounter counter = new FlopCounter();
    float[] losses = firstLosses(batch, counter.count(set.kernels()));
    gigaFlop = counter.gigaFlop();
    if (implementation.equals("vector")) {
      Comparison.require(
          "losses against scalar",
          firstLosses(batch, new ScalarKernels(set.kernels().parallel())),
          losses);
    } else {
      Comparison.require(
          "losses against reference",
          firstLosses(REFERENCE_BATCH, new ReferenceKernels()),
          firstLosses(REFERENCE_BATCH, set.kernels()));
    }
    trainer = Training.create(Preset.named(preset), batch, set.kernels());
  }

  /** The losses of step 1: the generators' one already knows the discriminators' update. */
  private float[] firstLosses(int size, Kernels kernels) {
    StepStats stats = Training.create(Preset.named(preset), size, kernels).step();
    return new float[] {(float) stats.discriminatorLoss(), (float) stats.generatorLoss()};
  }

  /** One step; the parameters go on from step to step. */
  @Benchmark
  public StepStats step(Rate rate) {
    rate.gflop += gigaFlop;
    return trainer.step();
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    set.close();
  }
}
