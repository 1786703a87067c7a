package dev.cogan.cli.sweep;

import dev.cogan.cli.text.JsonLines;
import dev.cogan.engine.io.InputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file of finished trainings: one JSON object per line, appended when a training is done. A
 * last line that a crash cut off is dropped; its training will be done again.
 */
public final class SweepLog {
  private final JsonLines file;

  /**
   * Opens the log, or begins one.
   *
   * @throws InputException if a line but the last is not a JSON object with an id
   */
  public SweepLog(Path path) {
    file =
        new JsonLines(
            path,
            line -> line.get("id") instanceof String,
            "not a line of a sweep: expected an object with an \"id\"");
  }

  /** Whether a training with this id is in it. */
  public boolean contains(String id) {
    return lines().stream().anyMatch(line -> id.equals(line.get("id")));
  }

  /**
   * The lines, in their order. Of lines with the same id only the first: files that were put
   * together may have a training twice, which must not count as two seeds.
   */
  public List<Map<?, ?>> lines() {
    Map<Object, Map<?, ?>> byId = new LinkedHashMap<>();
    for (Map<?, ?> line : file.lines()) {
      Object id = line.get("id");
      byId.putIfAbsent(id == null ? new Object() : id, line);
    }
    return List.copyOf(byId.values());
  }

  /** Adds a finished training. */
  public void append(Map<String, ?> line) {
    file.append(line);
  }
}
