package dev.cogan.bench;

import dev.cogan.cli.bench.WarmUp;
import dev.cogan.engine.model.ConfigException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares implementations in turn in one JVM: on a machine whose speed changes from minute to
 * minute only what was measured side by side compares. Prints one row of Markdown per problem:
 * milliseconds per call, best / median of the turns, and how many times as fast the first contender
 * is as each other one, by the best turns and by the medians. In every turn another contender
 * begins. Results are checked before anything is timed, as in the benchmarks; and each contender
 * runs for a while that does not count, longer where it is not compiled by then ({@link WarmUp}).
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp bench/target/cogan-bench-peers.jar dev.cogan.bench.Turns \
 *       [--turns 9] [--rounds 1] [--seconds 0.1] [--warm 1.5] vector:1,openblas:1 gemm
 * </pre>
 *
 * <p>With {@code --rounds} everything is measured as often, all problems one after the other and
 * then from the first again, on new data; best and median are those of all rounds. What else runs
 * on a shared machine comes and goes in minutes, and slows what needs the caches more than what
 * does not: one round finds a problem in one such phase only.
 *
 * <p>A turn of a training step or of sampling takes 2 seconds, after 10, where nothing else is
 * said.
 *
 * <p>A contender is an implementation and its number of threads. Problems are in {@link
 * TurnProblems}.
 */
public final class Turns {
  private static final String USAGE =
      "usage: Turns [--turns 9] [--rounds 1 (of all problems)] [--seconds 0.1 (of a turn; 2 for"
          + " step and sample)] [--warm 1.5 (seconds before, or longer until it is compiled; 10 for"
          + " step and sample)] contender,contender... problem..., for example Turns"
          + " vector:1,openblas:1 gemm";

  static final Program PROGRAM = new Program("turns", USAGE, Turns::run);

  /**
   * libtorch's threads wait busily for some milliseconds, and took a core from whoever was next.
   */
  private static final long PAUSE_MS = 30;

  private final int turns;
  private final int rounds;
  private final Map<TurnProblems.Kind, Times> times;
  private final List<Contender> contenders;
  private final PrintStream out;
  private final PrintStream err;
  private boolean headed;

  /**
   * How long.
   *
   * @param seconds of a turn
   * @param warm seconds that each contender runs at least before anything counts
   */
  private record Times(double seconds, double warm) {
    static Map<TurnProblems.Kind, Times> of(Arguments arguments) {
      Map<TurnProblems.Kind, Times> times = new EnumMap<>(TurnProblems.Kind.class);
      for (TurnProblems.Kind kind : TurnProblems.Kind.values()) {
        double seconds = arguments.number("--seconds", kind.seconds, 1e-3, 600);
        times.put(kind, new Times(seconds, arguments.number("--warm", kind.warm, 0, 600)));
      }
      return times;
    }
  }

  /**
   * Who computes.
   *
   * @param name an implementation
   * @param threads how many threads it uses
   */
  record Contender(String name, int threads) {

    /**
     * Contenders from a text such as {@code vector:2,libtorch:2}; without a number one thread.
     *
     * @throws ConfigException if the text is not such a list
     */
    static List<Contender> parse(String text) {
      List<Contender> list = new ArrayList<>();
      for (String part : text.split(",", -1)) {
        if (!part.matches("[a-z]+(:[1-9]\\d{0,2})?")) {
          throw new ConfigException(
              "contender: expected a name and threads such as vector:2, got '" + part + "'");
        }
        int colon = part.indexOf(':');
        String name = colon < 0 ? part : part.substring(0, colon);
        int threads = colon < 0 ? 1 : Integer.parseInt(part.substring(colon + 1));
        for (Contender other : list) {
          if (other.name.equals(name) && other.threads != threads && !KernelSet.knows(name)) {
            throw new ConfigException(
                "contender: "
                    + name
                    + " has one number of threads for the whole JVM, got "
                    + other.threads
                    + " and "
                    + threads);
          }
        }
        list.add(new Contender(name, threads));
      }
      return list;
    }

    @Override
    public String toString() {
      return name + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
  }

  private Turns(
      int turns,
      int rounds,
      Map<TurnProblems.Kind, Times> times,
      List<Contender> contenders,
      PrintStream out,
      PrintStream err) {
    this.turns = turns;
    this.rounds = rounds;
    this.times = times;
    this.contenders = contenders;
    this.out = out;
    this.err = err;
  }

  /**
   * Measures and prints; exits with 2 if an argument is wrong, with 1 if a contender cannot do what
   * it is asked for or does it wrong, or if the rows cannot be written.
   */
  public static void main(String[] args) {
    PROGRAM.main(args);
  }

