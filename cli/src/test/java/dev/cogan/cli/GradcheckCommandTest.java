package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.StepCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradcheckCommandTest {

  static List<String> presets() {
    // faces128 and rgbd64 have the layers of faces64.
    return List.of(
        Preset.DIGITS_SMALL.label(),
        Preset.DIGITS_BEST.label(),
        Preset.DIGITS_MLP.label(),
        Preset.FACES64.label(),
        Preset.RGBD64_SMALL.label());
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyGradientIsRight(String preset) {
    Cli cli = Cli.run("gradcheck", "--preset", preset, "--threads", 1);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.DONE);
    assertThat(cli.out).contains("moved by 3e-03", "transposed conv", "generators.shared.0.weight");
    assertThat(cli.out.lines()).allMatch(line -> line.length() <= 80);
  }

  /** Also those whose gradients take too long for a test. */
  @Test
  void everyPresetHasNarrowNets() {
    for (Preset preset : Preset.all()) {
      ModelConfig narrow = GradcheckCommand.narrow(preset);
      Kernels kernels = new ScalarKernels(Parallel.none());
      assertThatCode(() -> new StepCheck(narrow, preset.training(1), kernels))
          .as(preset.label())
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aWrongSignShows() {
    Cli cli = Cli.run("gradcheck", "--layer", "tanh", "--sabotage", "tanh");
    assertThat(cli.code).isEqualTo(ExitCode.FAILED);
    assertThat(cli.out).contains("2.0e+00  WRONG", "1 of 1 gradients are WRONG");
    Cli step = Cli.run("gradcheck", "--sabotage", "generators.shared.3.weight", "--json");
    assertThat(step.code).isEqualTo(ExitCode.FAILED);
    assertThat(step.out).contains("\"wrong\": 1");
  }

  @Test
  void unknownNames() {
    assertThat(Cli.run("gradcheck", "--layer", "transformer").code).isEqualTo(ExitCode.BAD_INPUT);
    Cli both = Cli.run("gradcheck", "--layer", "tanh", "--preset", "faces64");
    assertThat(both.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(both.message())
        .isEqualTo("cogan: --preset goes without --layer: no training step is checked");
    Cli cli = Cli.run("gradcheck", "--layer", "relu", "--sabotage", "x");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("--sabotage x: no such layer or parameter");
  }
}
