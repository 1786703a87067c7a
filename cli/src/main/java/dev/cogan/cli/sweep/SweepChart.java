package dev.cogan.cli.sweep;

import dev.cogan.engine.io.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * An SVG picture of a sweep: agreement against k (mean over l and seeds) on the left, against l (at
 * the largest k) on the right, one curve per task and settings, with 95 % intervals of the mean and
 * every single training as a dot. Broken lines are the chance level and what a blank image has.
 * Below is the same of the label agreement, without which that of pixels means nothing, where the
 * lines have it.
 */
public final class SweepChart {
  private static final int WIDTH = 360;
  private static final int ROW = 300;
  private static final int LEFT = 56;
  private static final int TOP = 34;
  private static final int PLOT_WIDTH = WIDTH - LEFT - 16;
  private static final int PLOT_HEIGHT = ROW - TOP - 62;
  private static final int LEGEND_LINE = 18;
  private static final List<String> COLOURS =
      List.of(
          "#0b6e99", "#c4541a", "#4c8b2b", "#7a4fa3", "#b08a00", "#a8325e", "#3b3b3b", "#35a79c");

  private final List<SweepSeries> series;
  private final List<Map<?, ?>> lines;
  private final int largest;
  private final StringBuilder svg = new StringBuilder();

  /** What stands on the axis that goes up. */
  private record Axis(String title, Function<Map<?, ?>, Double> figure, double low, double high) {
    double step() {
      double range = high - low;
      return range > 0.5 ? 0.2 : range > 0.25 ? 0.1 : range > 0.12 ? 0.04 : 0.02;
    }
  }

  private SweepChart(List<Map<?, ?>> all) {
    lines =
        all.stream()
            .filter(line -> "cogan".equals(line.get("algorithm")))
            .filter(line -> Double.isFinite(SweepTable.agreement(line)))
            .toList();
    series = SweepSeries.of(lines);
    largest = lines.stream().mapToInt(line -> SweepTable.number(line, "k")).max().orElse(0);
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
    boolean labelled = lines.stream().anyMatch(line -> Double.isFinite(SweepTable.labels(line)));
    // Short names stand side by side, as far as there is room; long ones one below the other.
    boolean listed = series.size() > 4 || series.stream().anyMatch(SweepSeries::isLong);
    int legend = listed ? LEGEND_LINE * (series.size() - 1) : 0;
    int height = legend + (labelled ? 2 * ROW - TOP + 14 : ROW);
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">",
        2 * WIDTH, height, 2 * WIDTH, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", 2 * WIDTH, height);
    for (int s = 0; s < series.size(); s++) {
      int x = listed ? LEFT : LEFT + 150 * s;
      int y = listed ? 14 + LEGEND_LINE * s : 14;
      add("<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"%s\"/>", x, y, colour(s));
      add("<text x=\"%d\" y=\"%d\">%s</text>", x + 10, y + 4, series.get(s).name());
    }
    row(legend, agreementAxis(), true);
    if (labelled) {
      row(legend + ROW - 20, new Axis("label agreement", SweepTable::labels, 0, 1), false);
    }
    add("</svg>");
    return svg.toString();
  }

  private Axis agreementAxis() {
    double least = lines.stream().mapToDouble(SweepTable::agreement).min().orElse(0.9);
    double most = lines.stream().mapToDouble(SweepTable::agreement).max().orElse(1.0);
    for (SweepSeries each : series) {
      for (double level : each.levels()) {
        least = Math.min(least, level);
        most = Math.max(most, level);
      }
    }
    double low = Math.floor(least * 50) / 50;
    double high = Math.max(low + 0.02, Math.ceil(most * 50) / 50);
    return new Axis("pixel agreement, binarised", SweepTable::agreement, low, high);
  }

  private void row(int top, Axis axis, boolean levels) {
    new Panel(0, top, axis, levels, line -> SweepTable.number(line, "k"))
        .draw("shared generator layers k");
    new Panel(
            WIDTH,
            top,
            axis,
            levels,
            line -> SweepTable.number(line, "k") == largest ? SweepTable.number(line, "l") : null)
        .draw("shared discriminator layers l (k = " + largest + ")");
  }

  private static String colour(int series) {
    return COLOURS.get(series % COLOURS.size());
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** One figure against k or l. */
  private final class Panel {
    private final int x0;
    private final int y0;
    private final Axis axis;
    private final boolean levels;
    private final Function<Map<?, ?>, Integer> position;
    private final TreeSet<Integer> ticks = new TreeSet<>();
    private final int last;

    Panel(int x0, int top, Axis axis, boolean levels, Function<Map<?, ?>, Integer> position) {
      this.x0 = x0;
      this.y0 = top + TOP;
      this.axis = axis;
      this.levels = levels;
      this.position = position;
      for (Map<?, ?> line : lines) {
        Integer at = position.apply(line);
        if (at != null) {
          ticks.add(at);
        }
      }
      last = ticks.isEmpty() ? 1 : Math.max(1, ticks.last());
    }

    void draw(String title) {
      for (double y = axis.low; y <= axis.high + 1e-9; y += axis.step()) {
        add(
            "<path d=\"M%d %.1f h%d\" stroke=\"#ddd\"/>"
                + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>",
            x0 + LEFT, y(y), PLOT_WIDTH, x0 + LEFT - 6, y(y) + 4, y);
      }
      for (int tick : ticks) {
        add(
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
            x(tick, 0), y0 + PLOT_HEIGHT + 18, tick);
      }
      add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x0 + LEFT + PLOT_WIDTH / 2, y0 + PLOT_HEIGHT + 40, title);
      add(
          "<text transform=\"translate(%d %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
          x0 + 13, y0 + PLOT_HEIGHT / 2, axis.title);
      for (int s = 0; s < series.size(); s++) {
        curve(s);
      }
    }

    private void curve(int s) {
      double shift = 5.0 * s - 2.5 * (series.size() - 1);
      if (levels) {
        for (double level : series.get(s).levels()) {
          add(
              "<path d=\"M%d %.1f h%d\" stroke=\"%s\" stroke-dasharray=\"2 4\"/>",
              x0 + LEFT, y(level), PLOT_WIDTH, colour(s));
        }
      }
      Map<Integer, Summary> points = SweepTable.by(series.get(s).lines(), position, axis.figure);
      StringBuilder path = new StringBuilder();
      points.forEach(
          (at, summary) -> {
            double x = x(at, shift);
            path.append(path.isEmpty() ? "M" : " L");
            path.append(String.format(Locale.ROOT, "%.1f %.1f", x, y(summary.mean())));
            for (double value : summary.sorted()) {
              add(
                  "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"%s\" opacity=\"0.35\"/>",
                  x, y(value), colour(s));
            }
            if (Double.isFinite(summary.halfInterval())) {
              double top = y(Math.min(axis.high, summary.mean() + summary.halfInterval()));
              double bottom = y(Math.max(axis.low, summary.mean() - summary.halfInterval()));
              add(
                  "<path d=\"M%.1f %.1f V%.1f\" stroke=\"%s\" stroke-width=\"1.5\"/>",
                  x, top, bottom, colour(s));
            }
            add(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>",
                x, y(summary.mean()), colour(s));
          });
      add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", path, colour(s));
    }

    private double x(int at, double shift) {
      return x0 + LEFT + 16 + (PLOT_WIDTH - 32.0) * at / last + shift;
    }

    private double y(double value) {
      return y0 + PLOT_HEIGHT * (axis.high - value) / (axis.high - axis.low);
    }
  }
}
