package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
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
    } else if (!Files.isDirectory(folder)) {
      reason = "cannot write: no folder " + folder;
    } else if (!Files.isWritable(folder)) {
      reason = "cannot write: permission denied in " + folder;
    }
    if (reason != null) {
      throw new InputException(option + " " + file + ": " + reason);
    }
  }
}
