package dev.cogan.cli.bench;

import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.PeakProbe;
import java.util.concurrent.atomic.AtomicLong;

/** What the machine could do at most: multiply-adds on registers, on all threads at once. */
public final class Peak {
  private static final int ROUNDS = 400;

  private Peak() {}

  /**
   * The best of many short measurements.
   *
   * @param probe does the work, or null
   * @return GFLOP/s of all threads together, or 0 if there is no probe
   */
  public static double gigaflops(PeakProbe probe, Parallel parallel) {
    if (probe == null) {
      return 0;
    }
    double best = 0;
    AtomicLong flop = new AtomicLong();
    Parallel.Body body =
        (task, worker) -> {
          long sum = 0;
          for (int i = 0; i < 100; i++) {
            sum += probe.run();
          }
          flop.addAndGet(sum);
        };
    for (int round = 0; round < ROUNDS; round++) {
      flop.set(0);
      long start = System.nanoTime();
      parallel.run(parallel.workers(), body);
      best = Math.max(best, flop.get() / (double) (System.nanoTime() - start));
    }
    return best;
  }
}
