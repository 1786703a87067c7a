package dev.cogan.cli.sweep;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Trainings that differ in their seed only: the agreement, and what it means nothing without.
 *
 * @param run task, algorithm and sharing
 * @param settings all else
 * @param agreement pixel agreement, binarised
 * @param chance that of unrelated real images
 * @param blank that of an empty first image
 * @param labels share of the pairs that show the same digit; empty where no line says it
 * @param rarest share of the rarest digit, by training
 * @param mostFrequent share of the most frequent one
 */
public record SweepCell(
    String run,
    SweepSettings settings,
    Summary agreement,
    Summary chance,
    Summary blank,
    Summary labels,
    Summary rarest,
    Summary mostFrequent) {

  SweepCell(Map<?, ?> line) {
    this(
        run(line),
        SweepSettings.of(line),
        new Summary(),
        new Summary(),
        new Summary(),
        new Summary(),
        new Summary(),
        new Summary());
  }

  static String run(Map<?, ?> line) {
    String sharing =
        "cogan".equals(line.get("algorithm")) ? " k=" + line.get("k") + " l=" + line.get("l") : "";
    return line.get("task") + " " + line.get("algorithm") + sharing;
  }

  void add(Map<?, ?> line) {
    agreement.add(SweepTable.agreement(line));
    add(chance, SweepTable.figure(line, "chance", "binarised"));
    add(blank, SweepTable.figure(line, "blank", "binarised"));
    add(labels, SweepTable.labels(line));
    add(rarest, SweepTable.figure(line, "labels", "rarest"));
    add(mostFrequent, SweepTable.figure(line, "labels", "most_frequent"));
  }

  private static void add(Summary summary, double value) {
    if (Double.isFinite(value)) {
      summary.add(value);
    }
  }

  /** The smallest share of a digit in any of the trainings; NaN if none is known. */
  public double least() {
    return rarest.count() == 0 ? Double.NaN : rarest.sorted().get(0);
  }

  /** The largest one. */
  public double most() {
    int n = mostFrequent.count();
    return n == 0 ? Double.NaN : mostFrequent.sorted().get(n - 1);
  }

  /**
   * What {@code --json} prints of it.
   *
   * @param among the settings of all cells, from which those of this one are told apart
   */
  public Map<String, Object> toJson(Set<SweepSettings> among) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("cell", run + " " + settings.name(among));
    item.put("settings", settings.values());
    item.put("runs", agreement.count());
    item.put("mean", agreement.mean());
    item.put("deviation", agreement.deviation());
    putIfKnown(item, "half_interval_95", agreement.halfInterval());
    putIfKnown(item, "chance", chance.mean());
    putIfKnown(item, "blank", blank.mean());
    putIfKnown(item, "labels", labels.mean());
    putIfKnown(item, "rarest", least());
    putIfKnown(item, "most_frequent", most());
    return item;
  }

  private static void putIfKnown(Map<String, Object> item, String name, double value) {
    if (Double.isFinite(value)) {
      item.put(name, value);
    }
  }

  /** A row of {@link SweepTable#HEAD}. */
  String row() {
    String interval =
        Double.isFinite(agreement.halfInterval())
            ? String.format(Locale.ROOT, " +- %.4f", agreement.halfInterval())
            : "";
    return String.format(
        Locale.ROOT,
        "%-22s %-17s %4d %7s %6s %7s %10s",
        run,
        String.format(Locale.ROOT, "%.4f", agreement.mean()) + interval,
        agreement.count(),
        mean(chance),
        mean(blank),
        mean(labels),
        rarest.count() == 0
            ? "-"
            : String.format(Locale.ROOT, "%.1f-%.1f", 100 * least(), 100 * most()));
  }

  private static String mean(Summary summary) {
    return summary.count() == 0 ? "-" : String.format(Locale.ROOT, "%.3f", summary.mean());
  }
}
