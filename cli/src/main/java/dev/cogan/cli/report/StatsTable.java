package dev.cogan.cli.report;

import dev.cogan.cli.text.JsonLines;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of a {@code .jsonl} file as columns, one row per line, in the order of the steps.
 * Values that a line does not have are NaN. A line whose step is not above its predecessor's (a
 * training that was set back) replaces the lines from that step on. Lines of more than {@value
 * #MAX_LINE} characters, and those beyond {@value #MAX_ROWS}, are left out and counted.
 */
public final class StatsTable {
  private static final String STEP = "step";
  private static final String SECONDS = "seconds";
  private static final int MAX_COLUMNS = 64;
  private static final int MAX_ROWS = 1_000_000;
  private static final int MAX_LINE = 100_000;

  private final Map<String, Integer> columns = new LinkedHashMap<>();
  private final List<double[]> rows = new ArrayList<>();
  private int skipped;
  private int averaged = 1;

  private StatsTable() {
    columns.put(STEP, 0);
  }

  /** Reads a file; a missing file is an empty table, lines that are not JSON are counted. */
  public static StatsTable read(Path path) {
    StatsTable table = new StatsTable();
    if (!Files.exists(path)) {
      return table;
    }
    if (!Files.isRegularFile(path)) {
      throw new InputException(path + ": not a regular file, expected lines of numbers");
    }
    // Not Files.newBufferedReader, which ends at bytes that are no UTF-8: they cost a line only.
    try (Reader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8))) {
      for (String line = line(reader); line != null; line = line(reader)) {
        if (!line.isBlank()) {
          table.add(JsonLines.unmarked(line));
        }
      }
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
    return table;
  }

  /** The next line, or null; of one that is too long so much that this shows. */
  private static String line(Reader reader) throws IOException {
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    StringBuilder line = new StringBuilder();
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() <= MAX_LINE) {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private void add(String line) {
    Object value;
    if (line.length() > MAX_LINE || rows.size() >= MAX_ROWS) {
      skipped++;
      return;
    }
    try {
      value = Json.parse(line, "line");
    } catch (InputException e) {
      skipped++;
      return;
    }
    if (!(value instanceof Map<?, ?> map) || !(map.get(STEP) instanceof Long step)) {
      skipped++;
      return;
    }
    while (!rows.isEmpty() && rows.get(rows.size() - 1)[0] >= step) {
      rows.remove(rows.size() - 1);
    }
    double[] row = new double[columns.size()];
    Arrays.fill(row, Double.NaN);
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getValue() instanceof Number number) {
        Integer column = column(String.valueOf(entry.getKey()));
        if (column == null) {
          continue;
        }
        if (column >= row.length) {
          int old = row.length;
          row = Arrays.copyOf(row, column + 1);
          Arrays.fill(row, old, row.length, Double.NaN);
        }
        row[column] = number.doubleValue();
      }
    }
    rows.add(row);
  }

  private Integer column(String name) {
    Integer known = columns.get(name);
    if (known == null && columns.size() < MAX_COLUMNS) {
      known = columns.size();
      columns.put(name, known);
    }
    return known;
  }

  /**
   * Reduces the rows to at most {@code most} by averaging neighbours; step and seconds are those of
   * the last of them.
   */
  public StatsTable thin(int most) {
    int bucket = (rows.size() + most - 1) / Math.max(1, most);
    if (bucket <= 1) {
      return this;
    }
    StatsTable thin = new StatsTable();
    thin.columns.putAll(columns);
    thin.skipped = skipped;
    thin.averaged = bucket;
    for (int from = 0; from < rows.size(); from += bucket) {
      thin.rows.add(mean(rows.subList(from, Math.min(rows.size(), from + bucket))));
    }
    return thin;
  }

  private double[] mean(List<double[]> some) {
    double[] sum = new double[columns.size()];
    int[] count = new int[columns.size()];
    for (double[] row : some) {
      for (int c = 0; c < row.length; c++) {
        if (!Double.isNaN(row[c])) {
          sum[c] += row[c];
          count[c]++;
        }
      }
    }
    for (int c = 0; c < sum.length; c++) {
      sum[c] /= count[c]; // 0 / 0 is NaN: no row has a value
    }
    double[] last = some.get(some.size() - 1);
    sum[0] = last[0];
    Integer seconds = columns.get(SECONDS);
    if (seconds != null && seconds < last.length) {
      sum[seconds] = last[seconds];
    }
    return sum;
  }

  /** Number of rows. */
  public int size() {
    return rows.size();
  }

  /** Lines that were no JSON object with a step. */
  public int skipped() {
    return skipped;
  }

  /** How many lines of the file one row is the average of. */
  public int averaged() {
    return averaged;
  }

  /** The last row's step, 0 without rows. */
  public long lastStep() {
    return rows.isEmpty() ? 0 : (long) rows.get(rows.size() - 1)[0];
  }

  /** Columns by name, as JSON values: numbers, and null where there is none. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          List<Object> values = new ArrayList<>(rows.size());
          for (double[] row : rows) {
            values.add(column < row.length ? number(row[column]) : null);
          }
          json.put(name, values);
        });
    return json;
  }

  /** Integers without a fraction, others with the seven digits of a float. */
  private static Object number(double value) {
    if (!Double.isFinite(value)) {
      return null;
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? (Object) (long) value
        : (Object) (float) value;
  }
}
