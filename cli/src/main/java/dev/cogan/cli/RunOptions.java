package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.Preset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options about a training's course that change none of its numbers; null means: as it is. */
final class RunOptions {
  static final int KEEP = 2;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Train until N steps are done, all runs together (default: the preset's; on a resume, the"
              + " run's).")
  private Long steps;

  @Option(
      names = "--snapshot",
      paramLabel = "N",
      description =
          "Steps between pictures and checkpoints (default: the preset's; on a resume, the run's).")
  private Long snapshot;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description =
          "Keep the newest N checkpoints, beside the best; 2 or more (default: 2; on a resume, the"
              + " run's).")
  private Integer keep;

  @Option(
      names = "--on-diverge",
      paramLabel = "WHAT",
      converter = DivergencePolicy.Converter.class,
      description =
          "stop (default; on a resume, the run's), or rollback[:N]: back to the last checkpoint,"
              + " with other noise and half the rates, N times at most (3).")
  private DivergencePolicy onDiverge;

  @Option(
      names = "--progress",
      paramLabel = "HOW",
      description =
          "live: one line with a bar; log: a line now and then; none (default: auto, live at a"
              + " terminal).")
  private Progress.Mode progress;

  @Option(
      names = "--dashboard",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "",
      converter = Port.class,
      description =
          "Serve a live page about this training on 127.0.0.1, for this machine only (port: 8060"
              + " or, if that is taken, a free one).")
  private Integer dashboard;

  @Option(
      names = "--tensorboard",
      negatable = true,
      description =
          "Write losses, agreements and pictures for TensorBoard too, in tensorboard/ (default: no;"
              + " on a resume, the run's).")
  private Boolean tensorboard;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Print the plan (layers, memory, time) and end; nothing is written.")
  private boolean dryRun;

  @Option(
      names = "--json",
      description = "At the end, print one JSON object instead of text; so does --dry-run.")
  private boolean json;

  void check() {
    requireAtLeast("--steps", steps, 0);
    requireAtLeast("--snapshot", snapshot, 1);
    requireAtLeast("--keep", keep == null ? null : Long.valueOf(keep), 2);
  }

  /** A port; -1, the usual one, for an option without a value. */
  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.isEmpty()) {
        return -1;
      }
      if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
        throw new TypeConversionException("expected a port, 0 to 65535, got '" + text + "'");
      }
      return Integer.valueOf(text);
    }
  }

  private static void requireAtLeast(String option, Long value, long least) {
    if (value != null && value < least) {
      throw new InputException(option + " must be " + least + " or more, got " + value);
    }
  }

  /** These options, and where one was not given, what a stored run had. */
  RunOptions orElse(StoredRun stored) {
    RunOptions both = new RunOptions();
    both.steps = steps == null ? stored.steps().orElse(null) : steps;
    both.snapshot = snapshot == null ? stored.snapshot().orElse(null) : snapshot;
    both.keep = keep == null ? stored.keep().orElse(null) : keep;
    both.onDiverge = onDiverge == null ? stored.onDiverge().orElse(null) : onDiverge;
    both.progress = progress;
    both.dashboard = dashboard;
    both.tensorboard = tensorboard == null ? stored.tensorboard() : tensorboard;
    both.dryRun = dryRun;
    both.json = json;
    return both;
  }

  Long steps() {
    return steps;
  }

  /** Where the training ends: as given, or as a preset has it. */
  long stepsOr(Preset preset) {
    return steps == null ? preset.steps() : steps;
  }

  Long snapshot() {
    return snapshot;
  }

  Integer keep() {
    return keep;
  }

  DivergencePolicy onDiverge() {
    return onDiverge == null ? DivergencePolicy.STOP : onDiverge;
  }

  Progress.Mode progress() {
    return progress == null ? Progress.Mode.AUTO : progress;
  }

  /** The dashboard's port, -1 for the usual one, null for no dashboard. */
  Integer dashboard() {
    return dashboard;
  }

  boolean tensorboard() {
    return tensorboard != null && tensorboard;
  }

  boolean dryRun() {
    return dryRun;
  }

  boolean json() {
    return json;
  }
}
