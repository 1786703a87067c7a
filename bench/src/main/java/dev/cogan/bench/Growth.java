package dev.cogan.bench;

import dev.cogan.cli.bench.WarmUp;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.Preset;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the cost of a training step grows with batch, width, resolution and threads: prints tables in
 * Markdown. Each number is the median of the steps of some seconds, after as many seconds of steps
 * that do not count, or more, until they are compiled ({@link WarmUp}). Arguments: seconds per
 * number (3), implementation (vector).
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp bench/target/cogan-bench.jar dev.cogan.bench.Growth
 * </pre>
 */
public final class Growth {
  private static final String USAGE =
      "usage: Growth [seconds per number, 3 [implementation, vector]], for example Growth 1 scalar";

  static final Program PROGRAM = new Program("growth", USAGE, Growth::run);

  private static final int FEWEST = 3;

  private final double seconds;
  private final String implementation;
  private final int[] threads;
  private final PrintStream out;

  /**
   * @param cores how many there are: with one, nothing is measured with two threads
   */
  Growth(double seconds, String implementation, int cores, PrintStream out) {
    this.seconds = seconds;
    this.implementation = implementation;
    this.threads = cores == 1 ? new int[] {1} : new int[] {1, 2};
    this.out = out;
  }

  /** Measures and prints; ends as {@link Turns} does. */
  public static void main(String[] args) {
    PROGRAM.main(args);
  }

  /** What {@link #PROGRAM} does. */
  static void run(String[] typed, PrintStream out, PrintStream err) {
    Arguments arguments = new Arguments(typed, USAGE, List.of(), 0, 2);
    double seconds = arguments.number(0, "seconds", 3, 1e-3, 600);
    String implementation = arguments.text(1, "vector");
    // Before the first table is begun.
    KernelSet.open(implementation, 1).close();
    new Growth(seconds, implementation, Runtime.getRuntime().availableProcessors(), out).run();
  }

  private void run() {
    table("batch (`digits`)");
    for (int batch : new int[] {8, 16, 32, 64, 128}) {
      row("" + batch, Preset.DIGITS, batch);
    }
    table("width of the generators' first row (`digits`, batch 64)");
    for (int width : new int[] {128, 256, 512, 1024}) {
      row("" + width, digits(width), 64);
    }
    table("side of the images (face nets from 512 channels at 4x4, batch 16)");
    for (int doublings : new int[] {2, 3, 4, 5}) {
      row("" + (4 << doublings), faces(doublings), 16);
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

  void table(String what) {
    out.println();
    out.print("| " + what + " | GFLOP per step | ms, 1 thread |");
    out.print(threads.length == 1 ? "" : " ms, 2 threads | 2 against 1 |");
    out.println(" ms per image | GFLOP/s |");
    out.println("|---|---|---|---|---|" + (threads.length == 1 ? "" : "---|---|"));
    Program.requireWritten(out);
  }

  void row(String name, Preset preset, int batch) {
    StepProblem problem = new StepProblem(preset, batch, true);
    double gigaFlop = problem.gigaFlop();
    double[] ms = new double[threads.length];
    for (int i = 0; i < threads.length; i++) {
      try (KernelSet set = KernelSet.open(implementation, threads[i])) {
        ms[i] = median(problem.training(set.kernels()), seconds);
      }
    }
    double last = ms[ms.length - 1];
    out.printf(Locale.ROOT, "| %s | %.1f | %.1f |", name, gigaFlop, ms[0]);
    if (threads.length > 1) {
      out.printf(Locale.ROOT, " %.1f | %.2f |", last, ms[0] / last);
    }
    out.printf(Locale.ROOT, " %.2f | %.0f |%n", last / (2 * batch), gigaFlop / last * 1e3);
    Program.requireWritten(out);
  }

  /** Milliseconds of a step, once it is compiled. */
  static double median(Operation step, double seconds) {
    WarmUp.run(step::run, WarmUp.STEP, seconds);
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    while (times.size() < FEWEST || System.nanoTime() - start < seconds * 1e9) {
      long before = System.nanoTime();
      step.run();
      times.add((System.nanoTime() - before) * 1e-6);
    }
    times.sort(null);
    return times.get(times.size() / 2);
  }
}
