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
public class ElementsBenchmark {
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
    checked = CheckedKernels.open(implementation, threads, k -> call(k, p));
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

  private KernelCall call(Kernels k, ElementsProblem p) {
    int n = p.n();
    int c = p.c();
    int s = p.s();
    int len = p.count();
    float[] x = Values.uniform("x", len);
    float[] b = Values.uniform("b", len);
    float[] out = new float[len];
    float[] one = {0f};
    // A vanishing factor and a bias of zero: the result stays the same from call to call.
    float[] none = new float[c];
    return switch (kernel) {
      case "addBias" -> new KernelCall(() -> k.addBias(n, c, s, b, 0, none, 0)).writes("b", b);
      case "biasGrad" ->
          new KernelCall(
                  () -> {
                    Arrays.fill(none, 0f);
                    k.biasGrad(n, c, s, none, 0, x, 0);
                  })
              .writes("db", none);
      case "scaleShift" ->
          new KernelCall(() -> k.scaleShift(n, c, s, out, 0, x, 0, b, 0, b, c)).writes("out", out);
      case "multiply" ->
          new KernelCall(() -> k.multiply(len, out, 0, x, 0, b, 0)).writes("out", out);
      case "axpy" -> new KernelCall(() -> k.axpy(len, 1e-30f, b, 0, x, 0)).writes("b", b);
      case "sum" -> new KernelCall(() -> one[0] = (float) k.sum(len, x, 0)).writes("sum", one);
      case "sumOfSquares" ->
          new KernelCall(() -> one[0] = (float) k.sumOfSquares(len, x, 0)).writes("sum", one);
      default -> new KernelCall(() -> one[0] = k.firstNonFinite(len, x, 0)).writes("index", one);
    };
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
