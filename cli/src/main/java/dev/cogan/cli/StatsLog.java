package dev.cogan.cli;

import dev.cogan.cli.text.JsonLines;
import dev.cogan.engine.io.AtomicFile;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** {@code stats.jsonl}: one JSON object per line, with its step; lines are only appended. */
final class StatsLog {
  private final Path path;
  private double seconds;
  private long lastStep = -1;

  /**
   * Opens the log of a training that is at {@code step}: lines of later steps are dropped, because
   * the steps will be done again, and lines that cannot be read, as a crash leaves one.
   */
  StatsLog(Path path, long step) {
    this.path = path;
    if (!Files.exists(path)) {
      return;
    }
    StringBuilder kept = new StringBuilder();
    try {
      // Bytes that are no UTF-8 become a character that is no JSON, and cost one line only.
      String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
      for (String each : text.split("\n")) {
        String line = JsonLines.unmarked(each);
        long at = stepOf(line);
        if (at <= step) {
          lastStep = Math.max(lastStep, at);
          kept.append(line).append('\n');
          seconds = Math.max(seconds, secondsOf(line));
        }
      }
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
    AtomicFile.write(path, kept.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static long stepOf(String line) {
    try {
      return Json.parse(line, "stats") instanceof Map<?, ?> map
              && map.get("step") instanceof Long step
          ? step
          : Long.MAX_VALUE;
    } catch (InputException e) {
      return Long.MAX_VALUE;
    }
  }

  private static double secondsOf(String line) {
    return Json.parse(line, "stats") instanceof Map<?, ?> map
            && map.get("seconds") instanceof Number number
        ? number.doubleValue()
        : 0;
  }

  /** What the training had taken until the step at which it goes on. */
  double seconds() {
    return seconds;
  }

  /** The last step that it had a line of when it was opened, or -1. */
  long lastStep() {
    return lastStep;
  }

  void append(Map<String, ?> line) {
    try {
      Files.writeString(
          path,
          Json.write(line) + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw InputException.cannotWrite(path, e);
    }
  }
}
