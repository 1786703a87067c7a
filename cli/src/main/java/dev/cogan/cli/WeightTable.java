package dev.cogan.cli;

import dev.cogan.cli.export.WeightImport;
import dev.cogan.cli.text.Wrap;
import dev.cogan.engine.io.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of every tensor of a file that weights are taken from. */
final class WeightTable {
  private WeightTable() {}

  /** As text of at most 80 columns for usual names, with totals at the end. */
  static List<String> lines(List<WeightImport.Row> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%-33s %-17s %-17s", "tensor", "model", "file").strip());
    Map<WeightImport.Fate, Integer> counts = new LinkedHashMap<>();
    for (WeightImport.Row row : rows) {
      counts.merge(row.fate(), 1, Integer::sum);
      String line =
          String.format(
              Locale.ROOT,
              "%-33s %-17s %-17s",
              InputException.oneLine(row.name()),
              row.expected() == null ? "-" : row.expected(),
              row.found() == null ? "-" : row.found());
      String fate = row.fate().words();
      if (line.length() + 1 + fate.length() <= Wrap.COLUMNS) {
        lines.add(line + " " + fate);
      } else {
        lines.add(line);
        lines.add("    " + fate);
      }
    }
    List<String> totals = new ArrayList<>();
    counts.forEach((fate, count) -> totals.add(count + " " + fate.words()));
    lines.add(String.join(", ", totals));
    return lines;
  }

  /** As JSON values. */
  static List<Object> toJson(List<WeightImport.Row> rows) {
    List<Object> tensors = new ArrayList<>();
    for (WeightImport.Row row : rows) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("name", row.name());
      item.put("model", row.expected() == null ? null : row.expected().toString());
      item.put("file", row.found());
      item.put("fate", row.fate().name().toLowerCase(Locale.ROOT));
      tensors.add(item);
    }
    return tensors;
  }
}
