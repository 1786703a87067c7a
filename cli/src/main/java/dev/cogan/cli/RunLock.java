package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One training per run directory: holds a lock of the operating system on the file {@code .lock},
 * which ends with the process, however it ends. The file itself stays: who deleted it could delete
 * one that somebody else has just locked.
 */
final class RunLock implements AutoCloseable {
  static final String NAME = ".lock";

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws InputException if another training has it, or the folder cannot be written
   */
  static RunLock take(Path run) {
    Path file = run.resolve(NAME);
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw taken(run, channel, " by process " + holder(file));
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      return new RunLock(channel);
    } catch (OverlappingFileLockException e) {
      throw taken(run, channel, " by this very process");
    } catch (IOException e) {
      closeQuietly(channel);
      throw InputException.cannotWrite(file, e);
    }
  }

  private static InputException taken(Path run, FileChannel channel, String who) {
    closeQuietly(channel);
    return new InputException(run + " is being trained" + who + "; end that training first");
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
  }
}
