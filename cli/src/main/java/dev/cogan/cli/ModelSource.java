package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.Checkpoint;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The trained model that a command works on: {@code --model}. */
final class ModelSource {
  private static final Path DEFAULT = Path.of("runs");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "RUN",
      description =
          "A checkpoint, a run's folder, a folder of runs, or '"
              + BuiltInModel.NAME
              + "', the small one in the jar (default: newest in runs, else the one in the jar).")
  private Path model;

  /** Whether a model was named. */
  boolean given() {
    return model != null;
  }

  /**
   * The checkpoint's file; the newest one if a folder was given.
   *
   * @throws InputException if there is none
   */
  Path file() {
    return RunDirectory.findCheckpoint(model == null ? DEFAULT : model);
  }

  /** Opens it; says so on standard error where the model in the jar stands in for a run. */
  Checkpoint open() {
    if (model == null && !Files.exists(DEFAULT)) {
      PrintWriter err = spec.commandLine().getErr();
      Errors.print(err, "nothing trained in " + DEFAULT + "; taking the model in the jar");
      return BuiltInModel.open();
    }
    if (model != null && model.toString().equals(BuiltInModel.NAME) && !Files.exists(model)) {
      return BuiltInModel.open();
    }
    return Checkpoint.open(file());
  }
}
