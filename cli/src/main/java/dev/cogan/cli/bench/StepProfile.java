package dev.cogan.cli.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the time of one training step goes: a row per layer with forward, gradient to the input and
 * gradient to the parameters, then sums by kind of work. A discriminator layer runs several times a
 * step; its row holds the sum.
 */
public final class StepProfile {
  private static final String ROW = "%-36s%9s%9s%9s%6s%6s%5s";

  private final StepWorkload workload;
  private final double peak;
  private final int steps;
  private final double milliseconds;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Row> kinds = new LinkedHashMap<>();

  private static final class Row {
    final double[] milliseconds = new double[KernelMeter.Pass.values().length];
    double flop;
    double multiplying;

    void add(KernelMeter.Entry entry, int steps) {
      double ms = entry.nanos / 1e6 / steps;
      milliseconds[entry.key.pass().ordinal()] += ms;
      flop += entry.flop / steps;
      if (entry.flop > 0) {
        multiplying += ms;
      }
    }

    double of(KernelMeter.Pass pass) {
      return milliseconds[pass.ordinal()];
    }

    double total() {
      double sum = 0;
      for (double ms : milliseconds) {
        sum += ms;
      }
      return sum;
    }

    double gigaflops() {
      return flop == 0 ? 0 : flop / multiplying / 1e6;
    }
  }

  /**
   * @param peak GFLOP/s that all threads together could do at most, or 0 if not known
   * @param nanos of all steps together
   */
  private StepProfile(
      StepWorkload workload, double peak, KernelMeter meter, int steps, long nanos) {
    this.workload = workload;
    this.peak = peak;
    this.steps = steps;
    milliseconds = nanos / 1e6 / steps;
    for (KernelMeter.Entry entry : meter.entries()) {
      KernelMeter.Key key = entry.key;
      if (key.pass() != KernelMeter.Pass.OUTSIDE) {
        String name = key.layer() + " " + shortKind(key.kind(), key.kernel());
        rows.computeIfAbsent(name, k -> new Row()).add(entry, steps);
      }
      kinds.computeIfAbsent(kind(key.kernel()), k -> new Row()).add(entry, steps);
    }
  }

  /**
   * Measures.
   *
   * @param seconds to warm up for, and again to measure for, at least two steps, and whole cycles
   *     of them
   */
  public static StepProfile measure(
      StepWorkload workload, Kernels kernels, double peak, double seconds) {
    KernelMeter meter = new KernelMeter(kernels);
    Trainer trainer = workload.trainer(meter.kernels(), Memory.heap(), meter);
    WarmUp.run(trainer::step, WarmUp.STEP, seconds);
    meter.reset();
    long start = System.nanoTime();
    int steps = run(trainer, workload.cycle(), seconds);
    return new StepProfile(workload, peak, meter, steps, System.nanoTime() - start);
  }

  private static int run(Trainer trainer, int cycle, double seconds) {
    long start = System.nanoTime();
    int steps = 0;
    while (steps < 2 || steps % cycle != 0 || System.nanoTime() - start < seconds * 1e9) {
      trainer.step();
      steps++;
    }
    return steps;
  }

  private static String shortKind(String kind, String kernel) {
    if (kind.equals("BatchNorm2d") && kernel.contains("Prelu")) {
      return "Norm+PReLU";
    }
    return kind.equals("ConvTranspose2d") ? "ConvT2d" : kind.replace("BatchNorm2d", "BatchNorm");
  }

  private static String kind(String kernel) {
    if (kernel.startsWith("conv") || kernel.equals("gemm")) {
      return "convolutions and matrix products";
    }
    if (kernel.startsWith("batchNorm") || kernel.startsWith("prelu")) {
      return "batch norm and PReLU";
    }
    if (kernel.startsWith("maxPool")) {
      return "pooling";
    }
    return kernel.equals("adam") ? "Adam" : "other kernels";
  }

  /** Milliseconds of one step. */
  public double milliseconds() {
    return milliseconds;
  }

  /** Lines of at most 80 columns. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "one step of %s, batch %d: %.1f ms (mean of %d)",
            workload.preset().label(),
            workload.batch(),
            milliseconds,
            steps));
    lines.add("");
    lines.add(text("layer", "forward", "d input", "d param", "share", "GF/s", "peak"));
    rows.forEach(
        (name, row) ->
            lines.add(
                text(
                    name,
                    ms(row.of(KernelMeter.Pass.FORWARD)),
                    ms(row.of(KernelMeter.Pass.INPUT)),
                    ms(row.of(KernelMeter.Pass.PARAMETERS)),
                    percent(row.total() / milliseconds),
                    row.flop == 0 ? "" : whole(row.gigaflops()),
                    row.flop == 0 || peak == 0 ? "" : percent(row.gigaflops() / peak))));
    lines.add("");
    double inKernels = 0;
    for (Map.Entry<String, Row> kind : kinds.entrySet()) {
      inKernels += kind.getValue().total();
      lines.add(sum(kind.getKey(), kind.getValue().total(), kind.getValue()));
    }
    lines.add(sum("outside of kernels", milliseconds - inKernels, null));
    return lines;
  }

  private String sum(String name, double ms, Row row) {
    boolean rate = row != null && row.flop > 0;
    return text(
        name,
        ms(ms),
        "",
        "",
        percent(ms / milliseconds),
        rate ? whole(row.gigaflops()) : "",
        rate && peak > 0 ? percent(row.gigaflops() / peak) : "");
  }

  private static String text(String... cells) {
    return String.format(Locale.ROOT, ROW, (Object[]) cells).stripTrailing();
  }

  private static String ms(double value) {
    return value == 0 ? "" : String.format(Locale.ROOT, value < 9.995 ? "%.2f" : "%.1f", value);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.0995 ? "%.1f%%" : "%.0f%%", 100 * share);
  }

  /** The same as JSON values; times in milliseconds. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("preset", workload.preset().label());
    json.put("batch", workload.batch());
    json.put("steps", steps);
    json.put("ms", milliseconds);
    json.put("peak_gflops", peak);
    json.put("layers", rowsJson(rows));
    json.put("kinds", rowsJson(kinds));
    return json;
  }

  private static List<Object> rowsJson(Map<String, Row> rows) {
    List<Object> list = new ArrayList<>();
    rows.forEach(
        (name, row) -> {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("name", name);
          json.put("forward_ms", row.of(KernelMeter.Pass.FORWARD));
          json.put("input_gradient_ms", row.of(KernelMeter.Pass.INPUT));
          json.put("parameter_gradient_ms", row.of(KernelMeter.Pass.PARAMETERS));
          json.put("total_ms", row.total());
          json.put("gflop", row.flop / 1e9);
          json.put("gflops", row.gigaflops());
          list.add(json);
        });
    return list;
  }
}
