package dev.cogan.cli.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Calls something until the JIT compiler has had its time. Until then vectors are objects, and what
 * is called allocates by the megabyte; so that is what is looked at, as far as the JVM tells.
 */
public final class WarmUp {
  /** A kernel that is compiled leaves nothing. */
  public static final long KERNEL = 1 << 20;

  /** Some kernels of a step run so seldom that they stay interpreted for long; they cost little. */
  public static final long STEP = 16 << 20;

  /** How many times as long it may take where the compiler is late. */
  private static final int PATIENCE = 5;

  private WarmUp() {}

  /**
   * Calls it at least once.
   *
   * @param few bytes that a call allocates when it is compiled
   * @param seconds to call it for; up to five times as long if it is not compiled by then
   * @return how many calls it took
   */
  public static int run(Runnable call, long few, double seconds) {
    long start = System.nanoTime();
    double elapsed;
    long bytes;
    int calls = 0;
    do {
      long before = allocated();
      call.run();
      calls++;
      bytes = allocated() - before;
      elapsed = (System.nanoTime() - start) / 1e9;
    } while (elapsed < seconds || bytes > few && elapsed < PATIENCE * seconds);
    return calls;
  }

  /** Bytes that this thread, which works as all others do, has allocated; 0 if nobody counts. */
  private static long allocated() {
    try {
      return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
          ? bean.getThreadAllocatedBytes(Thread.currentThread().getId())
          : 0;
    } catch (NoClassDefFoundError | UnsupportedOperationException e) {
      return 0; // A JVM without the modules, or one that does not count.
    }
  }
}
