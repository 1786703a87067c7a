package dev.cogan.engine.kernel;

/**
 * How kernels spread work. The library starts no thread on its own: who embeds it passes a {@code
 * Parallel}, and {@link #none()} is the default.
 *
 * <p>Tasks write disjoint results. How many rows or columns of a result a task has may follow the
 * number of workers; where a sum is cut never does. So results are the same bits for every
 * implementation of this interface.
 */
public interface Parallel {

  /** Work that is cut into numbered tasks. */
  @FunctionalInterface
  interface Body {
    /**
     * Does one task.
     *
     * @param task number of the task, from 0
     * @param worker who does it, from 0 to {@code workers() - 1}; two tasks that run at the same
     *     time have different workers, so a worker may own scratch memory
     */
    void run(int task, int worker);
  }

  /** How many tasks may run at the same time, at least 1. */
  int workers();

  /**
   * Runs {@code body} for every task from 0 to {@code tasks - 1}, in any order, and returns when
   * all have ended. An exception of a task is thrown here. Calls do not nest.
   */
  void run(int tasks, Body body);

  /** Everything in the caller's thread. */
  static Parallel none() {
    return Sequentially.INSTANCE;
  }

  /** The {@code Parallel} that starts no thread. */
  final class Sequentially implements Parallel {
    private static final Sequentially INSTANCE = new Sequentially();

    private Sequentially() {}

    @Override
    public int workers() {
      return 1;
    }

    @Override
    public void run(int tasks, Body body) {
      for (int task = 0; task < tasks; task++) {
        body.run(task, 0);
      }
    }
  }
}
