package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Preset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;

/** Names that users type, right and wrong. */
class ParametersTest {

  private static String[] values(Class<?> benchmark, String field) throws NoSuchFieldException {
    return benchmark.getField(field).getAnnotation(Param.class).value();
  }

  @Test
  void every_shape_of_the_gemm_benchmark_is_a_problem() throws Exception {
    for (String shape : values(GemmBenchmark.class, "shape")) {
      assertThat(GemmProblem.parse(shape).gigaFlop()).as(shape).isPositive();
    }
  }

  @Test
  void conv_benchmark_lists_every_layer() throws Exception {
    assertThat(values(ConvBenchmark.class, "layer"))
        .containsExactly(ConvLayers.all().stream().map(ConvLayer::name).toArray(String[]::new));
    for (String pass : values(ConvBenchmark.class, "pass")) {
      assertThat(Pass.named(pass).label()).isEqualTo(pass);
    }
  }

  @Test
  void layers_of_presets_are_those_of_their_models() {
    assertThat(ConvLayer.named("faces64.g2").shape())
        .isEqualTo(new ConvShape(64, 256, 8, 8, 512, 4, 4, 2, 1, 4, 4));
    assertThat(ConvLayer.named("digits-best.g4").shape())
        .isEqualTo(new ConvShape(32, 64, 25, 25, 48, 3, 3, 2, 1, 13, 13));
    assertThat(ConvLayer.named("rgbd64.g6").shape().cin()).isEqualTo(3);
    assertThat(ConvLayer.named("rgbd64.g6-b").shape().cin()).isEqualTo(1);
    assertThat(ConvLayer.named("rgbd64.d1-b").shape().cin()).isEqualTo(1);
    assertThat(ConvLayer.named("faces64-small.d2").transposed()).isFalse();
    for (Preset preset : Preset.all()) {
      List<ConvLayer> layers = ConvLayers.ofNet(preset.label());
      assertThat(layers).isNotEmpty();
      assertThat(layers).allMatch(layer -> layer.shape().n() == preset.training(0).batch());
      assertThat(layers.stream().map(ConvLayer::name)).doesNotHaveDuplicates();
    }
    for (Preset preset : List.of(Preset.DIGITS_BEST, Preset.FACES64, Preset.FACES128)) {
      CoupledGenerators generators =
          CoupledModel.forSampling(preset.model(), Memory.counting()).generators();
      long multiplyAdds = 0;
      for (ConvLayer layer : ConvLayers.ofNet(preset.label())) {
        if (layer.transposed()) {
          multiplyAdds += ConvLayer.named(layer.name() + "@1").shape().multiplyAdds();
        }
      }
      assertThat(multiplyAdds)
          .isEqualTo(generators.trunk().multiplyAdds() + generators.head(0).multiplyAdds());
    }
  }

  /** What the documents say of the two names that are easily taken for each other. */
  @Test
  void face64_is_twice_as_wide_as_faces64_and_face128_is_faces128() {
    for (int row = 1; row <= 5; row++) {
      ConvShape wide = ConvLayer.named("face64.g" + row).shape();
      ConvShape own = ConvLayer.named("faces64.g" + row + "@32").shape();
      assertThat(wide.cin()).isEqualTo(2 * own.cin());
      assertThat(wide.h()).isEqualTo(own.h());
      assertThat(ConvLayer.named("face64.d" + row).shape())
          .isEqualTo(ConvLayer.named("faces64.d" + row + "@32").shape());
    }
    List<ConvLayer> faces128 = ConvLayers.ofNet("faces128");
    List<ConvLayer> face128 = ConvLayers.ofNet("face128");
    assertThat(face128).hasSameSizeAs(faces128);
    for (int i = 0; i < face128.size(); i++) {
      assertThat(ConvLayer.named(faces128.get(i).name() + "@16").shape())
          .isEqualTo(face128.get(i).shape());
    }
  }

  @Test
  void nets_end_at_their_images() {
    assertThat(ConvLayer.named("digits.g5").shape().h()).isEqualTo(28);
    assertThat(ConvLayer.named("face64.g6").shape().h()).isEqualTo(64);
    assertThat(ConvLayer.named("face128.g7").shape().h()).isEqualTo(128);
    assertThat(ConvLayer.named("face64.d5").shape().oh()).isEqualTo(2);
    assertThat(ConvLayer.named("face128.d6").shape().oh()).isEqualTo(2);
    // The paper's generator: 185 M multiply-adds in the trunk per z.
    long trunk = 0;
    for (int row = 1; row <= 4; row++) {
      trunk += ConvLayer.named("digits.g" + row + "@1").shape().multiplyAdds();
    }
    assertThat(trunk).isCloseTo(185_000_000L, within(500_000L));
  }

