package dev.cogan.cli.sweep;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Groups the lines of a {@link SweepLog} and sums them up. */
public final class SweepTable {
  private SweepTable() {}

  /** The binarised agreement of a line. */
  public static double agreement(Map<?, ?> line) {
    if (line.get("agreement") instanceof Map<?, ?> map
        && map.get("binarised") instanceof Number number) {
      return number.doubleValue();
    }
    return Double.NaN;
  }

  /** A whole number of a line, or -1. */
  public static int number(Map<?, ?> line, String key) {
    return line.get(key) instanceof Number number ? number.intValue() : -1;
  }

  /** Agreement by the key that {@code group} gives a line; null leaves it out. */
  public static <K extends Comparable<K>> Map<K, Summary> by(
      List<Map<?, ?>> lines, Function<Map<?, ?>, K> group) {
    Map<K, Summary> groups = new TreeMap<>();
    for (Map<?, ?> line : lines) {
      K key = group.apply(line);
      double value = agreement(line);
      if (key != null && Double.isFinite(value)) {
        groups.computeIfAbsent(key, none -> new Summary()).add(value);
      }
    }
    return groups;
  }

  /** Task, algorithm and sharing of a line, with its net and length: what may be averaged. */
  public static String cell(Map<?, ?> line) {
    String sharing =
        "cogan".equals(line.get("algorithm")) ? " k=" + line.get("k") + " l=" + line.get("l") : "";
    return line.get("task")
        + " "
        + line.get("algorithm")
        + sharing
        + " "
        + line.get("widths")
        + " x "
        + line.get("steps")
        + penalty(line)
        + digits(line);
  }

  /** Nor are those with other digits than the jar's. */
  private static String digits(Map<?, ?> line) {
    return line.get("data") instanceof String data && !data.equals("jar") ? " of " + data : "";
  }

  /** Trainings with and without the penalty are not averaged together. */
  private static String penalty(Map<?, ?> line) {
    return line.get("training") instanceof Map<?, ?> training && training.get("r1") != null
        ? " r1 " + training.get("r1")
        : "";
  }
}
