package dev.cogan.bench;

import dev.cogan.engine.model.ConfigException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compares implementations in turn in one JVM: on a machine whose speed changes from minute to
 * minute only what was measured side by side compares. Prints one row of Markdown per problem:
 * milliseconds per call, best / median of the turns, and how many times as fast the first contender
 * is as each other one, by the best turns and by the medians. In every turn another contender
 * begins. Results are checked before anything is timed, as in the benchmarks.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp bench/target/cogan-bench-peers.jar dev.cogan.bench.Turns \
 *       [--turns 9] [--seconds 0.1] [--warm 1.5] vector:1,openblas:1 gemm
 * </pre>
 *
 * <p>A contender is an implementation and its number of threads. Problems are in {@link
 * TurnProblems}.
 */
public final class Turns {
  private static final String USAGE =
      "arguments: [--turns 9] [--seconds 0.1] [--warm 1.5] contender,contender... problem...,"
          + " for example vector:1,openblas:1 gemm";

  /**
   * libtorch's threads wait busily for some milliseconds, and took a core from whoever was next.
   */
  private static final long PAUSE_MS = 30;

  private final int turns;
  private final double seconds;

  /** Seconds that each contender runs before anything counts, so that the compilers are done. */
  private final double warm;

  private final List<Contender> contenders;
  private final PrintStream out;

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

  Turns(int turns, double seconds, double warm, List<Contender> contenders, PrintStream out) {
    this.turns = turns;
    this.seconds = seconds;
    this.warm = warm;
    this.contenders = contenders;
    this.out = out;
  }

  /**
   * Measures and prints; exits with 2 if an argument is wrong, with 1 if a contender cannot do what
   * it is asked for or does it wrong.
   */
  public static void main(String[] args) {
    try {
      run(args, System.out);
    } catch (ConfigException e) {
      System.err.println("turns: " + e.getMessage());
      System.exit(2);
    } catch (IllegalStateException | UnsupportedOperationException e) {
      System.err.println("turns: " + e.getMessage());
      System.exit(1);
    }
    // Peers may leave threads behind that keep the JVM alive.
    System.exit(0);
  }

  /**
   * What {@link #main} does.
   *
   * @throws ConfigException if an argument is wrong
   */
  static void run(String[] args, PrintStream out) {
    int turns = 9;
    double seconds = 0.1;
    double warm = 1.5;
    int at = 0;
    for (; at + 1 < args.length && args[at].startsWith("--"); at += 2) {
      switch (args[at]) {
        case "--turns" -> turns = whole(args[at], args[at + 1]);
        case "--seconds" -> seconds = number(args[at], args[at + 1], 1e-3, 600);
        case "--warm" -> warm = number(args[at], args[at + 1], 0, 600);
        default -> throw new ConfigException("unknown option '" + args[at] + "'; " + USAGE);
      }
    }
    if (args.length - at < 2) {
      throw new ConfigException("too few arguments; " + USAGE);
    }
    List<Contender> contenders = Contender.parse(args[at]);
    List<TurnProblems.Problem> problems = new ArrayList<>();
    for (int i = at + 1; i < args.length; i++) {
      problems.addAll(TurnProblems.parse(args[i]));
    }
    Turns program = new Turns(turns, seconds, warm, contenders, out);
    program.header();
    problems.forEach(program::row);
  }

  private static int whole(String option, String text) {
    double value = number(option, text, 1, 1000);
    if (value != Math.rint(value)) {
      throw new ConfigException(option + ": expected a whole number, got '" + text + "'");
    }
    return (int) value;
  }

  private static double number(String option, String text, double least, double most) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value >= least && value <= most)) {
      throw new ConfigException(
          String.format(
              Locale.ROOT,
              "%s: expected a number from %s to %s, got '%s'",
              option,
              least,
              most,
              text));
    }
    return value;
  }

  private void header() {
    StringBuilder names = new StringBuilder("| best / median of " + turns + ", ms per call |");
    StringBuilder line = new StringBuilder("|---|");
    for (int i = 0; i < contenders.size(); i++) {
      names.append(' ').append(contenders.get(i)).append(i == 0 ? " | GFLOP/s |" : " | ratio |");
      line.append("---|---|");
    }
    out.println(names);
    out.println(line);
  }

  private void row(TurnProblems.Problem problem) {
    List<Operation> operations = new ArrayList<>();
    try {
      for (Contender contender : contenders) {
        operations.add(problem.open(contender.name(), contender.threads()));
      }
      double[][] times = measure(operations, problem.cycle());
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
      out.flush();
    } finally {
      operations.forEach(Operation::close);
    }
  }

  /** Milliseconds per call of every turn, one row per contender. */
  private double[][] measure(List<Operation> operations, int cycle) {
    for (Operation operation : operations) {
      block(operation, cycle, warm);
    }
    double[][] times = new double[operations.size()][turns];
    for (int turn = 0; turn < turns; turn++) {
      for (int i = 0; i < operations.size(); i++) {
        int who = (turn + i) % operations.size();
        pause();
        // Brings the data back to the caches.
        operations.get(who).run();
        times[who][turn] = block(operations.get(who), cycle, seconds);
      }
    }
    return times;
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
