package dev.cogan.cli.adapt;

import dev.cogan.cli.text.JsonLines;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of finished draws, one JSON line each. A last line that a crash cut off is dropped;
 * its draw will be done again.
 */
public final class AdaptLog {
  /** Names of the accuracies. */
  public static final List<String> FIGURES = List.of("source_only", "last", "best");

  /** Settings that say of which images a draw is. */
  public static final String SOURCE_DATA = "source_data";

  /** The same for the target. */
  public static final String TARGET_DATA = "target_data";

  private final JsonLines file;

  /**
   * The log in a file that may not exist yet.
   *
   * @throws InputException if the file cannot be read, or a line but the last is not of a draw
   */
  public AdaptLog(Path path) {
    file =
        new JsonLines(
            path,
            line -> line.get("settings") instanceof Map<?, ?>,
            "not a line of adapt: expected an object with \"settings\"");
  }

  /** The line of a seed with exactly these settings, or null. */
  public Map<String, Object> find(long seed, Map<String, Object> settings) {
    String wanted = Json.write(settings);
    for (Map<?, ?> line : file.lines()) {
      if (Long.valueOf(seed).equals(line.get("seed"))
          && Json.write(line.get("settings")).equals(wanted)) {
        Map<String, Object> found = new LinkedHashMap<>();
        line.forEach((key, value) -> found.put(String.valueOf(key), value));
        return found;
      }
    }
    return null;
  }

  /**
   * Whether a line would be the wanted one if it said of which images it is; early ones do not, and
   * may be of any.
   */
  public boolean hasWithoutData(long seed, Map<String, Object> settings) {
    Map<String, Object> early = new LinkedHashMap<>(settings);
    early.keySet().removeAll(List.of(SOURCE_DATA, TARGET_DATA));
    return find(seed, early) != null;
  }

  /** Appends a line. */
  public void add(Map<String, Object> result) {
    file.append(result);
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
