package dev.cogan.engine.train;

import dev.cogan.engine.kernel.Parallel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Two threads that take tasks in whatever order comes. */
final class TwoThreads implements Parallel, AutoCloseable {
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  @Override
  public int workers() {
    return 2;
  }

  @Override
  public void run(int tasks, Body body) {
    AtomicInteger next = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(2);
    Throwable[] failure = new Throwable[1];
    for (int worker = 0; worker < 2; worker++) {
      int me = worker;
      threads.execute(
          () -> {
            try {
              for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
                body.run(task, me);
              }
            } catch (RuntimeException | Error e) {
              synchronized (failure) {
                failure[0] = e;
              }
            } finally {
              done.countDown();
            }
          });
    }
    try {
      done.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure[0] != null) {
      throw new AssertionError(failure[0]);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
