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
    return find(model == null ? DEFAULT : model);
  }

  /**
   * The newest checkpoint that a path stands for, as {@link RunDirectory#findCheckpoint} knows it.
   *
   * @throws InputException also for a device or a pipe, which can be read only once
   */
  static Path find(Path given) {
    if (Files.exists(given) && !Files.isRegularFile(given) && !Files.isDirectory(given)) {
      throw new InputException(given + ": is no regular file, expected a checkpoint or a folder");
    }
    return RunDirectory.findCheckpoint(given);
  }

  /** Whether no checkpoint is in a folder of runs, or no such folder is there. */
  static boolean isNothingIn(Path runs) {
    if (!Files.exists(runs)) {
      return true;
    }
    try {
      RunDirectory.findCheckpoint(runs);
      return false;
    } catch (InputException e) {
      return e.getCause() == null; // Else it cannot be read, which is to be said.
    }
  }

  /** Opens it; says so on standard error where the model in the jar stands in for a run. */
  Checkpoint open() {
    if (model == null && isNothingIn(DEFAULT)) {
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