  @Test
  void transposition_is_read_from_the_name() {
    GemmProblem problem = GemmProblem.parse("500x800x64-tn");
    assertThat(problem).isEqualTo(new GemmProblem(true, false, 500, 800, 64));
    assertThat(problem.lda()).isEqualTo(500);
    assertThat(problem.ldb()).isEqualTo(800);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5x5", "5x5x0", "5x5x5-xx", "5x5x5x5", "-1x5x5"})
  void wrong_gemm_shape_is_named(String text) {
    assertThatThrownBy(() -> GemmProblem.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got '" + text + "'");
  }

  @Test
  void what_fits_into_no_array_is_refused() {
    for (String shape : new String[] {"99999x2x99999", "2x99999x99999", "99999x99999x2-tt"}) {
      assertThatThrownBy(() -> GemmProblem.parse(shape))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "shape: expected arrays of at most 2147483639 values, got '%s' with 9999800001",
              shape);
    }
    assertThatThrownBy(() -> ElementsProblem.parse("9999x9999x9999"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("got '9999x9999x9999'");
    assertThatThrownBy(() -> ConvLayer.named("face128.d2@99999"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("got 'face128.d2@99999'");
  }

  @Test
  void numbers_out_of_range_are_named() {
    AdamBenchmark adam = new AdamBenchmark();
    adam.implementation = "scalar";
    adam.threads = 1;
    adam.parameters = -1;
    assertThatThrownBy(adam::setup)
        .isInstanceOf(ConfigException.class)
        .hasMessage("parameters: expected a number from 1 to 2147483639, got -1");
    adam.parameters = 8;
    adam.threads = 0;
    assertThatThrownBy(adam::setup)
        .isInstanceOf(ConfigException.class)
        .hasMessage("threads: expected a number from 1 to 999, got 0");
    assertThatThrownBy(() -> new SampleProblem(Preset.DIGITS, -1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("pairs: expected a number from 1 to 99999, got -1");
  }

  @Test
  void wrong_elements_shape_is_named() {
    assertThatThrownBy(() -> ElementsProblem.parse("64x1024"))
        .hasMessageContaining("got '64x1024'");
  }

  @Test
  void extras_are_none_or_all() {
    ExtrasBenchmark benchmark = new ExtrasBenchmark();
    benchmark.extras = "some";
    assertThatThrownBy(benchmark::setup)
        .isInstanceOf(ConfigException.class)
        .hasMessage("extras: expected none or all, got 'some'");
  }

  @Test
  void unknown_layer_and_batch_are_named() {
    assertThatThrownBy(() -> ConvLayer.named("digits.g9"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("unknown layer 'digits.g9'; known are digits.g1 .g2 .g3 .g4 .g5 .d1 .d2");
    assertThatThrownBy(() -> ConvLayer.named("digit"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unknown layer 'digit'; known are digits.g1 .g2")
        .hasMessageContaining(", face64.g1 .g2")
        .hasMessageContaining(", faces64.g1 .g2")
        .hasMessageContaining(", rgbd64.g1 .g2 .g3 .g4 .g5 .g6 .g6-b .d1 .d1-b .d2")
        .hasMessageContaining(", digits-mlp.d1 .d2,");
    assertThatThrownBy(() -> ConvLayer.named("digits.g2@0"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("digits.g2@0");
    assertThat(ConvLayer.named("digits.g2@3").shape().n()).isEqualTo(3);
  }

  @Test
  void unknown_implementation_is_named_with_the_known_ones() {
    assertThatThrownBy(() -> Implementations.gemm("cuda", GemmProblem.parse("2x2x2"), 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cuda")
        .hasMessageContaining("reference, scalar, vector");
    assertThatThrownBy(() -> KernelSet.open("cuda", 2))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cuda");
  }

  @Test
  void kernels_that_no_peer_has_are_not_asked_of_one() {
    assertThatThrownBy(() -> KernelSet.open("openblas", 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "implementation 'openblas' is a peer, which has none of these kernels; known are"
                + " reference, scalar and vector");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openblas", "vectorblas", "ejml", "ojalgo", "libtorch"})
  void a_peer_that_this_build_lacks_is_known_as_one(String peer) {
    List<String> present =
        ServiceLoader.load(Peer.class).stream().map(p -> p.get().name()).toList();
    if (!present.isEmpty()) {
      assertThat(present).containsExactlyInAnyOrderElementsOf(Implementations.PEERS);
      return;
    }
    assertThatThrownBy(() -> Implementations.gemm(peer, GemmProblem.parse("2x2x2"), 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "implementation '%s' is a peer: expected a jar that was built with -Ppeers, this one"
                + " has reference, scalar, vector only",
            peer);
  }

  @Test
  void arithmetic_is_counted() {
    GemmProblem gemm = GemmProblem.parse("3x4x5");
    ConvProblem conv = new ConvProblem(ConvLayer.named("digits.d1@1"), Pass.FORWARD);
    assertThat(FlopCounter.gigaFlop(k -> KernelOperations.gemm(k, gemm)))
        .isCloseTo(120e-9, within(1e-15));
    assertThat(FlopCounter.gigaFlop(k -> KernelOperations.conv(k, conv)))
        .isCloseTo(2e-9 * 24 * 24 * 20 * 25, within(1e-12));
    // A digits step at batch 64: forward, and backward with and without gradients to the weights.
    assertThat(new StepProblem(Preset.DIGITS, 64, true).gigaFlop()).isBetween(70.0, 100.0);
  }

  @Test
  void arithmetic_of_a_step_is_the_mean_where_not_every_step_has_the_penalty() {
    StepProblem problem = new StepProblem(Preset.DIGITS_BEST, 4, true);
    assertThat(problem.cycle()).isEqualTo(2);
    double first = FlopCounter.gigaFlop(problem::training);
    double both = 2 * FlopCounter.gigaFlop(problem::training, 2);
    assertThat(both).isGreaterThan(2.1 * first);
    assertThat(problem.gigaFlop()).isCloseTo(both / 2, within(1e-12));
    assertThat(TurnProblems.parse("step:digits-best@4").get(0).gigaFlop())
        .isCloseTo(both / 2, within(1e-12));
    assertThat(new StepProblem(Preset.DIGITS, 4, true).cycle()).isEqualTo(1);
  }

  @Test
  void jmh_knows_every_benchmark() throws IOException {
    try (InputStream list = Rate.class.getResourceAsStream("/META-INF/BenchmarkList")) {
      String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text)
          .contains(
              "GemmBenchmark",
              "ConvBenchmark",
              "BatchNormBenchmark",
              "ActivationBenchmark",
              "PoolBenchmark",
              "AdamBenchmark",
              "StepBenchmark",
              "SampleBenchmark",
              "FmaPeakBenchmark");
    }
  }
}
