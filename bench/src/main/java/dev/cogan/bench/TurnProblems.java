package dev.cogan.bench;

import dev.cogan.cli.bench.WarmUp;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.train.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.openjdk.jmh.annotations.Param;

/**
 * Names of what {@link Turns} measures:
 *
 * <ul>
 *   <li>{@code peak}: multiply-adds on registers, of the vector kernels alone; what another thread
 *       brings there no kernel can exceed
 *   <li>{@code gemm}: all products of {@link GemmBenchmark}; {@code gemm:64x500x800-nt}: one
 *   <li>{@code conv}: all passes of the layers that {@link ConvBenchmark} lists; {@code
 *       conv:faces64}, {@code conv:faces64@32}: of a preset's net or another one of {@link
 *       ConvLayers}; {@code conv:faces64.d3}, {@code conv:faces64.d3@8}: of one layer; {@code
 *       conv:faces64.d3:forward}: one pass
 *   <li>{@code step:digits}, {@code step:faces64@32}: training steps without dropout, at batch 64
 *       or another
 *   <li>{@code sample:digits}, {@code sample:digits@1}: pairs from z, 64 or another number
 * </ul>
 */
final class TurnProblems {
  private static final int BATCH = 64;

  private TurnProblems() {}

  /** What a call is, by which it is decided how long to measure where nobody says so. */
  enum Kind {
    /** A kernel: milliseconds. */
    KERNEL(0.1, 1.5, WarmUp.KERNEL),
    /** A step or a batch of pairs: up to seconds, and code that runs but a few times in each. */
    WHOLE(2, 10, WarmUp.STEP);

    /** Of a turn. */
    final double seconds;

    /** Seconds that each contender runs at least before anything counts. */
    final double warm;

    /** Bytes that a call allocates when it is compiled. */
    final long few;

    Kind(double seconds, double warm, long few) {
      this.seconds = seconds;
      this.warm = warm;
      this.few = few;
    }
  }

  /**
   * Something to measure.
   *
   * @param name its whole name
   * @param kind what a call is
   * @param gigaFlop arithmetic of one call in 1e9 operations, on average
   * @param cycle after how many calls their work repeats
   * @param opener makes and checks it, for an implementation and a number of threads
   */
  record Problem(
      String name,
      Kind kind,
      double gigaFlop,
      int cycle,
      BiFunction<String, Integer, Operation> opener) {

    /** A kernel, of which every call is like the first. */
    Problem(String name, double gigaFlop, BiFunction<String, Integer, Operation> opener) {
      this(name, Kind.KERNEL, gigaFlop, 1, opener);
    }

    Operation open(String implementation, int threads) {
      return opener.apply(implementation, threads);
    }
  }

  /**
   * The problems that a text names.
   *
   * @throws ConfigException if it names none
   */
  static List<Problem> parse(String text) {
    String[] parts = text.split(":", -1);
    String rest = parts.length > 1 ? parts[1] : "";
    if (text.equals("peak")) {
      return List.of(peak());
    } else if (parts.length == 1 && parts[0].equals("gemm")) {
      return all("shape", GemmBenchmark.class).stream().map(TurnProblems::gemm).toList();
    } else if (parts.length == 2 && parts[0].equals("gemm")) {
      return List.of(gemm(rest));
    } else if (parts.length <= 3 && parts[0].equals("conv")) {
      return conv(rest, parts.length == 3 ? parts[2] : "");
    } else if (parts.length == 2 && parts[0].equals("step")) {
      return List.of(step(rest));
    } else if (parts.length == 2 && parts[0].equals("sample")) {
      return List.of(sample(rest));
    }
    throw new ConfigException(
        "problem: expected peak, gemm, gemm:SHAPE, conv, conv:NET, conv:LAYER, conv:LAYER:PASS,"
            + " step:PRESET@BATCH or sample:PRESET@PAIRS, got '"
            + text
            + "'");
  }

  private static Problem peak() {
    return new Problem(
        "peak",
        PeakOperation.gigaFlop(Implementations.peakProbe("vector")),
        (name, threads) -> Implementations.peak(name, threads));
  }

  private static Problem gemm(String shape) {
    GemmProblem problem;
    try {
      problem = GemmProblem.parse(shape);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
    return new Problem(
        shape, problem.gigaFlop(), (name, threads) -> Implementations.gemm(name, problem, threads));
  }

  private static List<Problem> conv(String text, String pass) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    String batch = at < 0 ? "" : text.substring(at);
    List<ConvLayer> layers = text.isEmpty() ? ConvLayers.all() : ConvLayers.ofNet(name);
    if (layers.isEmpty()) {
      layers = List.of(ConvLayer.named(text));
    }
    List<Problem> problems = new ArrayList<>();
    for (ConvLayer layer : layers) {
      ConvLayer one = ConvLayer.named(layer.name() + batch);
      for (Pass p : pass.isEmpty() ? Pass.values() : new Pass[] {Pass.named(pass)}) {
        ConvProblem problem = new ConvProblem(one, p);
        problems.add(
            new Problem(
                one.name() + batch + " " + p.label(),
                problem.gigaFlop(),
                (who, threads) -> Implementations.conv(who, problem, threads)));
      }
    }
    return problems;
  }

  private static Problem step(String text) {
    StepProblem problem = new StepProblem(preset(text), count(text), false);
    return new Problem(
        "step of " + text,
        Kind.WHOLE,
        problem.gigaFlop(),
        problem.cycle(),
        (name, threads) -> Implementations.step(name, problem, threads));
  }

  private static Problem sample(String text) {
    SampleProblem problem = new SampleProblem(preset(text), count(text));
    return new Problem(
        "pairs of " + text,
        Kind.WHOLE,
        FlopCounter.gigaFlop(problem::sampling),
        1,
        (name, threads) -> Implementations.sample(name, problem, threads));
  }

  private static Preset preset(String text) {
    int at = text.indexOf('@');
    return Preset.named(at < 0 ? text : text.substring(0, at));
  }

  private static int count(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return BATCH;
    }
    String number = text.substring(at + 1);
    if (!number.matches("[1-9]\\d{0,4}")) {
      throw new ConfigException("problem '" + text + "': expected a number after @");
    }
    return Integer.parseInt(number);
  }

  /** The values that a benchmark lists for one of its parameters. */
  private static List<String> all(String parameter, Class<?> benchmark) {
    try {
      return List.of(benchmark.getField(parameter).getAnnotation(Param.class).value());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
