package dev.cogan.engine.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A {@link Parallel} with threads of its own, for callers that want one: nothing in the engine
 * starts it. The caller's thread works too, as worker 0; the others are daemon threads named {@code
 * cogan-worker-1} and so on. A run allocates nothing.
 *
 * <p>Between runs workers spin for some tenths of a millisecond, since kernels come in quick
 * succession and a thread that sleeps takes long to wake up, and then park. More threads than
 * processors park at once: a thread that spins would keep another from its work.
 *
 * <p>One caller at a time, and no nesting: {@link #run} throws an {@link IllegalStateException}
 * while another run is under way, be it in the same thread or in another.
 */
public final class ThreadPool implements Parallel, AutoCloseable {
  /**
   * How long a thread waits awake. What lies between two kernels of a training step is mostly less:
   * with some 0.02 ms a thread's first task began so late, and the end of the others' was seen so
   * late, that 4.3 % of two threads' time was lost, with 0.1 ms 3.1 %, with more 2.6 % (Zen 4).
   */
  private static final long AWAKE_NANOS = 200_000;

  private final Worker[] threads;
  private final long awakeNanos;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile boolean closed;

  // What the current run is. Written only while `unclaimed` is 0 and all tasks have ended; read
  // only after a task was claimed, so that nobody sees half of one run and half of the next.
  private Body body;
  private int tasks;
  private Thread caller;

  /** Tasks that nobody has taken yet. */
  private final AtomicInteger unclaimed = new AtomicInteger();

  /** Tasks that have ended. */
  private final AtomicInteger ended = new AtomicInteger();

  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * Starts the threads.
   *
   * @param threads how many work at the same time, the caller included
   * @throws IllegalArgumentException if {@code threads} is less than 1
   * @throws OutOfMemoryError if the system gives no more threads; none of them stays then
   */
  public ThreadPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a pool needs at least 1 thread, got " + threads);
    }
    awakeNanos = threads <= Runtime.getRuntime().availableProcessors() ? AWAKE_NANOS : 0;
    this.threads = new Worker[threads - 1];
    for (int i = 0; i < this.threads.length; i++) {
      this.threads[i] = new Worker(i + 1);
    }
    try {
      for (Worker worker : this.threads) {
        worker.start();
      }
    } catch (OutOfMemoryError e) {
      // The system has no more threads: those that it had must not wait for work for ever.
      close();
      throw e;
    }
  }

  @Override
  public int workers() {
    return threads.length + 1;
  }

  /**
   * {@inheritDoc}
   *
   * <p>When a task throws, tasks that have not begun are skipped, and the first exception is thrown
   * here once the running ones have ended. The pool can be used again. An interrupt ends nothing,
   * and is pending when this returns.
   *
   * @throws IllegalStateException if the pool is closed or another run is under way
   */
  @Override
  public void run(int tasks, Body body) {
    if (closed) {
      throw new IllegalStateException("the thread pool is closed");
    }
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "the thread pool is at work: runs do not nest, and a pool serves one caller at a time");
    }
    try {
      if (tasks > 0) {
        start(tasks, body);
        work(0);
        awaitEnd(tasks);
      }
      Throwable thrown = failure.getAndSet(null);
      if (thrown instanceof Error) {
        throw (Error) thrown;
      } else if (thrown instanceof RuntimeException) {
        throw (RuntimeException) thrown;
      } else if (thrown != null) {
        throw new IllegalStateException("a task threw a checked exception", thrown);
      }
    } finally {
      this.body = null;
      this.caller = null;
      busy.set(false);
    }
  }

  private void start(int tasks, Body body) {
    this.body = body;
    this.tasks = tasks;
    this.caller = Thread.currentThread();
    ended.set(0);
    // The volatile write publishes all of the above.
    unclaimed.set(tasks);
    int helpers = Math.min(tasks - 1, threads.length);
    for (int i = 0; i < helpers; i++) {
      if (threads[i].parked) {
        LockSupport.unpark(threads[i]);
      }
    }
  }

  /** Takes tasks until none is left. */
  private void work(int worker) {
    while (true) {
      int left = unclaimed.get();
      if (left == 0) {
        return;
      }
      if (unclaimed.compareAndSet(left, left - 1)) {
        // Read now: until this task has ended the fields belong to its run.
        int all = tasks;
        Thread waiting = caller;
        if (failure.get() == null) {
          try {
            body.run(all - left, worker);
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          }
        }
        if (ended.incrementAndGet() == all && worker != 0) {
          LockSupport.unpark(waiting);
        }
      }
    }
  }

  private void awaitEnd(int tasks) {
    long since = System.nanoTime();
    boolean interrupted = false;
    while (ended.get() != tasks) {
      if (System.nanoTime() - since < awakeNanos) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        // With an interrupt pending nothing parks, and this would go on spinning.
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the threads and waits for them. Closing twice does nothing.
   *
   * @throws IllegalStateException if a run is under way
   */
  @Override
  public void close() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("the thread pool is at work and cannot be closed");
    }
    closed = true;
    busy.set(false);
    boolean interrupted = false;
    for (Worker worker : threads) {
      LockSupport.unpark(worker);
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Worker extends Thread {
    private final int number;
    private volatile boolean parked;

    Worker(int number) {
      super("cogan-worker-" + number);
      this.number = number;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!closed) {
        work(number);
        long since = System.nanoTime();
        while (unclaimed.get() == 0 && !closed) {
          if (System.nanoTime() - since < awakeNanos) {
            Thread.onSpinWait();
          } else {
            // First say so, then look once more: a run that starts in between sees the flag.
            parked = true;
            if (unclaimed.get() == 0 && !closed) {
              LockSupport.park(ThreadPool.this);
              // Somebody's interrupt means nothing here, and would keep this thread from parking.
              Thread.interrupted();
            }
            parked = false;
          }
        }
      }
    }
  }
}
