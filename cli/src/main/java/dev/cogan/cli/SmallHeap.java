package dev.cogan.cli;

/**
 * Keeps the process of a training near what lives in its heap, with the collector and the heap that
 * the JVM chose by itself.
 *
 * <p>Until the kernels are compiled every vector of theirs is an object, gigabytes of them per
 * second. G1 finds that it collects too often and doubles the heap, though all of it is garbage a
 * moment later, and the process never was so large again. So as soon as the heap has grown, a full
 * collection gives the room back: some hundredths of a second, since few and large arrays live
 * there. Later a training allocates nothing, and nothing is to do.
 */
final class SmallHeap implements AutoCloseable {
  /**
   * How often the heap's size is looked at, in milliseconds: interpreted kernels fill 25 MB within
   * the first. Where it does not grow, less and less often.
   */
  private static final long PERIOD = 10;

  private static final long LONGEST_PERIOD = 50;

  /** Growth that is no collector's caution: arrays come one by one. */
  private static final long LEAST_GROWTH = 64L << 20;

  private final Runnable restoreLimits;
  private final Thread thread = new Thread(this::watch, "cogan-heap");

  private SmallHeap(Runnable restoreLimits) {
    this.restoreLimits = restoreLimits;
    thread.setDaemon(true);
  }

  /** Begins; when it is closed, the JVM is as it was before. */
  static SmallHeap keep() {
    SmallHeap heap = new SmallHeap(freeLittle());
    // The heap that a JVM begins with grows with the machine: 1 GB where there are 64.
    System.gc();
    heap.thread.start();
    return heap;
  }

  private static Runnable freeLittle() {
    try {
      return FreeHeap.keepSmall();
    } catch (NoClassDefFoundError | RuntimeException e) {
      return () -> {}; // No module jdk.management, or no HotSpot: the heap is a little larger.
    }
  }

  private void watch() {
    Runtime jvm = Runtime.getRuntime();
    long limit = limit(jvm.totalMemory());
    long period = PERIOD;
    try {
      while (true) {
        Thread.sleep(period);
        period = Math.min(period + 1, LONGEST_PERIOD);
        if (jvm.totalMemory() > limit) {
          System.gc();
          // A collector that gives nothing back is not asked again before it takes more.
          limit = limit(jvm.totalMemory());
          period = PERIOD;
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private static long limit(long total) {
    return total + Math.max(LEAST_GROWTH, total / 8);
  }

  @Override
  public void close() {
    thread.interrupt();
    restoreLimits.run();
  }
}
