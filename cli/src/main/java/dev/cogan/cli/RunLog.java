package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a training tells: on standard error, and the same in the run's {@code log.txt}. A live line,
 * which stays on the terminal alone, is wiped out before any other line.
 */
final class RunLog implements AutoCloseable {
  private final PrintWriter err;
  private final StringBuilder early = new StringBuilder();
  private final StringBuilder partial = new StringBuilder();
  private final PrintWriter writer;
  private Writer file;
  private Path path;
  private int liveLength;

  RunLog(PrintWriter err) {
    this.err = err;
    this.writer = new PrintWriter(new Lines(), true);
  }

  /** Whole lines that are written here go where {@link #println} goes. */
  PrintWriter writer() {
    return writer;
  }

  /** From now on, and with what was told so far, to this file too. */
  synchronized void open(Path log) {
    path = log;
    try {
      file =
          Files.newBufferedWriter(
              log, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      file.write(early.toString());
      file.flush();
    } catch (IOException e) {
      throw InputException.cannotWrite(log, e);
    }
  }

  /** One line, or several. */
  synchronized void println(String line) {
    wipe();
    err.println(line);
    toFile(line);
  }

  /** A line for the file alone. */
  synchronized void toFile(String line) {
    if (file == null) {
      early.append(line).append('\n');
      return;
    }
    try {
      file.write(line + "\n");
      file.flush();
    } catch (IOException e) {
      throw InputException.cannotWrite(path, e);
    }
  }

  /** The same as far as it goes: a full disk may be what the line tells of. */
  void toFileIfPossible(String line) {
    try {
      toFile(line);
    } catch (InputException e) {
      // Standard error has it.
    }
  }

  /** Replaces the live line. */
  synchronized void live(String line) {
    err.print("\r" + line + " ".repeat(Math.max(0, liveLength - line.length())));
    err.flush();
    liveLength = line.length();
  }

  private void wipe() {
    if (liveLength > 0) {
      err.print("\r" + " ".repeat(liveLength) + "\r");
      liveLength = 0;
    }
  }

  @Override
  public synchronized void close() {
    wipe();
    err.flush();
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // Every line has been flushed; the folder may be gone.
    }
  }

  private final class Lines extends Writer {
    @Override
    public void write(char[] text, int offset, int length) {
      synchronized (RunLog.this) {
        partial.append(text, offset, length);
        for (int end = partial.indexOf("\n"); end >= 0; end = partial.indexOf("\n")) {
          println(partial.substring(0, end).replace("\r", ""));
          partial.delete(0, end + 1);
        }
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
