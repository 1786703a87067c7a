package dev.cogan.cli;

import dev.cogan.engine.train.StepStats;
import java.util.Locale;

/**
 * How a training goes, at most 80 columns: at a terminal a live line with a bar, in a log a line
 * every few seconds.
 */
final class Progress {
  /** Who reads. */
  enum Mode {
    /** A live line at a terminal, else a log. */
    AUTO,
    /** One line that is drawn again and again. */
    LIVE,
    /** A line now and then. */
    LOG,
    /** Nothing but messages. */
    NONE
  }

  private static final double FIRST_INTERVAL = 2;
  private static final double LAST_INTERVAL = 20;
  private static final double SLOWING = 1.3;
  private static final double LIVE_INTERVAL = 0.25;
  private static final double LARGE_LOSS = 1000;
  private static final int BAR = 15;

  private final RunLog log;
  private final Mode mode;
  private final long startNanos = System.nanoTime();
  private final double secondsBefore;
  private final long firstStep;
  private final long lastStep;
  private final int imagesPerStep;
  private double nextTick = FIRST_INTERVAL;
  private double interval = FIRST_INTERVAL;
  private double nextLive;

  /**
   * @param secondsBefore what earlier runs of this training took
   * @param imagesPerStep real images in one step, all domains together
   */
  Progress(
      RunLog log,
      Mode mode,
      double secondsBefore,
      long firstStep,
      long lastStep,
      int imagesPerStep) {
    this.log = log;
    this.mode = mode == Mode.AUTO ? (Terminal.watched() ? Mode.LIVE : Mode.LOG) : mode;
    this.secondsBefore = secondsBefore;
    this.firstStep = firstStep;
    this.lastStep = lastStep;
    this.imagesPerStep = imagesPerStep;
  }

  /** Seconds since the start of this run. */
  double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /** Seconds of training, earlier runs included. */
  double totalSeconds() {
    return secondsBefore + seconds();
  }

  void step(long step, StepStats stats) {
    double seconds = seconds();
    double perStep = seconds / (step - firstStep);
    boolean last = step == lastStep;
    if (mode == Mode.LIVE && (seconds >= nextLive || last)) {
      nextLive = seconds + LIVE_INTERVAL;
      log.live(live(step, lastStep, stats, imagesPerStep / perStep, perStep * (lastStep - step)));
    }
    if (seconds < nextTick && !last) {
      return;
    }
    interval = Math.min(LAST_INTERVAL, interval * SLOWING);
    nextTick = seconds + interval;
    String line = tick(step, lastStep, stats, imagesPerStep / perStep, perStep * (lastStep - step));
    if (mode == Mode.LOG) {
      log.println(line);
    } else {
      log.toFile(line);
    }
  }

  static String tick(long step, long lastStep, StepStats stats, double images, double left) {
    return String.format(
        Locale.ROOT,
        "step %6d/%d  loss D %s G %s  D right %2.0f%%  %4.0f img/s  %s left",
        step,
        lastStep,
        loss(stats.discriminatorLoss(), 3),
        loss(stats.generatorLoss(), 3),
        100 * stats.accuracy(),
        images,
        duration(left));
  }

  static String live(long step, long lastStep, StepStats stats, double images, double left) {
    int done = (int) (BAR * step / Math.max(1, lastStep));
    Runtime runtime = Runtime.getRuntime();
    String line =
        String.format(
            Locale.ROOT,
            "[%s%s] %d/%d D %s G %s right %.0f%% %.0f img/s %s %dM",
            "=".repeat(done),
            " ".repeat(BAR - done),
            step,
            lastStep,
            loss(stats.discriminatorLoss(), 2),
            loss(stats.generatorLoss(), 2),
            100 * stats.accuracy(),
            images,
            duration(left),
            Machine.mebibytes(runtime.totalMemory() - runtime.freeMemory()));
    return line.length() < 80 ? line : line.substring(0, 79);
  }

  /** A training that goes wrong has losses of many digits; they must leave room for the rest. */
  static String loss(double value, int digits) {
    String format = Math.abs(value) < LARGE_LOSS ? "%." + digits + "f" : "%.1e";
    return String.format(Locale.ROOT, format, value);
  }

  /** For example {@code 2:05} or {@code 3:12:40}. */
  static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
