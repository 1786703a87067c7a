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
 * Batch norm and PReLU in one pass, and what sampling has in their place: a fixed scale and shift
 * and PReLU. Row {@code :gbyte} is GB/s: forward reads x and writes y, backward reads dy and x and
 * writes dx.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class NormPreluBenchmark extends OneThread {
  /** Whose kernels: vector, scalar or reference. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Images x channels x pixels: the generator's rows of {@code digits} at batch 64. */
  @Param({"64x1024x16", "64x512x49", "64x256x169", "64x128x625"})
  public String shape;

  /** Which kernel. */
  @Param({"forward", "backward", "fixedForward", "fixedBackward"})
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
    gigaByte = 4e-9 * p.count() * (pass.endsWith("orward") ? 2 : 3);
    checked = CheckedKernels.open(implementation, threads, k -> call(k, p));
    call = checked.call();
  }

  private KernelCall call(Kernels k, ElementsProblem p) {
    int n = p.n();
    int c = p.c();
    int s = p.s();
    float[] x = Values.uniform("x", p.count());
    float[] dy = Values.uniform("dy", p.count());
    float[] out = new float[p.count()];
    float[] slope = {0.25f};
    float[] dslope = {0f};
    float[] a = Values.uniform("scale", c);
    float[] b = Values.uniform("shift", c);
    Runnable forward =
        () ->
            k.batchNormPreluForward(
                n, c, s, 1e-5f, out, 0, x, 0, null, 0, null, 0, slope, 0, 1, a, 0, b, 0);
    switch (pass) {
      case "forward":
        return new KernelCall(forward)
            .writes("y", out, 1)
            .writes("mean", a, 1 / Math.sqrt((double) n * s))
            .writes("invStd", b);
      case "backward":
        forward.run();
        return new KernelCall(
                () ->
                    k.batchNormPreluBackward(
                        n, c, s, out, 0, dy, 0, x, 0, null, 0, null, 0, slope, 0, 1, a, 0, b, 0,
                        null, 0, null, 0, dslope, 0))
            .writes("dx", out, BatchNormBenchmark.largest(b))
            .writes("dslope", dslope, Math.sqrt(p.count()));
      case "fixedForward":
        return new KernelCall(
                () -> k.scaleShiftPrelu(n, c, s, out, 0, x, 0, a, 0, b, 0, slope, 0, 1))
            .writes("y", out, 1);
      case "fixedBackward":
        return new KernelCall(
                () ->
                    k.scaleShiftPreluBackward(
                        n, c, s, out, 0, dy, 0, x, 0, a, 0, b, 0, slope, 0, 1))
            .writes("dx", out);
      default:
        throw new ConfigException("unknown pass '" + pass + "'");
    }
  }

  /** One kernel over the batch. */
  @Benchmark
  public void normPrelu(Traffic traffic) {
    call.run();
    traffic.gbyte += gigaByte;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    checked.close();
  }
}
