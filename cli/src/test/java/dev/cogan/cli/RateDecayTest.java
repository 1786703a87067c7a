package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.RateDecay;
import dev.cogan.engine.train.TrainOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From which step to which {@code --rate-decay} lets the rates fall. */
@Tag("slow")
class RateDecayTest {
  private static final RateDecay LINE = new RateDecay(RateDecay.Shape.LINEAR, 600, 1200);

  @TempDir private Path folder;

  private static ModelOptions typed(String... args) {
    ModelOptions options = new ModelOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    return options;
  }

  private static RateDecay ofPreset(long steps, String... args) {
    return typed(args).apply(Preset.DIGITS_SMALL.training(0), steps).remedies().rateDecay();
  }

  private static RateDecay ofRun(RateDecay was, long steps, String... args) {
    TrainOptions run = Preset.DIGITS_SMALL.training(0);
    run = run.withRemedies(run.remedies().withRateDecay(was));
    return typed(args).change(run, steps).remedies().rateDecay();
  }

  @Test
  void aPresetsIsTheOneOfItsOwnStepsUnlessThereAreMore() {
    assertThat(ofPreset(500)).isEqualTo(LINE);
    assertThat(ofPreset(3000)).isEqualTo(new RateDecay(RateDecay.Shape.LINEAR, 1500, 3000));
    assertThat(ofPreset(500, "--rate-decay=cosine"))
        .isEqualTo(new RateDecay(RateDecay.Shape.COSINE, 0, 500));
    assertThat(ofPreset(500, "--rate-decay-steps=7-9"))
        .isEqualTo(new RateDecay(RateDecay.Shape.LINEAR, 7, 9));
    assertThat(ofPreset(3000, "--rate-decay=none")).isEqualTo(RateDecay.NONE);
  }

  @Test
  void aRunsStaysUnlessAKindIsAskedFor() {
    assertThat(ofRun(LINE, 5000)).isEqualTo(LINE);
    assertThat(ofRun(LINE, 5000, "--rate-decay=linear"))
        .isEqualTo(new RateDecay(RateDecay.Shape.LINEAR, 2500, 5000));
    // A cosine begins at step 0, whatever the line did.
    assertThat(ofRun(LINE, 1200, "--rate-decay=cosine"))
        .isEqualTo(new RateDecay(RateDecay.Shape.COSINE, 0, 1200));
    assertThat(ofRun(RateDecay.NONE, 1200)).isEqualTo(RateDecay.NONE);
    assertThat(ofRun(RateDecay.NONE, 1200, "--rate-decay=linear")).isEqualTo(LINE);
    assertThat(ofRun(LINE, 1200, "--rate-decay=none")).isEqualTo(RateDecay.NONE);
  }

  @Test
  void aResumeMayBeginOne() {
    List<Object> args = new ArrayList<>(List.of("train", "--steps", 2, "--outdir", folder));
    args.addAll(TrainingProcess.TINY);
    assertThat(Cli.run(args.toArray()).code).isZero();
    Cli refused = Cli.run("resume", folder, "--steps", 4, "--rate-decay", "linear");
    assertThat(refused.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.message()).contains("rate_decay", "see --allow");
    Cli resumed =
        Cli.run("resume", folder, "--steps", 4, "--rate-decay=linear", "--allow=rate-decay");
    assertThat(resumed.code).as(resumed.toString()).isZero();
    assertThat(decay(folder)).isEqualTo(new RateDecay(RateDecay.Shape.LINEAR, 2, 4));

    // So does a training with a run's options: over that run's steps.
    Path options = RunDirectory.of(folder).options();
    Path again = folder.resolve("again");
    Cli repeated =
        Cli.run("train", "--config", options, "--rate-decay", "cosine", "--outdir", again);
    assertThat(repeated.code).as(repeated.toString()).isZero();
    assertThat(decay(again)).isEqualTo(new RateDecay(RateDecay.Shape.COSINE, 0, 4));
  }

  private static RateDecay decay(Path run) {
    try (Checkpoint checkpoint = Checkpoint.open(RunDirectory.findCheckpoint(run))) {
      return checkpoint.options().remedies().rateDecay();
    }
  }
}
