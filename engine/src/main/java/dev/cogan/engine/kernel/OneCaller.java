package dev.cogan.engine.kernel;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notices that two threads call the same kernels, which would use the same scratch memory and give
 * wrong numbers without a word.
 */
final class OneCaller implements Parallel {
  private final Parallel parallel;
  private final AtomicBoolean busy = new AtomicBoolean();

  OneCaller(Parallel parallel) {
    this.parallel = parallel;
  }

  @Override
  public int workers() {
    return parallel.workers();
  }

  @Override
  public void run(int tasks, Body body) {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "two threads call the same kernels at a time; each needs kernels of its own");
    }
    try {
      parallel.run(tasks, body);
    } finally {
      busy.set(false);
    }
  }
}
