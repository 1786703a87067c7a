package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.model.ConfigException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs every benchmark's body once at a small size; the setup compares its result. */
class BenchmarkBodiesTest {
  private final Rate rate = new Rate();
  private final Traffic traffic = new Traffic();

  @ParameterizedTest
  @CsvSource({
    "vector, 33x17x65, 1",
    "vector, 9x40x7-tn, 2",
    "vector, 9x40x7-nt, 2",
    "vector, 1x1x5000, 2",
    "scalar, 33x17x65-tt, 2",
    "reference, 3x4x5, 1"
  })
  void gemm(String implementation, String shape, int threads) {
    GemmBenchmark benchmark = new GemmBenchmark();
    benchmark.implementation = implementation;
    benchmark.shape = shape;
    benchmark.threads = threads;
    benchmark.setup();
    benchmark.gemm(rate);
    benchmark.close();
    assertThat(rate.gflop).isEqualTo(GemmProblem.parse(shape).gigaFlop()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "vector, digits-small.g4@3, forward, 2",
    "vector, digits-small.g5@3, inputGrad, 1",
    "vector, digits-small.g3@2, weightGrad, 2",
    "vector, digits.d2@3, forward, 1",
    "scalar, digits.d2@3, inputGrad, 2",
    "scalar, digits.d1@2, weightGrad, 1",
    "reference, digits.d1@1, forward, 1"
  })
  void conv(String implementation, String layer, String pass, int threads) {
    ConvBenchmark benchmark = new ConvBenchmark();
    benchmark.implementation = implementation;
    benchmark.layer = layer;
    benchmark.pass = pass;
    benchmark.threads = threads;
    benchmark.setup();
    benchmark.conv(rate);
    benchmark.close();
    assertThat(rate.gflop).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "vector, forward, 2",
    "vector, backward, 1",
    "scalar, forward, 1",
    "scalar, backward, 2"
  })
  void batchNorm(String implementation, String pass, int threads) {
    BatchNormBenchmark benchmark = new BatchNormBenchmark();
    benchmark.implementation = implementation;
    benchmark.pass = pass;
    benchmark.shape = "5x7x13";
    benchmark.threads = threads;
    benchmark.setup();
    benchmark.batchNorm(traffic);
    benchmark.close();
    assertThat(traffic.gbyte).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preluForward",
        "preluBackward",
        "leakyReluForward",
        "leakyReluBackward",
        "sigmoidForward",
        "sigmoidBackward",
        "tanhForward",
        "tanhBackward"
      })
  void activation(String kernel) {
    for (String implementation : new String[] {"vector", "scalar"}) {
      ActivationBenchmark benchmark = new ActivationBenchmark();
      benchmark.implementation = implementation;
      benchmark.kernel = kernel;
      benchmark.shape = "3x5x7";
      benchmark.threads = 2;
      benchmark.setup();
      benchmark.activation(traffic);
      benchmark.close();
    }
    assertThat(traffic.gbyte).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "vector, forward, 2",
    "vector, backward, 1",
    "scalar, forward, 1",
    "scalar, backward, 2"
  })
  void maxPool(String implementation, String pass, int threads) {
    PoolBenchmark benchmark = new PoolBenchmark();
    benchmark.implementation = implementation;
    benchmark.pass = pass;
    benchmark.shape = "3x5x49";
    benchmark.threads = threads;
    benchmark.setup();
    benchmark.maxPool(traffic);
    benchmark.close();
    assertThat(traffic.gbyte).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "backward", "fixedForward", "fixedBackward"})
  void normPrelu(String pass) {
    for (String implementation : new String[] {"vector", "scalar"}) {
      NormPreluBenchmark benchmark = new NormPreluBenchmark();
      benchmark.implementation = implementation;
      benchmark.pass = pass;
      benchmark.shape = "5x7x13";
      benchmark.threads = 2;
      benchmark.setup();
      benchmark.normPrelu(traffic);
      benchmark.close();
    }
    assertThat(traffic.gbyte).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "addBias",
        "biasGrad",
        "scaleShift",
        "multiply",
        "axpy",
        "sum",
        "sumOfSquares",
        "firstNonFinite"
      })
  void elements(String kernel) {
    for (String implementation : new String[] {"vector", "scalar"}) {
      ElementsBenchmark benchmark = new ElementsBenchmark();
      benchmark.implementation = implementation;
      benchmark.kernel = kernel;
      benchmark.shape = "3x5x7";
      benchmark.threads = 2;
      benchmark.setup();
      benchmark.elements(traffic);
      benchmark.close();
    }
    assertThat(traffic.gbyte).isPositive();
  }

  /** Shapes whose results had been refused: sums that came to nearly nothing, and single values. */
  @ParameterizedTest
  @CsvSource({
    "Activation, preluBackward, 16x8x112",
    "NormPrelu, backward, 16x8x114",
    "NormPrelu, backward, 2x1x1",
    "NormPrelu, forward, 2x1x1",
    "BatchNorm, forward, 1x1x1",
    "BatchNorm, backward, 2x1x1",
    "BatchNorm, backward, 2x3x1",
    "Elements, scaleShift, 1x3x1",
    "Elements, scaleShift, 1x1x1",
    "Elements, addBias, 1x1x1",
    "Elements, axpy, 1x1x1",
    "Elements, firstNonFinite, 1x1x1",
    "Elements, sum, 16x8x113",
    "Elements, biasGrad, 2x1x1"
  })
  void right_results_pass_however_little_they_come_to(String name, String kernel, String shape)
      throws ReflectiveOperationException {
    for (String implementation : new String[] {"vector", "scalar", "reference"}) {
      Class<?> type = Class.forName("dev.cogan.bench." + name + "Benchmark");
      Object benchmark = type.getDeclaredConstructor().newInstance();
      type.getField("implementation").set(benchmark, implementation);
      type.getField(name.contains("Norm") ? "pass" : "kernel").set(benchmark, kernel);
      type.getField("shape").set(benchmark, shape);
      type.getField("threads").set(benchmark, 2);
      type.getMethod("setup").invoke(benchmark);
      type.getMethod("close").invoke(benchmark);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"64x20x1", "64x20x8"})
  void pooling_needs_squares_of_two_or_more(String shape) {
    PoolBenchmark benchmark = new PoolBenchmark();
    benchmark.implementation = "scalar";
    benchmark.pass = "forward";
    benchmark.shape = shape;
    benchmark.threads = 1;
    assertThatThrownBy(benchmark::setup)
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "shape: expected pixels that make a square with a side of 2 or more, got '%s'", shape);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector", "scalar", "reference"})
  void adam(String implementation) {
    AdamBenchmark benchmark = new AdamBenchmark();
    benchmark.implementation = implementation;
    benchmark.parameters = 1021;
    benchmark.threads = 1;
    benchmark.setup();
    benchmark.adam(traffic);
    benchmark.close();
    assertThat(traffic.gbyte).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"vector, 2, true", "scalar, 1, false"})
  void step(String implementation, int threads, boolean dropout) {
    StepBenchmark benchmark = new StepBenchmark();
    benchmark.implementation = implementation;
    benchmark.preset = "digits-small";
    benchmark.batch = 2;
    benchmark.dropout = dropout;
    benchmark.threads = threads;
    benchmark.setup();
    benchmark.step(rate);
    benchmark.close();
    assertThat(rate.gflop).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"vector, 2", "scalar, 1"})
  void sample(String implementation, int threads) {
    SampleBenchmark benchmark = new SampleBenchmark();
    benchmark.implementation = implementation;
    benchmark.preset = "digits-small";
    benchmark.pairs = 2;
    benchmark.threads = threads;
    benchmark.setup();
    benchmark.sample(rate);
    benchmark.close();
    assertThat(rate.gflop).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "all"})
  void extras(String extras) throws IOException {
    ExtrasBenchmark benchmark = new ExtrasBenchmark();
    benchmark.extras = extras;
    benchmark.preset = "digits-small";
    benchmark.steps = 3;
    benchmark.batch = 2;
    benchmark.threads = 1;
    Share share = new Share();
    benchmark.setup();
    benchmark.train(share);
    benchmark.close();
    if (extras.equals("none")) {
      assertThat(share.percent).isZero();
    } else {
      assertThat(share.percent).isPositive().isLessThan(100);
    }
  }

  @Test
  void fmaPeak() {
    FmaPeakBenchmark benchmark = new FmaPeakBenchmark();
    long operations = benchmark.fma(rate);
    assertThat(operations).isPositive();
    assertThat(rate.gflop).isEqualTo(1e-9 * operations);
  }
}
