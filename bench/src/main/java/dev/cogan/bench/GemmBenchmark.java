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
 * Matrix product in single precision. Row {@code :gflop} is GFLOP/s.
 *
 * <p>Beside two squares, the shapes are those of the digits training at batch 64: rows 1 of the
 * generator (from z; its gradient to the weights), the linear layers of the discriminator (forward,
 * gradient to the input, to the weights) and of the fully connected generator, and the products
 * that the convolutions would be with their patches laid out as columns.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class GemmBenchmark extends OneThread {
  /** Who computes; with the profile {@code peers} also openblas, vectorblas, ejml, ojalgo. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Sizes m x n x k, and which of A and B are stored transposed. */
  @Param({
    "1024x1024x1024",
    "512x512x512",
    "64x16384x100",
    "100x16384x64-tn",
    "64x500x800-nt",
    "64x800x500",
    "500x800x64-tn",
    "64x1024x1024-nt",
    "4608x1024x1024-tn",
    "2304x3136x512-tn",
    "1152x10816x256-tn",
    "36x40000x128-tn",
    "50x4096x500",
    "20x36864x25"
  })
  public String shape;

  /** Threads of the implementation. */
  @Param({"1", "2"})
  public int threads;

  private Operation operation;
  private double gigaFlop;

  /** Makes the data and checks the product. */
  @Setup(Level.Trial)
  public void setup() {
    GemmProblem problem = GemmProblem.parse(shape);
    gigaFlop = problem.gigaFlop();
    operation = Implementations.gemm(implementation, problem, threads);
  }

  /** One product. */
  @Benchmark
  public void gemm(Rate rate) {
    operation.run();
    rate.gflop += gigaFlop;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    operation.close();
  }
}
