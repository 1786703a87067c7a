package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One training per run directory, and one program per file of results: holds a lock of the
 * operating system on the file {@code .lock}, or {@code .NAME.lock} beside a file, which ends with
 * the process, however it ends. The file itself stays: who deleted it could delete one that
 * somebody else has just locked.
 *
 * <p>On POSIX systems a process loses its lock on a file as soon as it closes the file anywhere, so
 * within this JVM what is locked is known by its real path, and its file is not even opened.
 */
final class RunLock implements AutoCloseable {
  static final String NAME = ".lock";

  /** The real paths of the runs and files that this JVM has locked. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path real;
  private final FileChannel channel;

  private RunLock(Path real, FileChannel channel) {
    this.real = real;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws InputException if another training has it, or the folder cannot be written
   */
  static RunLock take(Path run) {
    Path file = run.resolve(NAME);
    Path real;
    try {
      real = run.toRealPath();
    } catch (IOException e) {
      throw InputException.cannotWrite(file, e);
    }
    return take(real, file, new Taken(run + " is being trained", "; end that training first"));
  }

  /**
   * Takes the lock of a file of results, whose folder is made if it is not there.
   *
   * @param command that writes such files, for the message
   * @throws InputException if another process has it, or the folder cannot be written
   */
  static RunLock ofResults(Path results, String command) {
    Path real;
    try {
      Files.createDirectories(results.toAbsolutePath().getParent());
      real = OutputPlace.real(results);
    } catch (IOException e) {
      throw InputException.cannotWrite(results, e);
    }
    Path file = real.resolveSibling("." + real.getFileName() + NAME);
    return take(
        real, file, new Taken(results + " is being written", "; end that '" + command + "' first"));
  }

  /** What is said of a lock that somebody else has: before and after who that is. */
  private record Taken(String what, String remedy) {
    InputException by(String who) {
      return new InputException(what + " by " + who + remedy);
    }
  }

  private static RunLock take(Path real, Path file, Taken taken) {
    if (!HELD.add(real)) {
      throw taken.by("this very process");
    }
    boolean locked = false;
    try {
      RunLock lock = new RunLock(real, lock(file, taken));
      locked = true;
      return lock;
    } finally {
      if (!locked) {
        HELD.remove(real);
      }
    }
  }

  private static FileChannel lock(Path file, Taken taken) {
    FileChannel channel = null;
    boolean locked = false;
    // A channel does nothing for a thread with an interrupt pending.
    boolean interrupted = Thread.interrupted();
    try {
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS); // It is emptied, wherever it may be.
      if (channel.tryLock() == null) {
        throw taken.by("process " + holder(file));
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      locked = true;
      return channel;
    } catch (OverlappingFileLockException e) {
      // Another copy of this program, loaded by another class loader of the JVM.
      throw taken.by("this very process");
    } catch (IOException e) {
      throw InputException.cannotWrite(file, e);
    } finally {
      if (!locked) {
        closeQuietly(channel);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String holder(Path file) {
    try {
      String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return pid.matches("\\d{1,10}") ? pid : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // What led here is the thing to report.
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
    HELD.remove(real);
  }
}
