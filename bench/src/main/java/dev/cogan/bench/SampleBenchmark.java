package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Sampler;
import java.util.List;
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
 * Sampling of pairs from z to pixels. Row {@code :gflop} is GFLOP/s; {@code -bm avgt -tu ms} gives
 * milliseconds per batch of pairs instead.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SampleBenchmark {
  private static final long SEED = 1;

  /** Whose kernels: vector, scalar or reference. */
  @Param({"vector", "scalar"})
  public String implementation;

  /** Whose generators. */
  @Param({"digits-small", "digits"})
  public String preset;

  /** Pairs in one call. */
  @Param({"64", "1"})
  public int pairs;

  /** Threads of the kernels. */
  @Param({"1", "2"})
  public int threads;

  private KernelSet set;
  private Sampler sampler;
  private Tensor z;
  private double gigaFlop;

  /** Makes the generators and checks the images of one pair. */
  @Setup(Level.Trial)
  public void setup() {
    set = KernelSet.open(implementation, threads);
    long[] seeds = new long[pairs];
    for (int i = 0; i < pairs; i++) {
      seeds[i] = i;
    }
    FlopCounter counter = new FlopCounter();
    Sampler counted = sampler(counter.count(set.kernels()));
    z = Sampler.latents(Noise.NORMAL, counted.latent(), seeds);
    List<Tensor> actual = counted.sample(z);
    gigaFlop = counter.gigaFlop();
    KernelSet oracle =
        implementation.equals("vector")
            ? new KernelSet(new ScalarKernels(Parallel.none()), null)
            : KernelSet.open("reference", 1);
    Sampler expected = sampler(oracle.kernels(), 1);
    for (int d = 0; d < actual.size(); d++) {
      int last = pairs - 1;
      Comparison.require(
          "images of domain " + d,
          values(expected.sample(z.slice(last, 1)).get(d)),
          values(actual.get(d).slice(last, 1)));
    }
    sampler = sampler(set.kernels());
  }

  private Sampler sampler(Kernels kernels) {
    return sampler(kernels, pairs);
  }

  private Sampler sampler(Kernels kernels, int batch) {
    Memory memory = Memory.heap();
    Preset settings = Preset.named(preset);
    CoupledModel model = CoupledModel.forSampling(settings.model(Training.domains()), memory);
    settings.training(SEED).initializer().apply(model.generators().store(), SEED);
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(SEED, "dropout"));
    return new Sampler(model.generators(), batch, workspace);
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[tensor.count()];
    System.arraycopy(tensor.data(), tensor.offset(), values, 0, values.length);
    return values;
  }

  /** One batch of pairs. */
  @Benchmark
  public List<Tensor> sample(Rate rate) {
    rate.gflop += gigaFlop;
    return sampler.sample(z);
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    set.close();
  }
}
