package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.model.ConfigException;
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
 * Batch norm without scale, as the paper's generators have it. Row {@code :gbyte} is GB/s: forward
 * reads x and writes y, backward reads dy and x and writes dx.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class BatchNormBenchmark extends OneThread {
  /** Whose kernels: vector, scalar or reference. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Images x channels x pixels: the generator's rows of {@code digits} at batch 64. */
  @Param({"64x1024x16", "64x512x49", "64x256x169", "64x128x625"})
  public String shape;

  /** Which kernel. */
  @Param({"forward", "backward"})
  public String pass;

  /** Threads of the kernels. */
  @Param({"1", "2"})
  public int threads;

  private CheckedKernels checked;
  private KernelCall call;
  private double gigaByte;

  /** Makes the data and checks the kernel. */
  @Setup(Level.Trial)
  public void setup() {
    ElementsProblem p = ElementsProblem.parse(shape);
    boolean forward = forward(pass);
    gigaByte = 4e-9 * p.count() * (forward ? 2 : 3);
    checked =
        CheckedKernels.open(implementation, threads, k -> forward ? forward(k, p) : backward(k, p));
    call = checked.call();
  }

  private static boolean forward(String pass) {
    return switch (pass) {
      case "forward" -> true;
      case "backward" -> false;
      default ->
          throw new ConfigException("unknown pass '" + pass + "'; known are forward, backward");
    };
  }

  private static KernelCall forward(Kernels k, ElementsProblem p) {
    float[] x = Values.uniform("x", p.count());
    float[] y = new float[p.count()];
    float[] mean = new float[p.c()];
    float[] invStd = new float[p.c()];
    return new KernelCall(
            () ->
                k.batchNormForward(
                    p.n(), p.c(), p.s(), 1e-5f, y, 0, x, 0, null, 0, null, 0, mean, 0, invStd, 0))
        .writes("y", y, 1)
        .writes("mean", mean, 1 / Math.sqrt((double) p.n() * p.s()))
        .writes("invStd", invStd);
  }

  private static KernelCall backward(Kernels k, ElementsProblem p) {
    float[] x = Values.uniform("x", p.count());
    float[] dy = Values.uniform("dy", p.count());
    float[] dx = new float[p.count()];
    float[] mean = new float[p.c()];
    float[] invStd = new float[p.c()];
    k.batchNormForward(
        p.n(), p.c(), p.s(), 1e-5f, dx, 0, x, 0, null, 0, null, 0, mean, 0, invStd, 0);
    return new KernelCall(
            () ->
                k.batchNormBackward(
                    p.n(), p.c(), p.s(), dx, 0, dy, 0, x, 0, null, 0, mean, 0, invStd, 0, null, 0,
                    null, 0))
        .writes("dx", dx, largest(invStd));
  }

  /**
   * The scale of dx: what is multiplied with 1 / std is a difference, which cancels where few
   * values share a channel.
   */
  static double largest(float[] invStd) {
    float largest = 0;
    for (float value : invStd) {
      largest = Math.max(largest, value);
    }
    return largest;
  }

  /** One kernel over the batch. */
  @Benchmark
  public void batchNorm(Traffic traffic) {
    call.run();
    traffic.gbyte += gigaByte;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    checked.close();
  }
}
