package dev.cogan.bench.peers;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.bench.ConvBenchmark;
import dev.cogan.bench.GemmBenchmark;
import dev.cogan.bench.Rate;
import dev.cogan.bench.SampleBenchmark;
import dev.cogan.bench.StepBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every peer computes the right thing, which the setup of each benchmark checks. */
class PeersTest {

  @ParameterizedTest
  @CsvSource({
    "openblas, 1",
    "openblas, 2",
    "vectorblas, 1",
    "ejml, 1",
    "ejml, 2",
    "ojalgo, 1",
    "ojalgo, 2"
  })
  void gemm(String implementation, int threads) {
    for (String stored : new String[] {"nn", "nt", "tn", "tt"}) {
      GemmBenchmark benchmark = new GemmBenchmark();
      benchmark.implementation = implementation;
      benchmark.shape = "37x45x29-" + stored;
      benchmark.threads = threads;
      assertThatCode(
              () -> {
                benchmark.setup();
                benchmark.gemm(new Rate());
                benchmark.close();
              })
          .as(benchmark.shape)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void openblasThatDoesNotKnowTheProcessorIsNoPeer() {
    assertThatThrownBy(() -> OpenBlasPeer.requireKnownProcessor("Prescott"))
        .hasMessageContaining("OPENBLAS_CORETYPE");
    OpenBlasPeer.requireKnownProcessor("SkylakeX");
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "inputGrad", "weightGrad"})
  void libtorch(String pass) {
    for (String layer : new String[] {"digits.d2@2", "digits-small.g4@2", "face64.d4@2"}) {
      ConvBenchmark benchmark = new ConvBenchmark();
      benchmark.implementation = "libtorch";
      benchmark.layer = layer;
      benchmark.pass = pass;
      benchmark.threads = 2;
      assertThatCode(
              () -> {
                benchmark.setup();
                benchmark.conv(new Rate());
                benchmark.close();
              })
          .as(layer)
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"digits", "faces64", "rgbd64"})
  void libtorch_trains(String preset) {
    StepBenchmark benchmark = new StepBenchmark();
    benchmark.implementation = "libtorch";
    benchmark.preset = preset;
    benchmark.dropout = false;
    benchmark.batch = 2;
    benchmark.threads = 2;
    assertThatCode(
            () -> {
              benchmark.setup();
              benchmark.step(new Rate());
              benchmark.close();
            })
        .doesNotThrowAnyException();
  }

  @Test
  void libtorch_samples() {
    SampleBenchmark benchmark = new SampleBenchmark();
    benchmark.implementation = "libtorch";
    benchmark.preset = "digits-small";
    benchmark.pairs = 3;
    benchmark.threads = 2;
    assertThatCode(
            () -> {
              benchmark.setup();
              benchmark.sample(new Rate());
              benchmark.close();
            })
        .doesNotThrowAnyException();
  }
}
