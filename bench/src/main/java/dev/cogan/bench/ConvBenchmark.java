package dev.cogan.bench;

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
 * Convolutional layers, pass by pass: those of the digit nets and of face nets at the paper's
 * width, and when they are named those of every preset, such as {@code faces64.g3}. Row {@code
 * :gflop} is GFLOP/s; arithmetic counts as if padding were read.
 *
 * <p>Names are net and row: {@code g} rows of the generator are transposed convolutions, {@code d}
 * rows of the discriminator convolutions. The nets are in {@link ConvLayers}: {@code face64} is not
 * the preset {@code faces64}, but twice as wide in its generators. {@code digits.g2@8} is a layer
 * at batch 8.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ConvBenchmark extends OneThread {
  /** Who computes; with the profile {@code peers} also libtorch. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Net and row. */
  @Param({
    "digits.g1",
    "digits.g2",
    "digits.g3",
    "digits.g4",
    "digits.g5",
    "digits.d1",
    "digits.d2",
    "digits-small.g1",
    "digits-small.g2",
    "digits-small.g3",
    "digits-small.g4",
    "digits-small.g5",
    "digits-small.d1",
    "digits-small.d2",
    "face64.g1",
    "face64.g2",
    "face64.g3",
    "face64.g4",
    "face64.g5",
    "face64.g6",
    "face64.d1",
    "face64.d2",
    "face64.d3",
    "face64.d4",
    "face64.d5",
    "face128.g1",
    "face128.g2",
    "face128.g3",
    "face128.g4",
    "face128.g5",
    "face128.g6",
    "face128.g7",
    "face128.d1",
    "face128.d2",
    "face128.d3",
    "face128.d4",
    "face128.d5",
    "face128.d6"
  })
  public String layer;

  /** The layer's pass. */
  @Param({"forward", "inputGrad", "weightGrad"})
  public String pass;

  /** Threads of the implementation. */
  @Param({"1", "2"})
  public int threads;

  private Operation operation;
  private double gigaFlop;

  /** Makes the data and checks the pass. */
  @Setup(Level.Trial)
  public void setup() {
    ConvProblem problem = new ConvProblem(ConvLayer.named(layer), Pass.named(pass));
    gigaFlop = problem.gigaFlop();
    operation = Implementations.conv(implementation, problem, threads);
  }

  /** One pass over the batch. */
  @Benchmark
  public void conv(Rate rate) {
    operation.run();
    rate.gflop += gigaFlop;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    operation.close();
  }
}
