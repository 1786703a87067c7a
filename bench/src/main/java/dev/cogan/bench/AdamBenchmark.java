package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
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
 * One step of Adam over a team's parameters. Row {@code :gbyte} is GB/s: weights, gradients and
 * both moments are read, all but the gradients written.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class AdamBenchmark extends OneThread {
  /** Whose kernels: vector, scalar or reference. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Parameters: discriminators and generators of {@code digits}. */
  @Param({"432000", "7830000"})
  public int parameters;

  /** Threads of the kernels. */
  @Param({"1", "2"})
  public int threads;

  private CheckedKernels checked;
  private KernelCall call;
  private double gigaByte;

  /** Makes the data and checks the kernel. */
  @Setup(Level.Trial)
  public void setup() {
    Sizes.require("parameters", parameters, 1, Sizes.LARGEST_ARRAY);
    gigaByte = 4e-9 * 7 * parameters;
    checked = CheckedKernels.open(implementation, threads, k -> call(k, parameters));
    call = checked.call();
  }

  private static KernelCall call(Kernels k, int len) {
    float[] w = Values.uniform("w", len);
    float[] g = Values.uniform("g", len);
    float[] m = new float[len];
    float[] v = new float[len];
    return new KernelCall(
            () -> k.adam(len, w, 0, g, 0, m, 0, v, 0, 0.5f, 0.999f, 1e-8f, 4e-4f, 31.6f, 5e-4f, 0f))
        .writes("w", w)
        .writes("m", m)
        .writes("v", v);
  }

  /** One update of all parameters. */
  @Benchmark
  public void adam(Traffic traffic) {
    call.run();
    traffic.gbyte += gigaByte;
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    checked.close();
  }
}
