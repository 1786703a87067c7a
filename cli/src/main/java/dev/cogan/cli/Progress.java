package dev.cogan.cli;

import dev.cogan.engine.train.StepStats;
import java.io.PrintWriter;
import java.util.Locale;

/** The status line: one line every few seconds, at most 80 columns. */
final class Progress {
  private static final double FIRST_INTERVAL = 2;
  private static final double LAST_INTERVAL = 20;
  private static final double SLOWING = 1.3;

  private final PrintWriter err;
  private final long startNanos = System.nanoTime();
  private final long firstStep;
  private final long lastStep;
  private final int imagesPerStep;
  private double nextTick = FIRST_INTERVAL;
  private double interval = FIRST_INTERVAL;

  /**
   * @param imagesPerStep real images in one step, all domains together
   */
  Progress(PrintWriter err, long firstStep, long lastStep, int imagesPerStep) {
    this.err = err;
    this.firstStep = firstStep;
    this.lastStep = lastStep;
    this.imagesPerStep = imagesPerStep;
  }

  /** Seconds since the start of this run. */
  double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  void step(long step, StepStats stats) {
    double seconds = seconds();
    if (seconds < nextTick && step != lastStep) {
      return;
    }
    interval = Math.min(LAST_INTERVAL, interval * SLOWING);
    nextTick = seconds + interval;
    double perStep = seconds / (step - firstStep);
    err.println(
        String.format(
            Locale.ROOT,
            "step %6d/%d  loss D %.3f G %.3f  D right %2.0f%%  %4.0f img/s  %s left",
            step,
            lastStep,
            stats.discriminatorLoss(),
            stats.generatorLoss(),
            100 * stats.accuracy(),
            imagesPerStep / perStep,
            duration(perStep * (lastStep - step))));
  }

  /** For example {@code 2:05} or {@code 3:12:40}. */
  static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
