package dev.cogan.cli.bench;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The time of single kernels on shapes that occur in the nets: the best of many calls. */
public final class KernelTimes {
  private static final int BATCH = 64;

  /**
   * One kernel's time.
   *
   * @param name kernel and shape
   * @param milliseconds of the fastest call
   * @param gigaflop arithmetic of a call, or 0 for kernels that live on memory
   * @param gigabyte what a call reads and writes at least
   */
  public record Time(String name, double milliseconds, double gigaflop, double gigabyte) {

    /** GFLOP/s, 0 for kernels that live on memory. */
    public double gigaflops() {
      return gigaflop / milliseconds * 1e3;
    }

    /** GB/s of the arrays. */
    public double gigabytes() {
      return gigabyte / milliseconds * 1e3;
    }

    Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("kernel", name);
      json.put("ms", milliseconds);
      if (gigaflop > 0) {
        json.put("gflops", gigaflops());
      } else {
        json.put("gbytes_per_second", gigabytes());
      }
      return json;
    }
  }

  private final Kernels k;
  private final double seconds;
  private final Consumer<String> progress;
  private final List<Time> times = new ArrayList<>();

  /**
   * @param seconds to warm up for, and again to measure each kernel for
   * @param progress is told the name of each kernel before it is measured
   */
  public KernelTimes(Kernels kernels, double seconds, Consumer<String> progress) {
    this.k = kernels;
    this.seconds = seconds;
    this.progress = progress;
  }

  /** Measures all of them. */
  public List<Time> measure() {
    gemm(512, 512, 512);
    gemm(1024, 1024, 1024);
    gemm(BATCH, 500, 800);
    conv("512x7x7 to 256x13x13", ConvShape.of(BATCH, 256, 13, 13, 512, 3, 3, 2, 1));
    conv("128x25x25 to 1x28x28", ConvShape.of(BATCH, 1, 28, 28, 128, 6, 6, 1, 1));
    memory(128, 625);
    return times;
  }

  /** A linear layer's forward, whose weights are stored transposed: {@code -nt}, as bench says. */
  private void gemm(int m, int n, int depth) {
    float[] a = filled(m * depth);
    float[] b = filled(depth * n);
    float[] c = new float[m * n];
    add(
        "matrix product " + m + "x" + n + "x" + depth + "-nt",
        2e-9 * m * n * depth,
        0,
        () -> k.gemm(false, true, m, n, depth, a, 0, depth, b, 0, depth, 0f, c, 0, n));
  }

  /** A transposed convolution, whose forward is the gradient to the input of {@code s}. */
  private void conv(String name, ConvShape s) {
    float[] large = filled(s.inputSize());
    float[] small = filled(s.outputSize());
    float[] w = filled(s.weightSize());
    float[] dw = new float[w.length];
    double flop = 2e-9 * s.multiplyAdds();
    String what = "conv " + name;
    add(what + " forward", flop, 0, () -> k.convInputGrad(s, large, 0, small, 0, w, 0, null, 0));
    add(what + " d input", flop, 0, () -> k.convForward(s, small, 0, large, 0, w, 0, null, 0));
    add(what + " d weight", flop, 0, () -> k.convWeightGrad(s, dw, 0, large, 0, small, 0));
  }

  private void memory(int channels, int pixels) {
    int size = BATCH * channels * pixels;
    float[] x = filled(size);
    float[] y = filled(size);
    float[] mean = new float[channels];
    float[] inv = new float[channels];
    float[] slope = {0.25f};
    float[] dslope = new float[1];
    double array = 4e-9 * size;
    add(
        "norm + PReLU 64x" + channels + "x" + pixels + " forward",
        0,
        2 * array,
        () ->
            k.batchNormPreluForward(
                BATCH, channels, pixels, 1e-5f, y, 0, x, 0, null, 0, null, 0, slope, 0, 1, mean, 0,
                inv, 0));
    add(
        "norm + PReLU 64x" + channels + "x" + pixels + " backward",
        0,
        3 * array,
        () ->
            k.batchNormPreluBackward(
                BATCH, channels, pixels, y, 0, y, 0, x, 0, null, 0, null, 0, slope, 0, 1, mean, 0,
                inv, 0, null, 0, null, 0, dslope, 0));
    int[] winners = new int[BATCH * 20 * 144];
    int planes = BATCH * 20;
    add(
        "max-pool 64x20x24x24 forward",
        0,
        4e-9 * planes * (576 + 2 * 144),
        () -> k.maxPoolForward(planes, 24, 24, 2, y, 0, winners, 0, x, 0));
    int parameters = 4_000_000;
    float[] w = filled(parameters);
    float[] g = filled(parameters);
    float[] v = new float[parameters];
    float[] m = new float[parameters];
    add(
        "Adam, 4 M parameters",
        0,
        7 * 4e-9 * parameters,
        () -> k.adam(parameters, w, 0, g, 0, m, 0, v, 0, 0.5f, 0.999f, 1e-8f, 1e-4f, 1f, 0f, 0f));
  }

  private static float[] filled(int size) {
    float[] array = new float[size];
    for (int i = 0; i < size; i++) {
      array[i] = (i * 7919 % 1000 - 500) / 1000f;
    }
    return array;
  }

  private void add(String name, double gigaflop, double gigabyte, Runnable call) {
    progress.accept(name);
    WarmUp.run(call, WarmUp.KERNEL, seconds);
    long best = Long.MAX_VALUE;
    long start = System.nanoTime();
    int calls = 0;
    while (calls < 3 || System.nanoTime() - start < seconds * 1e9) {
      long before = System.nanoTime();
      call.run();
      best = Math.min(best, System.nanoTime() - before);
      calls++;
    }
    times.add(new Time(name, best / 1e6, gigaflop, gigabyte));
  }

  /** Lines of at most 80 columns; peak is GFLOP/s, or 0 if not known. */
  public static List<String> lines(List<Time> times, double peak) {
    List<String> lines = new ArrayList<>();
    lines.add(line("kernel (fastest call)", "ms", "GFLOP/s", "peak", "GB/s"));
    for (Time time : times) {
      boolean flop = time.gigaflop > 0;
      lines.add(
          line(
              time.name,
              format("%.2f", time.milliseconds),
              flop ? format("%.0f", time.gigaflops()) : "",
              flop && peak > 0 ? format("%.0f%%", 100 * time.gigaflops() / peak) : "",
              flop ? "" : format("%.1f", time.gigabytes())));
    }
    return lines;
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-44s%9s%9s%8s%8s", (Object[]) cells).stripTrailing();
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
