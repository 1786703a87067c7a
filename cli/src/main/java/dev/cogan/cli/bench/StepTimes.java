package dev.cogan.cli.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The time of a training step of presets, and what a whole training would take. */
public final class StepTimes {

  /**
   * One preset's time.
   *
   * @param workload what was measured; a batch below the preset's own is scaled up
   * @param milliseconds of the measured step, or 0 if the heap could not hold it
   * @param bytes of the training's arrays at the measured batch
   */
  public record Time(StepWorkload workload, double milliseconds, long bytes) {

    /** Milliseconds of a step at the preset's own batch. */
    public double own() {
      return milliseconds * workload.scale();
    }

    /** Seconds of a whole training. */
    public double training() {
      return own() / 1e3 * workload.preset().steps();
    }

    Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("preset", workload.preset().label());
      json.put("batch", workload.batch() * workload.scale());
      json.put("measured_batch", workload.batch());
      json.put("memory_bytes", bytes);
      if (milliseconds > 0) {
        json.put("ms", own());
        json.put("training_steps", workload.preset().steps());
        json.put("training_seconds", training());
      }
      return json;
    }
  }

  private StepTimes() {}

  /**
   * Measures one preset: at least one step to warm up and one that counts; the median of those.
   * Where the work differs from step to step, it is that of the means over a {@link
   * StepWorkload#cycle}.
   *
   * @param seconds to spend on it, half of it to warm up; more where the compiler needs more
   * @param usable bytes of the heap that may be taken
   */
  public static Time measure(StepWorkload workload, Kernels kernels, double seconds, long usable) {
    long bytes = workload.bytes();
    if (bytes > usable) {
      return new Time(workload, 0, bytes);
    }
    Trainer trainer = workload.trainer(kernels, Memory.heap(), null);
    WarmUp.run(trainer::step, WarmUp.STEP, seconds / 2);
    List<Double> times = steps(trainer, workload.cycle(), seconds / 2);
    times.sort(null);
    return new Time(workload, times.get(times.size() / 2), bytes);
  }

  /** Milliseconds of a step, as often as there is time: each a mean over a cycle of steps. */
  private static List<Double> steps(Trainer trainer, int cycle, double seconds) {
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    while (times.isEmpty() || System.nanoTime() - start < seconds * 1e9) {
      long before = System.nanoTime();
      for (int i = 0; i < cycle; i++) {
        trainer.step();
      }
      times.add((System.nanoTime() - before) / 1e6 / cycle);
    }
    return times;
  }

  /** Lines of at most 80 columns. */
  public static List<String> lines(List<Time> times) {
    List<String> lines = new ArrayList<>();
    lines.add(line("training step", "batch", "ms", "images/s", "memory", "steps", "in all"));
    boolean scaled = false;
    for (Time time : times) {
      StepWorkload workload = time.workload;
      Preset preset = workload.preset();
      boolean small = workload.scale() != 1;
      scaled |= small && time.milliseconds > 0;
      long own = Math.round(workload.batch() * workload.scale());
      String memory = format("%.0f MiB", time.bytes / 1048576.0);
      if (time.milliseconds == 0) {
        lines.add(line(preset.label(), "" + own, "heap", "too", memory, "small", ""));
        continue;
      }
      lines.add(
          line(
              preset.label(),
              (small ? "~" : "") + own,
              format(time.own() < 99.95 ? "%.1f" : "%.0f", time.own()),
              format("%.0f", own * preset.model().domains().size() / time.own() * 1e3),
              memory,
              "" + preset.steps(),
              duration(time.training())));
    }
    if (scaled) {
      lines.add("~ measured at a smaller batch, of which the memory is, and scaled up");
    }
    return lines;
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-14s%7s%9s%10s%11s%8s%14s", (Object[]) cells)
        .stripTrailing();
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** {@code 2:05} minutes, {@code 3 h 20 min}, {@code 4.2 days}. */
  static String duration(double seconds) {
    if (seconds < 3600) {
      long whole = Math.round(seconds);
      return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
    if (seconds < 48 * 3600) {
      long minutes = Math.round(seconds / 60);
      return String.format(Locale.ROOT, "%d h %d min", minutes / 60, minutes % 60);
    }
    return String.format(Locale.ROOT, "%.1f days", seconds / 86400);
  }

  /** The same as JSON values. */
  public static List<Object> toJson(List<Time> times) {
    List<Object> list = new ArrayList<>();
    for (Time time : times) {
      list.add(time.toJson());
    }
    return list;
  }
}
