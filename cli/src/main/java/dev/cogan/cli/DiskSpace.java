package dev.cogan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Tells at the beginning of a run that the disk will be full before its end. */
final class DiskSpace {
  private static final long MEBIBYTE = 1 << 20;

  private DiskSpace() {}

  /**
   * What to warn of once the first checkpoint is there, if anything.
   *
   * @param keep how many checkpoints stay; beside them the best, and one that is being written
   */
  static Optional<String> shortage(Path checkpoint, int keep) {
    try {
      return shortage(
          Files.size(checkpoint), keep, Files.getFileStore(checkpoint).getUsableSpace());
    } catch (IOException e) {
      return Optional.empty(); // A file system that does not tell.
    }
  }

  static Optional<String> shortage(long size, int keep, long free) {
    // Of those that stay one is there already; beside them there are the best and the next.
    double more = (keep + 1.0) * size;
    if (more <= free) {
      return Optional.empty();
    }
    return Optional.of(
        "the disk has "
            + free / MEBIBYTE
            + " MiB left, and the checkpoints of this run will take about "
            + (long) (more / MEBIBYTE)
            + " MiB more, pictures not counted; a lower --keep needs less");
  }
}
