package dev.cogan.testdata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds test data on disk: the files committed under {@code testdata} and, where it exists, the
 * folder {@code ../shared/data} beside the project with data that may not be copied into it.
 */
public final class TestData {
  private TestData() {}

  /** The folder {@code testdata} of the project, found by walking up from the working directory. */
  public static Path root() {
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      Path candidate = dir.resolve("testdata");
      if (Files.isRegularFile(candidate.resolve("MANIFEST.md"))) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "no folder testdata with a MANIFEST.md above " + Path.of("").toAbsolutePath());
  }

  /**
   * A committed file, for example {@code path("mnist/t10k-labels-idx1-ubyte.gz")}.
   *
   * @throws IllegalStateException if it is missing, with its full name
   */
  public static Path path(String relative) {
    Path path = root().resolve(relative);
    if (!Files.exists(path)) {
      throw new IllegalStateException("missing test data: " + path);
    }
    return path;
  }

  /** A file or folder of {@code ../shared/data}, or nothing where that folder is not there. */
  public static Optional<Path> shared(String relative) {
    Path path = root().getParent().resolveSibling("shared").resolve("data").resolve(relative);
    return Files.exists(path) ? Optional.of(path) : Optional.empty();
  }
}
