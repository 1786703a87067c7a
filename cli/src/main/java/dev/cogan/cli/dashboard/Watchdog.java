package dev.cogan.cli.dashboard;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends answers that a client does not take: a thread that is stuck in a write past its deadline is
 * interrupted, which closes the connection that it writes to.
 */
final class Watchdog {
  private final Map<Thread, Long> deadlines = new ConcurrentHashMap<>();
  private final long nanos;

  Watchdog(long millis) {
    nanos = millis * 1_000_000;
  }

  /** The calling thread begins to write. */
  void writing() {
    deadlines.put(Thread.currentThread(), System.nanoTime() + nanos);
  }

  /**
   * The calling thread has written. Its interrupt status is cleared: an interrupt that came after
   * the last byte is not meant for what the thread does next.
   */
  void done() {
    if (deadlines.remove(Thread.currentThread()) == null) {
      Thread.interrupted();
    }
  }

  /** Interrupts those who are late; called every second or so. */
  void check() {
    long now = System.nanoTime();
    deadlines.forEach(
        (thread, deadline) -> {
          if (deadline - now < 0 && deadlines.remove(thread, deadline)) {
            thread.interrupt();
          }
        });
  }
}
