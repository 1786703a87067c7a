package dev.cogan.cli.adapt;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of finished draws, one JSON line each. */
public final class AdaptLog {
  /** Names of the accuracies. */
  public static final List<String> FIGURES = List.of("source_only", "last", "best");

  private final Path file;

  /** The log in a file that may not exist yet. */
  public AdaptLog(Path file) {
    this.file = file;
  }

  /**
   * The line of a seed with exactly these settings, or null.
   *
   * @throws InputException if the file cannot be read or a line is not JSON
   */
  public Map<String, Object> find(long seed, Map<String, Object> settings) {
    if (!Files.exists(file)) {
      return null;
    }
    String wanted = Json.write(settings);
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw InputException.cannotRead(file, e);
    }
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      if (!(Json.parse(lines.get(i), file + " line " + (i + 1)) instanceof Map<?, ?> map)) {
        throw new InputException(file + " line " + (i + 1) + ": expected a JSON object");
      }
      if (Long.valueOf(seed).equals(map.get("seed"))
          && Json.write(map.get("settings")).equals(wanted)) {
        Map<String, Object> found = new LinkedHashMap<>();
        map.forEach((key, value) -> found.put(String.valueOf(key), value));
        return found;
      }
    }
    return null;
  }

  /** Appends a line. */
  public void add(Map<String, Object> result) {
    try {
      Files.writeString(
          file,
          Json.write(result) + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw InputException.cannotWrite(file, e);
    }
  }

  /** A number of a line; NaN if there is none. */
  public static double number(Map<String, Object> line, String key) {
    return line.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** Mean over the lines. */
  public static double mean(List<Map<String, Object>> lines, String key) {
    return lines.stream().mapToDouble(line -> number(line, key)).average().orElse(Double.NaN);
  }

  /** Standard deviation of the sample; 0 for one line. */
  public static double deviation(List<Map<String, Object>> lines, String key) {
    double mean = mean(lines, key);
    double sum = 0;
    for (Map<String, Object> line : lines) {
      sum += Math.pow(number(line, key) - mean, 2);
    }
    return lines.size() < 2 ? 0 : Math.sqrt(sum / (lines.size() - 1));
  }
}
