package dev.cogan.cli.sweep;

import dev.cogan.engine.io.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * An SVG picture of a sweep: agreement against k (mean over l and seeds) on the left, against l (at
 * the largest k) on the right, one line per task, with 95 % intervals of the mean and every single
 * training as a dot.
 */
public final class SweepChart {
  private static final int WIDTH = 360;
  private static final int HEIGHT = 300;
  private static final int LEFT = 56;
  private static final int TOP = 34;
  private static final int PLOT_WIDTH = WIDTH - LEFT - 16;
  private static final int PLOT_HEIGHT = HEIGHT - TOP - 62;
  private static final List<String> COLOURS = List.of("#0b6e99", "#c4541a", "#4c8b2b", "#7a4fa3");

  private final List<Map<?, ?>> lines;
  private final List<String> tasks;
  private final double low;
  private final double high;
  private final StringBuilder svg = new StringBuilder();

  private SweepChart(List<Map<?, ?>> all) {
    lines =
        all.stream()
            .filter(line -> "cogan".equals(line.get("algorithm")))
            .filter(line -> Double.isFinite(SweepTable.agreement(line)))
            .toList();
    TreeSet<String> names = new TreeSet<>();
    lines.forEach(line -> names.add(String.valueOf(line.get("task"))));
    tasks = new ArrayList<>(names);
    double least = lines.stream().mapToDouble(SweepTable::agreement).min().orElse(0.9);
    double most = lines.stream().mapToDouble(SweepTable::agreement).max().orElse(1.0);
    low = Math.floor(least * 50) / 50;
    high = Math.max(low + 0.02, Math.ceil(most * 50) / 50);
  }

  /** Draws the trainings of a log and writes the picture. */
  public static void write(Path file, List<Map<?, ?>> lines) {
    AtomicFile.write(file, of(lines).getBytes(StandardCharsets.UTF_8));
  }

  /** The picture's text. */
  public static String of(List<Map<?, ?>> lines) {
    return new SweepChart(lines).draw();
  }

  private String draw() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">",
        2 * WIDTH, HEIGHT, 2 * WIDTH, HEIGHT);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", 2 * WIDTH, HEIGHT);
    int largest = lines.stream().mapToInt(line -> SweepTable.number(line, "k")).max().orElse(0);
    panel(0, "shared generator layers k", line -> SweepTable.number(line, "k"));
    panel(
        WIDTH,
        "shared discriminator layers l (k = " + largest + ")",
        line -> SweepTable.number(line, "k") == largest ? SweepTable.number(line, "l") : null);
    for (int t = 0; t < tasks.size(); t++) {
      int x = LEFT + 150 * t;
      add("<circle cx=\"%d\" cy=\"14\" r=\"5\" fill=\"%s\"/>", x, colour(t));
      add("<text x=\"%d\" y=\"18\">mnist:%s</text>", x + 10, tasks.get(t));
    }
    add("</svg>");
    return svg.toString();
  }

  private static String colour(int task) {
    return COLOURS.get(task % COLOURS.size());
  }

  private void panel(int x0, String title, Function<Map<?, ?>, Integer> position) {
    TreeSet<Integer> ticks = new TreeSet<>();
    lines.forEach(
        line -> {
          Integer at = position.apply(line);
          if (at != null) {
            ticks.add(at);
          }
        });
    int last = ticks.isEmpty() ? 1 : Math.max(1, ticks.last());
    for (double y = low; y <= high + 1e-9; y += high - low > 0.12 ? 0.04 : 0.02) {
      add(
          "<path d=\"M%d %.1f h%d\" stroke=\"#ddd\"/>"
              + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>",
          x0 + LEFT, y(y), PLOT_WIDTH, x0 + LEFT - 6, y(y) + 4, y);
    }
    for (int tick : ticks) {
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
          x(x0, tick, last, 0), TOP + PLOT_HEIGHT + 18, tick);
    }
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        x0 + LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 40, title);
    add(
        "<text transform=\"translate(%d %d) rotate(-90)\" text-anchor=\"middle\">pixel agreement,"
            + " binarised</text>",
        x0 + 13, TOP + PLOT_HEIGHT / 2);
    for (int t = 0; t < tasks.size(); t++) {
      curve(x0, t, last, position);
    }
  }

  private void curve(int x0, int t, int last, Function<Map<?, ?>, Integer> position) {
    String task = tasks.get(t);
    double shift = 5.0 * t - 2.5 * (tasks.size() - 1);
    Map<Integer, Summary> points =
        SweepTable.by(lines, line -> task.equals(line.get("task")) ? position.apply(line) : null);
    StringBuilder path = new StringBuilder();
    points.forEach(
        (at, summary) -> {
          double x = x(x0, at, last, shift);
          path.append(path.isEmpty() ? "M" : " L");
          path.append(String.format(Locale.ROOT, "%.1f %.1f", x, y(summary.mean())));
          for (double value : summary.sorted()) {
            add(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"%s\" opacity=\"0.35\"/>",
                x, y(value), colour(t));
          }
          if (Double.isFinite(summary.halfInterval())) {
            double top = y(Math.min(high, summary.mean() + summary.halfInterval()));
            double bottom = y(Math.max(low, summary.mean() - summary.halfInterval()));
            add(
                "<path d=\"M%.1f %.1f V%.1f\" stroke=\"%s\" stroke-width=\"1.5\"/>",
                x, top, bottom, colour(t));
          }
          add(
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>",
              x, y(summary.mean()), colour(t));
        });
    add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", path, colour(t));
  }

  private static double x(int x0, int at, int last, double shift) {
    return x0 + LEFT + 16 + (PLOT_WIDTH - 32.0) * at / last + shift;
  }

  private double y(double value) {
    return TOP + PLOT_HEIGHT * (high - value) / (high - low);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
