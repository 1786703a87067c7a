package dev.cogan.cli.text;

import dev.cogan.engine.io.AtomicFile;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A file of results: one JSON object per line, appended when its work is done. A last line that a
 * crash cut off is dropped, as if its work had not been done; it leaves the file when the next one
 * is appended, so that reading alone changes nothing.
 */
public final class JsonLines {
  private final Path path;
  private final List<Map<?, ?>> lines = new ArrayList<>();

  /** What the file must be before a line is appended; null if it is that already. */
  private byte[] repaired;

  /**
   * Opens the file, or begins one.
   *
   * @param isLine whether an object is what such a file holds
   * @param expected what that is, for a message
   * @throws InputException if it cannot be read, or a line but the last is something else
   */
  public JsonLines(Path path, Predicate<Map<?, ?>> isLine, String expected) {
    this.path = path;
    if (!Files.exists(path)) {
      return;
    }
    if (!Files.isRegularFile(path)) {
      boolean folder = Files.isDirectory(path);
      throw new InputException(
          path
              + ": is "
              + (folder ? "a folder" : "no regular file")
              + ", expected a file to write");
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
    int number = 0;
    for (int from = 0; from < bytes.length; ) {
      int end = from;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      String line = unmarked(new String(bytes, from, end - from, StandardCharsets.UTF_8));
      String name = path + ", line " + ++number;
      boolean last = end == bytes.length;
      if (last && isCutOff(line, name)) {
        repaired = Arrays.copyOf(bytes, from);
      } else if (!line.isBlank()) {
        if (!(Json.parse(line, name) instanceof Map<?, ?> map) || !isLine.test(map)) {
          throw new InputException(name + ": " + expected);
        }
        lines.add(map);
        if (last) { // Whole but for its end, as an editor may leave it.
          repaired = Arrays.copyOf(bytes, bytes.length + 1);
          repaired[bytes.length] = '\n';
        }
      }
      from = end + 1;
    }
  }

  /**
   * A line without the byte order mark that programs on Windows put in front of a file; of files
   * that were put together it is any line that may have one.
   */
  public static String unmarked(String line) {
    return line.startsWith("\ufeff") ? line.substring(1) : line;
  }

  /** What does not even begin as an object is no line of ours, and is not to be dropped. */
  private static boolean isCutOff(String line, String name) {
    if (!line.startsWith("{")) {
      return false;
    }
    try {
      Json.parse(line, name);
      return false;
    } catch (InputException e) {
      return true;
    }
  }

  /** The objects, in their order. */
  public List<Map<?, ?>> lines() {
    return List.copyOf(lines);
  }

  /**
   * Adds a line.
   *
   * @throws UncheckedIOException if the file cannot be written, for example because the disk is
   *     full
   */
  public void append(Map<String, ?> line) {
    String text = Json.write(line);
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (repaired != null) {
        AtomicFile.write(path, repaired);
        repaired = null;
      }
      Files.writeString(
          path,
          text + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw InputException.writingFailed(path, e);
    }
    lines.add((Map<?, ?>) Json.parse(text, path.toString()));
  }
}
