package dev.cogan.cli;

import dev.cogan.engine.data.MnistSource;
import java.nio.file.Path;

/** Where the source {@code mnist} comes from: the digits in the jar, or a folder. */
final class Digits {
  private static final String FOLDER = "mnist10k/";

  private Digits() {}

  /** The 10,000 training digits that the jar carries, 1,000 of each class. */
  static MnistSource carried() {
    return MnistSource.streams(
        "digits in the jar",
        () -> Digits.class.getResourceAsStream(FOLDER + "images-idx3-ubyte.gz"),
        () -> Digits.class.getResourceAsStream(FOLDER + "labels-idx1-ubyte.gz"));
  }

  /** The MNIST files of a folder, or those in the jar if it is null. */
  static MnistSource in(Path folder) {
    return folder == null ? carried() : MnistSource.folder(folder);
  }
}
