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
 * Max-pooling by 2. Row {@code :gbyte} is GB/s: forward reads x and writes y and the winners'
 * places, backward reads dy and the places and writes dx.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class PoolBenchmark extends OneThread {
  /** Whose kernels: vector, scalar or reference. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Images x channels x pixels of x: the discriminator's two poolings at batch 64. */
  @Param({"64x20x576", "64x50x64"})
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
    int side = (int) Math.round(Math.sqrt(p.s()));
    if (side < 2 || side * side != p.s()) {
      throw new ConfigException(
          "shape: expected pixels that make a square with a side of 2 or more, got '"
              + shape
              + "'");
    }
    int planes = p.n() * p.c();
    int pooled = planes * (side / 2) * (side / 2);
    gigaByte = 4e-9 * (p.count() + 2.0 * pooled);
    checked = CheckedKernels.open(implementation, threads, k -> call(k, planes, side, pooled));
    call = checked.call();
  }

  private KernelCall call(Kernels k, int planes, int side, int pooled) {
    float[] large = Values.uniform("x", planes * side * side);
    float[] small = Values.uniform("dy", pooled);
    int[] argmax = new int[pooled];
    switch (pass) {
      case "forward":
        return new KernelCall(
                () -> k.maxPoolForward(planes, side, side, 2, small, 0, argmax, 0, large, 0))
            .writes("y", small)
            .writes("argmax", argmax);
      case "backward":
        k.maxPoolForward(planes, side, side, 2, new float[pooled], 0, argmax, 0, large, 0);
        return new KernelCall(
                () -> k.maxPoolBackward(planes, side, side, 2, large, 0, small, 0, argmax, 0))
            .writes("dx", large);
      default:
        throw new ConfigException("unknown pass '" + pass + "'; known are forward, backward");
    }
  }

  /** One kernel over the batch. */
  @Benchmark
  public void maxPool(Traffic traffic) {
    call.run();
    traffic.gbyte += gigaByte;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    checked.close();
  }
}
