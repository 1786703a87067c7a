package dev.cogan.cli.sweep;

import dev.cogan.engine.io.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The trainings of one task and one setting: a curve of a {@link SweepChart}.
 *
 * @param name in the legend, safe within SVG
 * @param lines of the log
 */
record SweepSeries(String name, List<Map<?, ?>> lines) {
  /** Characters of a name that has room beside others. */
  private static final int SHORT = 20;

  /** By task, and where a task was trained with several settings, by these. */
  static List<SweepSeries> of(List<Map<?, ?>> lines) {
    Map<String, Map<SweepSettings, List<Map<?, ?>>>> tasks = new TreeMap<>();
    for (Map<?, ?> line : lines) {
      tasks
          .computeIfAbsent(String.valueOf(line.get("task")), none -> new LinkedHashMap<>())
          .computeIfAbsent(SweepSettings.of(line), none -> new ArrayList<>())
          .add(line);
    }
    List<SweepSeries> series = new ArrayList<>();
    tasks.forEach(
        (task, bySettings) -> {
          Set<SweepSettings> all = bySettings.keySet();
          bySettings.forEach(
              (settings, some) -> {
                String which = all.size() == 1 ? "" : " " + settings.name(all);
                series.add(new SweepSeries(escaped("mnist:" + task + which), some));
              });
        });
    return series;
  }

  boolean isLong() {
    return name.length() > SHORT;
  }

  /** Mean chance and blank agreement, as far as the lines have them. */
  List<Double> levels() {
    List<Double> levels = new ArrayList<>();
    for (String level : List.of("chance", "blank")) {
      Summary summary = new Summary();
      lines.stream()
          .map(line -> SweepTable.figure(line, level, "binarised"))
          .filter(Double::isFinite)
          .forEach(summary::add);
      if (summary.count() > 0) {
        levels.add(summary.mean());
      }
    }
    return levels;
  }

  private static String escaped(String text) {
    // Control characters have no place in XML, not even escaped.
    return InputException.oneLine(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
