package dev.cogan.cli.sweep;

import dev.cogan.cli.text.Wrap;
import dev.cogan.engine.io.InputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Groups the lines of a {@link SweepLog} and sums them up. */
public final class SweepTable {
  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-22s %-17s %4s %7s %6s %7s %10s",
          "",
          "agreement",
          "runs",
          "chance",
          "blank",
          "labels",
          "classes %");

  private SweepTable() {}

  /** The binarised agreement of a line; NaN of a training that diverged. */
  public static double agreement(Map<?, ?> line) {
    return figure(line, "agreement", "binarised");
  }

  /** The share of a line's pairs that show one digit; NaN if the line does not say. */
  public static double labels(Map<?, ?> line) {
    return figure(line, "labels", "agreement");
  }

  /**
   * A share in an object of a line, or NaN: other numbers are none, and no axis could hold them.
   */
  static double figure(Map<?, ?> line, String object, String key) {
    double share =
        line.get(object) instanceof Map<?, ?> map && map.get(key) instanceof Number number
            ? number.doubleValue()
            : Double.NaN;
    return share >= 0 && share <= 1 ? share : Double.NaN;
  }

  /** A whole number of a line, or -1. */
  public static int number(Map<?, ?> line, String key) {
    return line.get(key) instanceof Number number ? number.intValue() : -1;
  }

  /** What a training came to, in a line of text. */
  public static String reading(Map<?, ?> line) {
    if (!Double.isFinite(agreement(line))) {
      return "none: " + line.get("diverged");
    }
    String text =
        String.format(
            Locale.ROOT,
            "%.4f (chance %.3f, blank %.3f)",
            agreement(line),
            figure(line, "chance", "binarised"),
            figure(line, "blank", "binarised"));
    return Double.isFinite(labels(line))
        ? text
            + String.format(
                Locale.ROOT,
                ", labels %.3f, classes %.1f to %.1f %%",
                labels(line),
                100 * figure(line, "labels", "rarest"),
                100 * figure(line, "labels", "most_frequent"))
        : text;
  }

  /** A figure by the key that {@code group} gives a line; null leaves it out. */
  static <K extends Comparable<K>> Map<K, Summary> by(
      List<Map<?, ?>> lines, Function<Map<?, ?>, K> group, Function<Map<?, ?>, Double> figure) {
    Map<K, Summary> groups = new TreeMap<>();
    for (Map<?, ?> line : lines) {
      K key = group.apply(line);
      double value = figure.apply(line);
      if (key != null && Double.isFinite(value)) {
        groups.computeIfAbsent(key, none -> new Summary()).add(value);
      }
    }
    return groups;
  }

  /** What may be averaged, settings in the order of the lines, each with its runs in order. */
  public static List<SweepCell> cells(List<Map<?, ?>> lines) {
    Map<SweepSettings, Map<String, SweepCell>> all = new LinkedHashMap<>();
    for (Map<?, ?> line : lines) {
      if (Double.isFinite(agreement(line))) {
        all.computeIfAbsent(SweepSettings.of(line), none -> new TreeMap<>())
            .computeIfAbsent(SweepCell.run(line), none -> new SweepCell(line))
            .add(line);
      }
    }
    List<SweepCell> cells = new ArrayList<>();
    all.values().forEach(runs -> cells.addAll(runs.values()));
    return cells;
  }

  /** The settings of some cells. */
  public static Set<SweepSettings> settings(Collection<SweepCell> cells) {
    Set<SweepSettings> settings = new LinkedHashSet<>();
    cells.forEach(cell -> settings.add(cell.settings()));
    return settings;
  }

  /** The cells as a table for a screen, in parts of equal settings. */
  public static List<String> text(List<SweepCell> cells) {
    List<String> text = new ArrayList<>();
    Set<SweepSettings> all = settings(cells);
    for (SweepSettings settings : all) {
      text.addAll(Wrap.lines(InputException.oneLine(settings.name(all)), Wrap.COLUMNS));
      text.add(HEAD);
      cells.stream()
          .filter(cell -> cell.settings().equals(settings))
          .forEach(cell -> text.add(InputException.oneLine(cell.row())));
    }
    return text;
  }
}
