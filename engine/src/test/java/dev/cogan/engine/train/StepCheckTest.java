package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.check.LayerCheck;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check of a whole step, which must neither miss what is wrong nor complain of what is not. */
class StepCheckTest {

  /** Wide enough that the kinks that a move crosses are few among the values of a layer. */
  private static final ModelConfig CONFIG =
      new ModelConfig(
          "digits",
          4,
          List.of(16, 12, 10, 8),
          List.of(8, 8, 16),
          4,
          3,
          0.3f,
          false,
          Tiny.domains(1, 1));

  static List<Remedies> remedies() {
    Remedies none = Remedies.NONE;
    return List.of(
        none,
        none.withInstanceNoise(0.3f),
        none.withR1(0.5f, 1),
        none.withR1(0.5f, 2),
        none.withInstanceNoise(0.3f)
            .withRateDecay(new RateDecay(RateDecay.Shape.LINEAR, 0, 20))
            .withEma(0.9f));
  }

  private static List<LayerCheck.Row> check(Remedies remedies, String sabotaged) {
    TrainOptions options = Tiny.options().withRemedies(remedies);
    return new StepCheck(CONFIG, options, new ScalarKernels()).run(sabotaged);
  }

  @ParameterizedTest
  @MethodSource("remedies")
  void rightGradientsAreFoundRight(Remedies remedies) {
    assertThat(check(remedies, null)).isNotEmpty().allSatisfy(r -> assertThat(r.passed()).isTrue());
  }

  @Test
  void aTurnedGradientIsFound() {
    String name = "discriminators.a.0.weight";
    assertThat(check(Remedies.NONE.withR1(0.5f, 1), name))
        .filteredOn(row -> !row.passed())
        .extracting(LayerCheck.Row::block)
        .containsExactly(name);
  }
}