  /** What {@link #PROGRAM} does. */
  static void run(String[] typed, PrintStream out, PrintStream err) {
    Arguments arguments =
        new Arguments(
            typed,
            USAGE,
            List.of("--turns", "--rounds", "--seconds", "--warm"),
            2,
            Integer.MAX_VALUE);
    int turns = arguments.whole("--turns", 9, 1, 1000);
    int rounds = arguments.whole("--rounds", 1, 1, 1000);
    Map<TurnProblems.Kind, Times> times = Times.of(arguments);
    List<Contender> contenders = Contender.parse(arguments.text(0, ""));
    contenders.forEach(contender -> Implementations.requireKnown(contender.name()));
    List<TurnProblems.Problem> problems = new ArrayList<>();
    for (int i = 1; i < arguments.count(); i++) {
      problems.addAll(TurnProblems.parse(arguments.text(i, "")));
    }
    new Turns(turns, rounds, times, contenders, out, err).rows(problems);
  }

  private void header() {
    if (headed) {
      return;
    }
    headed = true;
    StringBuilder names =
        new StringBuilder("| best / median of " + rounds * turns + ", ms per call |");
    StringBuilder line = new StringBuilder("|---|");
    for (int i = 0; i < contenders.size(); i++) {
      names.append(' ').append(contenders.get(i)).append(i == 0 ? " | GFLOP/s |" : " | ratio |");
      line.append("---|---|");
    }
    out.println(names);
    out.println(line);
    Program.requireWritten(out);
  }

  /** All rounds; a row is printed as soon as its problem was measured for the last time. */
  private void rows(List<TurnProblems.Problem> problems) {
    double[][][] times = new double[problems.size()][contenders.size()][rounds * turns];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < times.length; i++) {
        measure(problems.get(i), times[i], round * turns);
        if (round == rounds - 1) {
          row(problems.get(i), times[i]);
        }
      }
    }
  }

  private void row(TurnProblems.Problem problem, double[][] times) {
    StringBuilder row = new StringBuilder("| " + problem.name() + " |");
    for (int i = 0; i < times.length; i++) {
      row.append(format(" %.4g / %.4g |", best(times[i]), median(times[i])));
      row.append(
          i == 0
              ? format(" %.0f |", problem.gigaFlop() / best(times[0]) * 1e3)
              : format(
                  " %.2f x / %.2f x |",
                  best(times[i]) / best(times[0]), median(times[i]) / median(times[0])));
    }
    out.println(row);
    Program.requireWritten(out);
  }

  /** One round of one problem; see {@link #fill}. */
  private void measure(TurnProblems.Problem problem, double[][] times, int first) {
    List<Operation> operations = new ArrayList<>();
    try {
      for (Contender contender : contenders) {
        operations.add(problem.open(contender.name(), contender.threads()));
      }
      // Not earlier: a contender may have refused the problem.
      header();
      fill(operations, problem, times, first);
    } finally {
      operations.forEach(Operation::close);
    }
  }

  /** Milliseconds per call of every turn of a round, one row per contender, from a column on. */
  private void fill(
      List<Operation> operations, TurnProblems.Problem problem, double[][] times, int first) {
    Times spent = this.times.get(problem.kind());
    for (int i = 0; i < operations.size(); i++) {
      long start = System.nanoTime();
      int calls = WarmUp.run(operations.get(i)::run, problem.kind().few, spent.warm);
      err.println(
          format(
              "turns: %s, %s: %.1f s before the first turn, calls: %d",
              problem.name(), contenders.get(i), (System.nanoTime() - start) * 1e-9, calls));
    }
    for (int turn = 0; turn < turns; turn++) {
      for (int i = 0; i < operations.size(); i++) {
        int who = (turn + i) % operations.size();
        pause();
        // Brings the data back to the caches.
        operations.get(who).run();
        times[who][first + turn] = block(operations.get(who), problem.cycle(), spent.seconds);
      }
    }
  }

  /** Threads of the contender before, which may wait busily for more work, fall asleep. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Calls for at least so long, in whole cycles; milliseconds per call. */
  private static double block(Operation operation, int cycle, double seconds) {
    long start = System.nanoTime();
    long end;
    int calls = 0;
    do {
      operation.run();
      calls++;
      end = System.nanoTime();
    } while (calls % cycle != 0 || end - start < seconds * 1e9);
    return (end - start) * 1e-6 / calls;
  }

  private static double best(double[] times) {
    return Arrays.stream(times).min().orElseThrow();
  }

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
