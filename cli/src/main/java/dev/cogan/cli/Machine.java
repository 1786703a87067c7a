package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.kernel.KernelSelector;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ThreadPool;
import dev.cogan.engine.nn.Memory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What the commands that compute have in common: threads, kernels, memory. */
final class Machine {
  // What stays of the heap for the images, the JVM and the garbage collector.
  private static final double USABLE = 0.85;
  private static final double GIVEN = 0.94;

  // What scalar kernels compute, roughly, while vector kernels are being compiled.
  private static final long WORTH_COMPILING = 20_000_000_000L;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; results do not depend on it (default: all cores).")
  private Integer threads;

  int threads() {
    int cores = Runtime.getRuntime().availableProcessors();
    if (threads == null) {
      return cores;
    }
    if (threads < 1 || threads > 1024) {
      throw new InputException("--threads must be 1 to 1024, got " + threads);
    }
    return threads;
  }

  /** Selects the kernels; says in one line when they are not the fast ones. */
  static KernelSelection select(PrintWriter err) {
    KernelSelection selection;
    try {
      selection = KernelSelector.select();
    } catch (IllegalStateException e) {
      throw new InputException(e.getMessage(), e);
    }
    if (!selection.name().equals("vector")) {
      Errors.print(err, selection.describe());
    }
    return selection;
  }

  /**
   * Selects the kernels of a command that computes little: the vector kernels need most of a second
   * until the JVM has compiled them, within which the scalar kernels are done. A choice by the
   * property {@code cogan.kernels} stands.
   *
   * @param multiplyAdds of the whole command
   */
  static KernelSelection selectForShort(long multiplyAdds, PrintWriter err) {
    boolean open = System.getProperty(KernelSelector.PROPERTY, "auto").equals("auto");
    return open && multiplyAdds < WORTH_COMPILING ? KernelSelector.select("scalar") : select(err);
  }

  /** Threads and kernels; closing ends the threads. */
  static final class Engine implements AutoCloseable {
    final ThreadPool pool;
    final Kernels kernels;

    /** What was chosen, and why. */
    final String describe;

    Engine(KernelSelection selection, int threads) {
      pool = new ThreadPool(threads);
      kernels = selection.create(pool);
      describe = selection.describe();
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  /**
   * Refuses a plan that the heap cannot hold.
   *
   * @param what is planned, for the message
   * @param remedy what would lower it
   */
  static void requireHeap(Memory plan, long more, String what, String remedy) {
    long heap = Runtime.getRuntime().maxMemory();
    long needed = plan.bytes() + more;
    if (needed + plan.rounding() > USABLE * heap) {
      // Only now: to ask for the collector loads classes that a short command can do without.
      needed += lost(plan);
    }
    if (needed > USABLE * heap) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s needs %d MiB, of a heap of %d MiB about %d can be used; %s or raise the heap"
                  + " with -Xmx",
              what,
              mebibytes(needed),
              mebibytes(heap),
              mebibytes((long) (USABLE * heap)),
              remedy));
    }
  }

  /** Lines about a plan that has been found to fit. */
  static List<String> describe(Memory plan) {
    return List.of(
        Fields.line("memory", plan.total() + ": " + plan.parts()),
        Fields.line(
            "heap",
            String.format(
                Locale.ROOT,
                "-Xmx%dm is enough; this JVM may use %d MiB",
                mebibytes(enough(plan)),
                mebibytes(Runtime.getRuntime().maxMemory()))));
  }

  /** The smallest {@code -Xmx} that is not refused, in bytes. */
  static long enough(Memory plan) {
    // Some collectors keep a part of -Xmx for themselves, so that maxMemory() is less.
    return (long) ((plan.bytes() + lost(plan)) / (USABLE * GIVEN));
  }

  /** What the collector of this JVM loses on large arrays. */
  private static long lost(Memory plan) {
    return Collector.hasRegions() ? plan.rounding() : 0;
  }

  static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
