package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  @Test
  void writesAndReplaces() throws IOException {
    Path file = dir.resolve("a.bin");
    AtomicFile.write(file, new byte[] {1, 2, 3});
    AtomicFile.write(file, new byte[] {4});
    assertThat(Files.readAllBytes(file)).containsExactly(4);
    assertThat(names()).containsExactly("a.bin");
  }

  /** Else a file that its owner has closed would be open to all when it is written again. */
  @Test
  void aReplacedFileKeepsItsPermissions() throws IOException {
    assumeTrue(Files.getFileStore(dir).supportsFileAttributeView("posix"), "no permissions here");
    Path file = dir.resolve("a.bin");
    AtomicFile.write(file, new byte[] {1});
    for (String kept : List.of("rw-------", "rw-rw----", "rw-r--r--")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(kept));
      AtomicFile.write(
          file,
          out -> {
            try (Stream<Path> files = Files.list(dir)) {
              for (Path each : files.toList()) {
                assertThat(permissions(each)).as("while it is written").isEqualTo(kept);
              }
            }
            out.write(2);
          });
      assertThat(permissions(file)).isEqualTo(kept);
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void failureKeepsTheOldFileAndLeavesNothing() throws IOException {
    Path file = dir.resolve("a.bin");
    AtomicFile.write(file, new byte[] {1});
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(file + ": cannot write: No space left on device");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      throw new IllegalStateException("mine");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mine");
    assertThat(Files.readAllBytes(file)).containsExactly(1);
    assertThat(names()).containsExactly("a.bin");
  }

  @Test
  void refusesWhatIsNoPlaceForAFile() throws IOException {
    Path missing = dir.resolve("no/such/a.bin");
    refused(missing, missing + ": cannot write: no folder " + missing.getParent());
    refused(dir, dir + ": cannot write: is a directory");
    Path file = Files.write(dir.resolve("file"), new byte[0]);
    refused(file.resolve("a.bin"), file.resolve("a.bin") + ": cannot write: no folder " + file);
  }

  @Test
  void refusesDevices() {
    Path device = Path.of("/dev/null");
    assumeFalse(!Files.exists(device), "a system without /dev/null");
    refused(device, "/dev/null: cannot write: not a regular file");
    assertThat(Files.isRegularFile(device)).isFalse();
  }

  @Test
  void refusesAFolderWithoutPermission() {
    assertThat(dir.toFile().setWritable(false)).isTrue();
    try {
      assumeFalse(Files.isWritable(dir), "this user may write everywhere");
      Path file = dir.resolve("a.bin");
      refused(file, file + ": cannot write: permission denied");
    } finally {
      assertThat(dir.toFile().setWritable(true)).isTrue();
    }
  }

  @Test
  void saysPermissionDenied() {
    assertThat(InputException.cannotWrite("x/y", new AccessDeniedException("x/y")))
        .hasMessage("x/y: cannot write: permission denied");
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path real = dir.resolve("real.bin");
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("real.bin"));
    AtomicFile.write(link, new byte[] {1}); // Dangling at first.
    AtomicFile.write(link, new byte[] {2});
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readAllBytes(real)).containsExactly(2);
  }

  @Test
  void aPendingInterruptStaysAndDoesNotStopTheWrite() throws IOException {
    Path file = dir.resolve("a.bin");
    Thread.currentThread().interrupt();
    try {
      AtomicFile.write(file, new byte[] {7});
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(Files.readAllBytes(file)).containsExactly(7);
  }

  @Test
  void anInterruptThatArrivesDoesNotStopTheWriteEither() throws Exception {
    Path file = dir.resolve("a.bin");
    Thread writer = Thread.currentThread();
    Thread other = new Thread(writer::interrupt);
    byte[] part = new byte[100_000];
    try {
      AtomicFile.write(
          file,
          out -> {
            out.write(part);
            other.start();
            while (!writer.isInterrupted()) {
              Thread.onSpinWait();
            }
            out.write(part);
          });
    } finally {
      assertThat(Thread.interrupted()).isTrue();
      other.join();
    }
    assertThat(Files.size(file)).isEqualTo(200_000);
    assertThat(names()).containsExactly("a.bin");
  }

  @Test
  void messagesAreOneLine() {
    assertThat(new InputException("a\nb\tc\u001bd")).hasMessage("a?b?c?d");
  }

  private void refused(Path path, String message) {
    assertThatThrownBy(() -> AtomicFile.write(path, new byte[] {1}))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
