package dev.cogan.cli;

import dev.cogan.engine.train.Checkpoint;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The trained model that a command works on: {@code --model}. */
final class ModelSource {
  private static final Path DEFAULT = Path.of("runs");

  @Option(
      names = "--model",
      paramLabel = "RUN",
      description = "A checkpoint, a run's folder, or a folder of runs (default: newest in runs).")
  private Path model;

  /** The checkpoint's file; the newest one if a folder was given. */
  Path file() {
    return RunDirectory.findCheckpoint(model == null ? DEFAULT : model);
  }

  /** Opens {@link #file()}. */
  Checkpoint open() {
    return Checkpoint.open(file());
  }
}
