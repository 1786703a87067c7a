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
 * Activations. Row {@code :gbyte} is GB/s: forward reads x and writes y, backward reads dy and x
 * (or y) and writes dx.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ActivationBenchmark extends OneThread {
  /** Whose kernels: vector, scalar or reference. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Which kernel. */
  @Param({
    "preluForward",
    "preluBackward",
    "leakyReluForward",
    "leakyReluBackward",
    "sigmoidForward",
    "sigmoidBackward",
    "tanhForward",
    "tanhBackward"
  })
  public String kernel;

  /** Images x channels x pixels: the largest and the smallest activation of {@code digits}. */
  @Param({"64x128x625", "64x1x784"})
  public String shape;

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
    gigaByte = 4e-9 * p.count() * (kernel.endsWith("Backward") ? 3 : 2);
    checked = CheckedKernels.open(implementation, threads, k -> call(k, p));
    call = checked.call();
  }

  KernelCall call(Kernels k, ElementsProblem p) {
    int len = p.count();
    float[] x = Values.uniform("x", len);
    float[] dy = Values.uniform("dy", len);
    float[] out = new float[len];
    float[] slope = {0.25f};
    float[] dslope = {0f};
    return new KernelCall(
            switch (kernel) {
              case "preluForward" ->
                  () -> k.preluForward(p.n(), p.c(), p.s(), out, 0, x, 0, slope, 0, 1);
              case "preluBackward" ->
                  () ->
                      k.preluBackward(
                          p.n(), p.c(), p.s(), out, 0, dy, 0, x, 0, slope, 0, 1, dslope, 0);
              case "leakyReluForward" -> () -> k.leakyReluForward(len, 0.2f, out, 0, x, 0);
              case "leakyReluBackward" -> () -> k.leakyReluBackward(len, 0.2f, out, 0, dy, 0, x, 0);
              case "sigmoidForward" -> () -> k.sigmoidForward(len, out, 0, x, 0);
              case "sigmoidBackward" -> () -> k.sigmoidBackward(len, out, 0, dy, 0, x, 0);
              case "tanhForward" -> () -> k.tanhForward(len, out, 0, x, 0);
              case "tanhBackward" -> () -> k.tanhBackward(len, out, 0, dy, 0, x, 0);
              default -> throw new ConfigException("unknown kernel '" + kernel + "'");
            })
        .writes("out", out)
        .writes("dslope", dslope, Math.sqrt(len));
  }

  /** One kernel over the batch. */
  @Benchmark
  public void activation(Traffic traffic) {
    call.run();
    traffic.gbyte += gigaByte;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    checked.close();
  }
}
