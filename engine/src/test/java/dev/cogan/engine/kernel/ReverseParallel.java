package dev.cogan.engine.kernel;

import java.util.concurrent.atomic.AtomicReference;

/** Runs tasks last to first in real threads: what depends on the order of tasks shows. */
final class ReverseParallel implements Parallel {
  private final int workers;

  ReverseParallel(int workers) {
    this.workers = workers;
  }

  @Override
  public int workers() {
    return workers;
  }

  @Override
  public void run(int tasks, Body body) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread[] threads = new Thread[Math.min(workers, tasks)];
    for (int t = 0; t < threads.length; t++) {
      int first = tasks - 1 - t;
      int worker = workers - 1 - t;
      threads[t] =
          new Thread(
              () -> {
                try {
                  for (int task = first; task >= 0; task -= workers) {
                    body.run(task, worker);
                  }
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a task failed", failure.get());
    }
  }
}
