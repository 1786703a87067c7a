package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.model.ConfigException;
import java.util.Arrays;
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
 * The kernels that go over arrays once: bias, scale and shift, products, sums. Row {@code :gbyte}
 * is GB/s of the arrays that each reads and writes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ElementsBenchmark extends OneThread {
  /** Whose kernels: vector, scalar or reference. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Which kernel. */
  @Param({
    "addBias",
    "biasGrad",
    "scaleShift",
    "multiply",
    "axpy",
    "sum",
    "sumOfSquares",
    "firstNonFinite"
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
    gigaByte = 4e-9 * p.count() * arrays(kernel);
    checked = CheckedKernels.open(implementation, threads, k -> call(kernel, k, p));
    call = checked.call();
  }

  /** Passes over an array of the shape's size. */
  private static int arrays(String kernel) {
    return switch (kernel) {
      case "biasGrad", "sum", "sumOfSquares", "firstNonFinite" -> 1;
      case "addBias", "scaleShift" -> 2;
      case "multiply", "axpy" -> 3;
      default -> throw new ConfigException("unknown kernel '" + kernel + "'");
    };
  }

  /**
   * The call of one kernel. Those that update an array in place add and take away in turn, so that
   * it stays what it was however often they are called.
   */
  static KernelCall call(String kernel, Kernels k, ElementsProblem p) {
    int n = p.n();
    int c = p.c();
    int s = p.s();
    int len = p.count();
    float[] x = Values.uniform("x", len);
    float[] y = Values.uniform("b", len);
    float[] perChannel = Values.uniform("scale", c);
    float[] shift = Values.uniform("shift", c);
    float[] sums = new float[c];
    float[] sum = {0f};
    float[] sign = {-1f};
    int[] index = {0};
    return switch (kernel) {
      case "addBias" ->
          new KernelCall(
                  () -> {
                    flip(perChannel);
                    k.addBias(n, c, s, y, 0, perChannel, 0);
                  })
              .writes("y", y, 1);
      case "biasGrad" ->
          new KernelCall(
                  () -> {
                    Arrays.fill(sums, 0f);
                    k.biasGrad(n, c, s, sums, 0, x, 0);
                  })
              .writes("db", sums, Math.sqrt((double) n * s));
      case "scaleShift" ->
          new KernelCall(() -> k.scaleShift(n, c, s, y, 0, x, 0, perChannel, 0, shift, 0))
              .writes("y", y, 1);
      case "multiply" -> {
        float[] out = new float[len];
        yield new KernelCall(() -> k.multiply(len, out, 0, x, 0, y, 0)).writes("out", out);
      }
      case "axpy" ->
          new KernelCall(
                  () -> {
                    flip(sign);
                    k.axpy(len, 0.5f * sign[0], y, 0, x, 0);
                  })
              .writes("y", y, 1);
      case "sum" ->
          new KernelCall(() -> sum[0] = (float) k.sum(len, x, 0))
              .writes("sum", sum, Math.sqrt(len));
      case "sumOfSquares" ->
          new KernelCall(() -> sum[0] = (float) k.sumOfSquares(len, x, 0)).writes("sum", sum);
      default -> {
        // What is timed finds nothing; that it would find something is seen before.
        float[] damaged = x.clone();
        damaged[len - 1] = Float.NaN;
        int[] last = {k.firstNonFinite(len, damaged, 0)};
        yield new KernelCall(() -> index[0] = k.firstNonFinite(len, x, 0))
            .writes("index", index)
            .writes("index of a NaN at the end", last);
      }
    };
  }

  private static void flip(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = -values[i];
    }
  }

  /** One kernel over the batch. */
  @Benchmark
  public void elements(Traffic traffic) {
    call.run();
    traffic.gbyte += gigaByte;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    checked.close();
  }
}
