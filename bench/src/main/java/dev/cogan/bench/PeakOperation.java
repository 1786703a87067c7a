package dev.cogan.bench;

import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.PeakProbe;

/**
 * Multiply-adds on registers, the same number of them for every number of threads: what a second
 * thread can bring on this machine. On a virtual one that is often less than two times.
 */
final class PeakOperation implements Operation {
  /** Some milliseconds, so that handing the tasks out does not count. */
  private static final int TASKS = 64;

  private static final int RUNS = 4;

  private final PeakProbe probe;
  private final Parallel parallel;
  private final long[] done = new long[TASKS];

  PeakOperation(PeakProbe probe, Parallel parallel) {
    this.probe = probe;
    this.parallel = parallel;
  }

  /** Arithmetic of one call in 1e9 operations. */
  static double gigaFlop(PeakProbe probe) {
    return 1e-9 * probe.run() * RUNS * TASKS;
  }

  @Override
  public void run() {
    parallel.run(
        TASKS,
        (task, worker) -> {
          done[task] = 0;
          for (int i = 0; i < RUNS; i++) {
            done[task] += probe.run();
          }
        });
  }

  /** Operations of every task. */
  @Override
  public float[] result() {
    float[] result = new float[TASKS];
    for (int task = 0; task < TASKS; task++) {
      result[task] = done[task];
    }
    return result;
  }
}
