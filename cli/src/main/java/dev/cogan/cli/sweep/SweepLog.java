package dev.cogan.cli.sweep;

import dev.cogan.engine.io.AtomicFile;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The file of finished trainings: one JSON object per line, appended when a training is done. A
 * last line that a crash cut off is dropped; its training will be done again.
 */
public final class SweepLog {
  private final Path path;
  private final List<Map<?, ?>> lines = new ArrayList<>();

  /**
   * Opens the log, or begins one.
   *
   * @throws InputException if a line but the last is not a JSON object with an id
   */
  public SweepLog(Path path) {
    this.path = path;
    if (!Files.exists(path)) {
      return;
    }
    String text;
    try {
      text = Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
    int whole = text.lastIndexOf('\n') + 1;
    int number = 0;
    for (String line : text.substring(0, whole).split("\n")) {
      number++;
      if (!line.isBlank()) {
        lines.add(parse(line, path + ", line " + number));
      }
    }
    if (whole < text.length()) {
      AtomicFile.write(path, text.substring(0, whole).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Map<?, ?> parse(String line, String name) {
    if (Json.parse(line, name) instanceof Map<?, ?> map && map.get("id") instanceof String) {
      return map;
    }
    throw new InputException(name + ": not a line of a sweep: expected an object with an \"id\"");
  }

  /** Whether a training with this id is in it. */
  public boolean contains(String id) {
    return lines.stream().anyMatch(line -> id.equals(line.get("id")));
  }

  /** The lines, in their order. */
  public List<Map<?, ?>> lines() {
    return List.copyOf(lines);
  }

  /** Adds a finished training. */
  public void append(Map<String, ?> line) {
    String text = Json.write(line);
    try {
      if (path.toAbsolutePath().getParent() != null) {
        Files.createDirectories(path.toAbsolutePath().getParent());
      }
      Files.writeString(
          path,
          text + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw InputException.cannotWrite(path, e);
    }
    lines.add(parse(text, path.toString()));
  }
}
