package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a command will write in the end, looked at before it works for minutes. */
final class OutputPlace {
  private OutputPlace() {}

  /**
   * Refuses a file that certainly cannot be written.
   *
   * @param option what the user gave it by
   * @throws InputException if its folder is not there or not to be written to, or if it is a folder
   */
  static void require(String option, Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    String reason = null;
    if (folder == null || Files.isDirectory(file)) {
      reason = "is a folder, expected a file to write";
    } else if (Files.exists(file) && !Files.isRegularFile(file)) {
      reason = "is no regular file, expected a file to write"; // A device: nothing may replace it.
    } else if (!Files.isDirectory(folder)) {
      reason = "cannot write: no folder " + folder;
    } else if (!Files.isWritable(folder)) {
      reason = "cannot write: permission denied in " + folder;
    }
    if (reason != null) {
      throw new InputException(option + " " + file + ": " + reason);
    }
  }

  /**
   * As {@link #require}, for a file that gets more lines: one that is there must be open to them,
   * too.
   */
  static void requireAppendable(String option, Path file) {
    require(option, file);
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new InputException(option + " " + file + ": cannot write: permission denied");
    }
  }

  /**
   * Refuses a file whose name does not say what will be in it.
   *
   * @param endings of which the name must have one
   * @return the one that it has
   */
  static String requireName(String option, Path file, String... endings) {
    for (String ending : endings) {
      if (file.toString().endsWith(ending)) {
        return ending;
      }
    }
    throw new InputException(
        option + " " + file + ": expected a name ending in " + String.join(" or ", endings));
  }

  /**
   * Refuses a file that is another one of the command as well, also by another name or a link.
   *
   * @param option what the user gave it by
   * @param otherOption what the user gave the other one by
   */
  static void requireOther(String option, Path file, String otherOption, Path other) {
    if (isSame(file, other)) {
      throw new InputException(
          option + " " + file + ": is the file of " + otherOption + ", expected another one");
    }
  }

  /**
   * Refuses the place of a checkpoint that a training can go on from: a model without its training
   * would take it.
   */
  static void requireNoTraining(String option, Path file) {
    if (isTraining(file)) {
      throw new InputException(
          option + " " + file + ": is a checkpoint that can be resumed, expected another file");
    }
  }

  private static boolean isTraining(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      return !checkpoint.samplesOnly();
    } catch (InputException e) {
      return false; // Something else, or damaged.
    }
  }

  private static boolean isSame(Path file, Path other) {
    try {
      return Files.exists(file) && Files.exists(other)
          ? Files.isSameFile(file, other)
          : real(file).equals(real(other));
    } catch (IOException e) {
      return false; // Where a folder is missing, writing is refused anyway.
    }
  }

  /**
   * The real path of a file that need not be there yet.
   *
   * @throws IOException if its folder is not there
   */
  static Path real(Path file) throws IOException {
    Path whole = file.toAbsolutePath();
    return Files.exists(whole)
        ? whole.toRealPath()
        : whole.getParent().toRealPath().resolve(whole.getFileName());
  }

  /**
   * As {@link #require}, for a folder that may be made first: as far as it is there.
   *
   * @throws InputException if a file is in its place, or its parent is not to be written to
   */
  static void requireFolder(String option, Path folder) {
    Path there = folder.toAbsolutePath().normalize();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      String which = Files.exists(folder) ? "" : there + " ";
      throw new InputException(option + " " + folder + ": " + which + "is not a folder");
    }
    if (!Files.isWritable(there)) {
      throw new InputException(
          option + " " + folder + ": cannot write: permission denied in " + there);
    }
  }
}
