package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code resume} goes on with.
 *
 * @param directory the run's folder, in which the training will write
 * @param checkpoint the one that was named; empty for the run's newest
 */
record ResumePoint(RunDirectory directory, Optional<Path> checkpoint) {
  /**
   * The run that a path stands for. A checkpoint that is named by a symbolic link is that of the
   * run where the link leads.
   *
   * @param given a checkpoint, a run's folder or a folder of runs
   * @throws InputException if there is no checkpoint, or the one that is named lies among files
   *     that are none of a run: a training would write its own over them
   */
  static ResumePoint of(Path given) {
    if (!Files.isRegularFile(given)) {
      // The best checkpoint may be all that is left.
      boolean here = Files.isDirectory(given) && !new RunDirectory(given).resumable().isEmpty();
      RunDirectory directory = here ? new RunDirectory(given) : RunDirectory.of(given);
      return new ResumePoint(directory, Optional.empty());
    }
    Path file = followed(given);
    RunDirectory directory = RunDirectory.of(file);
    if (!isRun(directory) && !isAlone(file, directory)) {
      throw new InputException(
          file
              + ": a resume goes on in the checkpoint's folder, and "
              + directory.path()
              + " holds other files and no options.json of a run; begin a training with these"
              + " weights by 'train --init "
              + ShellCommand.quoted(given)
              + "', or move the checkpoint to a folder of its own");
    }
    return new ResumePoint(directory, Optional.of(file));
  }

  /** The file that a link leads to, unless the link itself lies in a run: then it is of that. */
  private static Path followed(Path given) {
    if (!Files.isSymbolicLink(given)) {
      return given;
    }
    try {
      Path real = given.toRealPath();
      return !isRun(RunDirectory.of(real)) && isRun(RunDirectory.of(given)) ? given : real;
    } catch (IOException e) {
      throw InputException.cannotRead(given, e);
    }
  }

  /** A damaged {@code options.json} is still the run's, where a training has held the lock. */
  private static boolean isRun(RunDirectory directory) {
    boolean trained =
        Files.isRegularFile(directory.path().resolve(RunLock.NAME))
            && Files.isRegularFile(directory.log());
    if (!Files.isRegularFile(directory.options())) {
      return trained;
    }
    try {
      return Json.read(directory.options()) instanceof Map<?, ?> map && ConfigFile.isRun(map);
    } catch (InputException e) {
      return trained;
    }
  }

  /** But for the lock of a resume that came to nothing. */
  private static boolean isAlone(Path file, RunDirectory directory) {
    try (Stream<Path> files = Files.list(directory.path())) {
      return files
          .map(other -> other.getFileName().toString())
          .allMatch(
              name -> name.equals(file.getFileName().toString()) || name.equals(RunLock.NAME));
    } catch (IOException e) {
      throw InputException.cannotRead(directory.path(), e);
    }
  }
}
