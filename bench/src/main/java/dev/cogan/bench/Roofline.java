package dev.cogan.bench;

import dev.cogan.cli.bench.WarmUp;
import dev.cogan.engine.kernel.KernelSelector;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.PeakProbe;
import dev.cogan.engine.model.ConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The roofline of this machine: the rate of kernels over their arithmetic per byte, under the
 * measured limits of arithmetic and memory. Prints a table in Markdown and writes a picture, both
 * with the machine and the day. Convolutions are those of the presets {@code digits} and {@code
 * faces64}, at their batches. Arguments: the SVG to write (roofline.svg), threads (2), seconds per
 * kernel (0.4).
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp bench/target/cogan-bench.jar dev.cogan.bench.Roofline
 * </pre>
 */
public final class Roofline {
  private static final String[] PRODUCTS = {
    "1024x1024x1024", "512x512x512", "64x500x800-nt", "64x1024x1024-nt", "500x800x64-tn"
  };
  private static final int THREADS = 2;
  private static final int FEWEST = 5;
  private static final String USAGE =
      "usage: Roofline [picture, roofline.svg [threads, 2 [seconds per kernel, 0.4]]], for example"
          + " Roofline roofline.svg 1";

  static final Program PROGRAM = new Program("roofline", USAGE, Roofline::run);

  private final KernelSet set;
  private final int threads;
  private final double seconds;
  private final List<RooflineChart.Point> points = new ArrayList<>();

  private Roofline(KernelSet set, int threads, double seconds) {
    this.set = set;
    this.threads = threads;
    this.seconds = seconds;
  }

  /** Measures, prints and writes; ends as {@link Turns} does. */
  public static void main(String[] args) {
    PROGRAM.main(args);
  }

  /** What {@link #PROGRAM} does. */
  static void run(String[] typed, PrintStream out, PrintStream err) {
    Arguments arguments = new Arguments(typed, USAGE, List.of(), 0, 3);
    Path file = file(arguments.text(0, "roofline.svg"));
    int threads = arguments.whole(1, "threads", THREADS, 1, KernelSet.MOST_THREADS);
    double seconds = arguments.number(2, "seconds", 0.4, 1e-3, 600);
    try (KernelSet set = KernelSet.open("vector", threads)) {
      Roofline roofline = new Roofline(set, threads, seconds);
      double peak = roofline.peak();
      double bandwidth = roofline.bandwidth();
      roofline.measure();
      String where = Platform.describe();
      out.printf(
          Locale.ROOT,
          "%s%n%n%d threads: %.0f GFLOP/s of multiply-adds, %.1f GB/s of memory (axpy)%n%n",
          where,
          threads,
          peak,
          bandwidth);
      out.println("| kernel | FLOP per byte | GFLOP/s | share of the roof |");
      out.println("|---|---|---|---|");
      for (RooflineChart.Point p : roofline.points) {
        out.printf(
            Locale.ROOT,
            "| %s | %.2f | %.1f | %.0f %% |%n",
            p.name(),
            p.intensity(),
            p.rate(),
            100 * p.rate() / Math.min(peak, p.intensity() * bandwidth));
      }
      try {
        Files.writeString(
            file, RooflineChart.svg(where, threads, peak, bandwidth, roofline.points));
      } catch (IOException e) {
        throw new IllegalStateException("picture " + file + ": cannot write: " + e, e);
      }
    }
  }

  /** The picture's place, looked at before minutes are spent on what goes there. */
  private static Path file(String text) {
    Path file;
    try {
      file = Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConfigException("picture: expected a file to write, got '" + text + "'");
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    String reason = null;
    if (folder == null || Files.isDirectory(file)) {
      reason = "is a folder, expected a file to write";
    } else if (!Files.isDirectory(folder)) {
      reason = "cannot write: no folder " + folder;
    } else if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      reason = "cannot write: permission denied";
    }
    if (reason != null) {
      throw new ConfigException("picture " + file + ": " + reason);
    }
    return file;
  }

