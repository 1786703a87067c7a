package dev.cogan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The picture of a {@link Roofline}, with logarithmic axes. Its colours are of medium lightness and
 * there is no background, so that it can be read on light and on dark pages.
 */
final class RooflineChart {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 540;
  private static final int LEFT = 64;
  private static final int RIGHT = 24;
  private static final int TOP = 60;
  private static final int BOTTOM = 82;
  private static final double X_MIN = 0.1;
  private static final double Y_MIN = 1;
  private static final String INK = "#7d8590";
  private static final String[] COLOURS = {"#d97706", "#3b82f6", "#16a34a", "#d6409f", "#8b5cf6"};

  /**
   * One kernel.
   *
   * @param name what it is
   * @param family which kernels it belongs to: a colour
   * @param intensity operations per byte that has to be moved
   * @param rate GFLOP/s
   */
  record Point(String name, String family, double intensity, double rate) {}

  private final double largestX;
  private final double largestY;

  private RooflineChart(double largestX, double largestY) {
    this.largestX = largestX;
    this.largestY = largestY;
  }

  /**
   * The picture as a text.
   *
   * @param where machine and day
   */
  static String svg(String where, int threads, double peak, double bandwidth, List<Point> points) {
    double intensity = peak / bandwidth;
    double rate = peak;
    for (Point point : points) {
      intensity = Math.max(intensity, point.intensity);
      rate = Math.max(rate, point.rate);
    }
    return new RooflineChart(powerOfTen(intensity), powerOfTen(rate))
        .draw(where, threads, peak, bandwidth, points);
  }

  /** The next one above, at least 1000: pictures of most machines compare at a glance. */
  private static double powerOfTen(double value) {
    return Math.max(1000, Math.pow(10, Math.floor(Math.log10(value)) + 1));
  }

  private String draw(
      String where, int threads, double peak, double bandwidth, List<Point> points) {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\" fill=\"%s\">",
        WIDTH,
        HEIGHT,
        INK);
    add(svg, "<title>Roofline: kernels with %d threads, %s</title>", threads, escape(where));
    text(svg, WIDTH - RIGHT, HEIGHT - 10, "end", "%s", escape(where));
    axes(svg);
    double ridge = peak / bandwidth;
    add(
        svg,
        "<path d=\"M%.1f %.1f L%.1f %.1f L%.1f %.1f\" fill=\"none\" stroke=\"%s\""
            + " stroke-width=\"2.5\"/>",
        x(Y_MIN / bandwidth > X_MIN ? Y_MIN / bandwidth : X_MIN),
        y(Math.max(Y_MIN, X_MIN * bandwidth)),
        x(ridge),
        y(peak),
        x(largestX),
        y(peak),
        INK);
    text(svg, x(largestX), y(peak) - 8, "end", "peak %.0f GFLOP/s (%d threads)", peak, threads);
    text(svg, x(0.5), y(0.5 * bandwidth) - 14, "end", "memory %.0f GB/s", bandwidth);
    List<String> families = new ArrayList<>();
    for (Point point : points) {
      if (!families.contains(point.family)) {
        families.add(point.family);
      }
      add(
          svg,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\" fill-opacity=\"0.75\">"
              + "<title>%s: %.1f GFLOP/s at %.2f FLOP per byte</title></circle>",
          x(point.intensity),
          y(point.rate),
          colour(families, point),
          point.name,
          point.rate,
          point.intensity);
    }
    int at = LEFT;
    for (int i = 0; i < families.size(); i++) {
      add(svg, "<circle cx=\"%d\" cy=\"28\" r=\"5\" fill=\"%s\"/>", at, COLOURS[i]);
      text(svg, at + 11, 32.5, "start", "%s", families.get(i));
      at += 34 + 7 * families.get(i).length();
    }
    add(svg, "</svg>");
    return svg.toString();
  }

  private static String colour(List<String> families, Point point) {
    return COLOURS[families.indexOf(point.family) % COLOURS.length];
  }

  private void axes(StringBuilder svg) {
    for (double value = X_MIN; value <= largestX * 1.01; value *= 10) {
      line(svg, x(value), TOP, x(value), HEIGHT - BOTTOM);
      text(svg, x(value), HEIGHT - BOTTOM + 20, "middle", value < 1 ? "%.1f" : "%.0f", value);
    }
    for (double value = Y_MIN; value <= largestY * 1.01; value *= 10) {
      line(svg, LEFT, y(value), WIDTH - RIGHT, y(value));
      text(svg, LEFT - 8, y(value) + 4.5, "end", "%.0f", value);
    }
    text(
        svg,
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 34,
        "middle",
        "floating-point operations per byte that a kernel must move");
    add(
        svg,
        "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">GFLOP/s</text>",
        (TOP + HEIGHT - BOTTOM) / 2);
  }

  private void line(StringBuilder svg, double x0, double y0, double x1, double y1) {
    add(
        svg,
        "<path d=\"M%.1f %.1f L%.1f %.1f\" stroke=\"%s\" stroke-opacity=\"0.3\"/>",
        x0,
        y0,
        x1,
        y1,
        INK);
  }

  private void text(
      StringBuilder svg, double x, double y, String anchor, String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    add(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  private double x(double intensity) {
    double share = Math.log(intensity / X_MIN) / Math.log(largestX / X_MIN);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private double y(double rate) {
    double share = Math.log(rate / Y_MIN) / Math.log(largestY / Y_MIN);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
