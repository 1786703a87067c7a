package dev.cogan.bench;

import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.Preset;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the cost of a training step grows with batch, width, resolution and threads: prints tables in
 * Markdown. Arguments: seconds per number (3), implementation (vector).
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp bench/target/cogan-bench.jar dev.cogan.bench.Growth
 * </pre>
 */
public final class Growth {
  private static final String USAGE =
      "usage: Growth [seconds per number, 3 [implementation, vector]], for example Growth 1 scalar";

  static final Program PROGRAM = new Program("growth", USAGE, Growth::run);

  private final double seconds;
  private final String implementation;
  private final PrintStream out;

  private Growth(double seconds, String implementation, PrintStream out) {
    this.seconds = seconds;
    this.implementation = implementation;
    this.out = out;
  }

  /** Measures and prints; ends as {@link Turns} does. */
  public static void main(String[] args) {
    PROGRAM.main(args);
  }

  /** What {@link #PROGRAM} does. */
  static void run(String[] typed, PrintStream out) {
    Arguments arguments = new Arguments(typed, USAGE, List.of(), 0, 2);
    double seconds = arguments.number(0, "seconds", 3, 1e-3, 600);
    String implementation = arguments.text(1, "vector");
    // Before the first table is begun.
    KernelSet.open(implementation, 1).close();
    new Growth(seconds, implementation, out).run();
  }

  private void run() {
    int cores = Math.min(2, Runtime.getRuntime().availableProcessors());
    int[] threads = cores == 1 ? new int[] {1} : new int[] {1, cores};
    table("batch (`digits`)");
    for (int batch : new int[] {8, 16, 32, 64, 128}) {
      row("" + batch, Preset.DIGITS, batch, threads);
    }
    table("width of the generators' first row (`digits`, batch 64)");
    for (int width : new int[] {128, 256, 512, 1024}) {
      row("" + width, digits(width), 64, threads);
    }
    table("side of the images (face nets from 512 channels at 4x4, batch 16)");
    for (int doublings : new int[] {2, 3, 4, 5}) {
      row("" + (4 << doublings), faces(doublings), 16, threads);
    }
  }

  private static Preset digits(int width) {
    Preset p = Preset.DIGITS;
    List<Integer> widths = List.of(width, width / 2, width / 4, width / 8);
    return with(p, p.model().withGeneratorWidths(widths));
  }

  /** The nets of {@code faces64} for other sides: a row more or less in either net. */
  private static Preset faces(int doublings) {
    List<Integer> generator = new ArrayList<>();
    List<Integer> discriminator = new ArrayList<>();
    for (int row = 0; row <= doublings; row++) {
      generator.add(512 >> row);
      discriminator.add(32 << row);
    }
    discriminator.add(512);
    int side = 4 << doublings;
    Shape image = Shape.of(3, side, side);
    ModelConfig model =
        Preset.FACES64
            .model()
            .withDomains(List.of(new DomainShape("a", image), new DomainShape("b", image)))
            .withGeneratorWidths(generator)
            .withDiscriminatorWidths(discriminator)
            .withSharing(doublings, doublings + 1);
    return with(Preset.FACES64, model);
  }

  private static Preset with(Preset p, ModelConfig model) {
    return new Preset(
        p.label(), p.summary(), p.domains(), model, p.training(), p.steps(), p.snapshot());
  }

  private void table(String what) {
    out.println();
    out.println(
        "| "
            + what
            + " | GFLOP per step | ms, 1 thread | ms, 2 threads | 2 against 1 | ms per image |"
            + " GFLOP/s |");
    out.println("|---|---|---|---|---|---|---|");
    Program.requireWritten(out);
  }

  private void row(String name, Preset preset, int batch, int[] threads) {
    StepProblem problem = new StepProblem(preset, batch, true);
    double gigaFlop = problem.gigaFlop();
    double[] ms = new double[threads.length];
    for (int i = 0; i < threads.length; i++) {
      try (KernelSet set = KernelSet.open(implementation, threads[i])) {
        ms[i] = median(problem.training(set.kernels()));
      }
    }
    double last = ms[ms.length - 1];
    out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %.1f | %.2f | %.2f | %.0f |%n",
        name,
        gigaFlop,
        ms[0],
        last,
        ms[0] / last,
        last / (2 * batch),
        gigaFlop / last * 1e3);
    Program.requireWritten(out);
  }

  /** Milliseconds of a step after a third of the time for warming up. */
  private double median(Operation step) {
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    double elapsed = 0;
    while (elapsed < seconds || times.size() < 3) {
      long before = System.nanoTime();
      step.run();
      long after = System.nanoTime();
      elapsed = (after - start) * 1e-9;
      if (elapsed > seconds / 3) {
        times.add((after - before) * 1e-6);
      }
    }
    double[] sorted = times.stream().mapToDouble(x -> x).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
