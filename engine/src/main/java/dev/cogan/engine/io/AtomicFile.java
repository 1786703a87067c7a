package dev.cogan.engine.io;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes a file whole or not at all: the bytes go to a temporary file in the same folder, are
 * forced to the disk and read back, and the file is then renamed, so that a crash or a full disk
 * leaves the old file as it was. The temporary file is removed when anything fails.
 */
public final class AtomicFile {
  private static final int BUFFER = 1 << 16;
  private static final AtomicLong COUNTER = new AtomicLong(System.nanoTime());

  private AtomicFile() {}

  /** Produces the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code out}, which is buffered and closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes {@code target}, replacing a file that is there, whose permissions stay where the system
   * has such. A symbolic link stays a link, and the file it points to is replaced. An interrupt,
   * whether pending when the call starts or arriving later, does not stop it and is pending when it
   * returns: what is being saved is often saved because of it.
   *
   * @throws InputException if the folder does not exist, cannot be written, or {@code target} is
   *     something else than a file
   * @throws UncheckedIOException if writing fails later, for example because the disk is full; its
   *     message names the file and the reason
   */
  public static void write(Path target, Content content) {
    boolean interrupted = Thread.interrupted();
    try {
      writeFile(target, content);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Writes {@code target} with these bytes; everything else as in the other method. */
  public static void write(Path target, byte[] bytes) {
    write(target, out -> out.write(bytes));
  }

  private static void writeFile(Path given, Content content) {
    Path target = resolve(given);
    Path folder = target.toAbsolutePath().getParent();
    Path temporary = null;
    boolean renamed = false;
    try {
      try {
        // Not Files.createTempFile: its files stay unreadable for everybody else after the rename.
        while (temporary == null) {
          Path next = folder.resolve(".cogan-" + Long.toHexString(COUNTER.getAndIncrement()));
          try {
            temporary = Files.createFile(next);
          } catch (FileAlreadyExistsException e) {
            continue; // Somebody else's: the next number.
          }
        }
      } catch (IOException e) {
        throw InputException.cannotWrite(given, e);
      }
      keepPermissions(target, temporary);
      // Not a channel: an interrupt that arrives while it is written to would close it.
      try (OutputStream file = Files.newOutputStream(temporary)) {
        CheckedOutputStream sums = new CheckedOutputStream(file, new CRC32C());
        OutputStream out = new BufferedOutputStream(sums, BUFFER);
        content.writeTo(out);
        out.flush();
        force(temporary, StandardOpenOption.WRITE);
        requireReadable(temporary, sums.getChecksum().getValue());
      }
      rename(temporary, target);
      renamed = true;
      forceFolder(folder);
    } catch (IOException e) {
      throw InputException.writingFailed(given, e);
    } finally {
      if (temporary != null && !renamed) {
        deleteQuietly(temporary);
      }
    }
  }

  /** The old file goes only when the new one has been read back from where it was written to. */
  private static void requireReadable(Path temporary, long expected) throws IOException {
    CRC32C found = new CRC32C();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(temporary)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        found.update(buffer, 0, n);
      }
    }
    if (found.getValue() != expected) {
      throw new IOException("what was written does not read back");
    }
  }

  /** Follows a link and refuses what a rename would destroy (devices, pipes) or cannot replace. */
  private static Path resolve(Path given) {
    try {
      Path target = Files.isSymbolicLink(given) ? followed(given) : given;
      if (Files.isDirectory(target)) {
        throw new InputException(given + ": cannot write: is a directory");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        throw new InputException(given + ": cannot write: not a regular file");
      }
      Path folder = target.toAbsolutePath().getParent();
      if (target.getFileName() == null || folder == null) {
        throw new InputException(given + ": cannot write: not the name of a file");
      }
      if (!Files.isDirectory(folder)) {
        throw new InputException(given + ": cannot write: no folder " + folder);
      }
      return target;
    } catch (IOException e) {
      throw InputException.cannotWrite(given, e);
    }
  }

  /** Before anything is in the new file: who must not read the old one reads nothing of it. */
  private static void keepPermissions(Path target, Path temporary) {
    if (!Files.exists(target)) {
      return;
    }
    try {
      Set<PosixFilePermission> kept = EnumSet.of(OWNER_READ, OWNER_WRITE);
      kept.addAll(Files.getPosixFilePermissions(target));
      Files.setPosixFilePermissions(temporary, kept);
    } catch (UnsupportedOperationException | SecurityException | IOException e) {
      // Windows, a security manager, a disk without permissions: as of a new file.
    }
  }

  private static Path followed(Path link) throws IOException {
    return Files.exists(link)
        ? link.toRealPath()
        : link.resolveSibling(Files.readSymbolicLink(link));
  }

  private static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Makes the new name durable too, where the system can: Windows opens no folders. */
  private static void forceFolder(Path folder) {
    try {
      force(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      // The file is complete and in place; only its name may be lost in a power failure.
    }
  }

  /** To the disk; once more after an interrupt, which closes the channel and stays pending. */
  private static void force(Path path, StandardOpenOption how) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(path, how)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The failure that led here is the one to report.
    }
  }
}