  /** GFLOP/s of multiply-adds on registers, all threads. */
  private double peak() {
    PeakProbe probe = KernelSelector.select("vector").peakProbe();
    long operations = probe.run();
    int rounds = 40;
    double best =
        best(
            () ->
                set.kernels()
                    .parallel()
                    .run(
                        threads,
                        (task, worker) -> {
                          for (int i = 0; i < rounds; i++) {
                            probe.run();
                          }
                        }),
            seconds);
    return 1e-9 * operations * rounds * threads / best;
  }

  /** GB/s of {@code y += a * x} on arrays that are larger than any cache. */
  private double bandwidth() {
    int len = 32 << 20;
    // Filled, or the operating system would show one page of zeros for all of them.
    float[] x = new float[len];
    Arrays.fill(x, 1f);
    float[] y = x.clone();
    return 12e-9 * len / best(() -> set.kernels().axpy(len, 1e-6f, y, 0, x, 0), seconds);
  }

  private void measure() {
    Kernels k = set.kernels();
    for (String product : PRODUCTS) {
      GemmProblem p = GemmProblem.parse(product);
      double floats = (double) p.m() * p.k() + (double) p.k() * p.n() + (double) p.m() * p.n();
      add(
          "product " + product,
          "matrix product",
          p.gigaFlop(),
          floats,
          KernelOperations.gemm(k, p));
    }
    List<ConvLayer> layers = new ArrayList<>(ConvLayers.ofNet("digits"));
    layers.addAll(ConvLayers.ofNet("faces64"));
    for (ConvLayer layer : layers) {
      for (Pass pass : Pass.values()) {
        ConvProblem p = new ConvProblem(layer, pass);
        double floats =
            (double) p.shape().inputSize() + p.shape().outputSize() + p.shape().weightSize();
        String name = layer.name() + " " + pass.label();
        add(name, "convolution " + pass.label(), p.gigaFlop(), floats, KernelOperations.conv(k, p));
      }
    }
    elements(k);
  }

  /** Operations per element are counted by the formulas. */
  private void elements(Kernels k) {
    int n = 64;
    int c = 128;
    int s = 625;
    int len = n * c * s;
    float[] x = Values.uniform("x", len);
    float[] dy = Values.uniform("dy", len);
    float[] y = new float[len];
    float[] mean = new float[c];
    float[] invStd = new float[c];
    float[] slope = {0.25f};
    float[] dslope = {0f};
    Runnable forward =
        () ->
            k.batchNormPreluForward(
                n, c, s, 1e-5f, y, 0, x, 0, null, 0, null, 0, slope, 0, 1, mean, 0, invStd, 0);
    elements("norm and PReLU forward", 8, len, 2, forward);
    elements(
        "norm and PReLU backward",
        16,
        len,
        3,
        () ->
            k.batchNormPreluBackward(
                n, c, s, y, 0, dy, 0, x, 0, null, 0, null, 0, slope, 0, 1, mean, 0, invStd, 0, null,
                0, null, 0, dslope, 0));
    float[] m = new float[len];
    float[] v = new float[len];
    elements(
        "Adam",
        12,
        len,
        7,
        () -> k.adam(len, x, 0, dy, 0, m, 0, v, 0, 0.5f, 0.999f, 1e-8f, 1e-4f, 1f, 0f, 0f));
    elements("sum", 1, len, 1, () -> k.sum(len, dy, 0));
  }

  private void elements(String name, int operations, int len, int arrays, Runnable body) {
    Operation operation = KernelOperations.of(new float[0], body);
    add(name, "element by element", 1e-9 * operations * len, (double) arrays * len, operation);
  }

  private void add(String name, String family, double gigaFlop, double floats, Operation body) {
    double best = best(body::run, seconds);
    points.add(
        new RooflineChart.Point(name, family, gigaFlop * 1e9 / (4 * floats), gigaFlop / best));
  }

  /** Seconds of the fastest call in so much time, after as much, or more, to compile it. */
  static double best(Runnable body, double seconds) {
    WarmUp.run(body, WarmUp.KERNEL, seconds);
    long best = Long.MAX_VALUE;
    long start = System.nanoTime();
    int calls = 0;
    while (System.nanoTime() - start < seconds * 1e9 || calls < FEWEST) {
      long before = System.nanoTime();
      body.run();
      best = Math.min(best, System.nanoTime() - before);
      calls++;
    }
    return best * 1e-9;
  }
}
