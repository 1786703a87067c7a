package dev.cogan.cli;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps the process of a training near what lives in its heap, with the collector and the heap that
 * the JVM chose by itself.
 *
 * <p>Until the kernels are compiled every vector of theirs is an object, gigabytes of them per
 * second. G1 finds that it collects too often and doubles the heap, though all of it is garbage a
 * moment later, and the process never was so large again. So as soon as the heap has grown, a full
 * collection gives the room back: some hundredths of a second, since few and large arrays live
 * there. Later a training allocates nothing, and nothing is to do.
 *
 * <p>A JVM has one heap, however many trainings run in it: the first of them begins, the last one
 * ends. All of this is good manners, no part of the training: nothing here ever fails it.
 */
final class SmallHeap {
  /**
   * How often the heap's size is looked at, in milliseconds: interpreted kernels fill 25 MB within
   * the first. Where it does not grow, less and less often.
   */
  private static final long PERIOD = 10;

  private static final long LONGEST_PERIOD = 50;

  /** Growth that is no collector's caution: arrays come one by one. */
  private static final long LEAST_GROWTH = 64L << 20;

  private static final SmallHeap OF_THIS_JVM =
      new SmallHeap(Runtime.getRuntime()::totalMemory, System::gc, SmallHeap::freeLittle);

  private final LongSupplier size;
  private final Runnable collect;
  private final Supplier<Runnable> limits;

  private int held;
  private Thread watch;
  private Runnable restoreLimits;

  /**
   * For tests; others {@link #keep}.
   *
   * @param size of the heap now, in bytes
   * @param collect a full collection
   * @param limits lets the heap keep little of it free, and gives what moves that back
   */
  SmallHeap(LongSupplier size, Runnable collect, Supplier<Runnable> limits) {
    this.size = size;
    this.collect = collect;
    this.limits = limits;
  }

  /** Begins for one training; when the last of them is closed, the JVM is as it was before. */
  static Held keep() {
    return OF_THIS_JVM.hold();
  }

  /** From here to {@link #close} the heap is kept small. */
  final class Held implements AutoCloseable {
    private boolean open = true;

    private Held() {}

    @Override
    public void close() {
      if (open) {
        open = false;
        release();
      }
    }
  }

  synchronized Held hold() {
    if (held == 0) {
      restoreLimits = limits.get();
      // The heap that a JVM begins with grows with the machine: 1 GB where there are 64.
      collect.run();
      watch = new Thread(this::watch, "cogan-heap");
      watch.setDaemon(true);
      try {
        watch.start();
      } catch (OutOfMemoryError e) {
        // The system allows no more threads: the heap grows as it would without all this.
      }
    }
    held++;
    return new Held();
  }

  private synchronized void release() {
    if (--held == 0) {
      watch.interrupt();
      try {
        restoreLimits.run();
      } catch (RuntimeException e) {
        // Something else in this JVM has moved them meanwhile: its values are the newer ones.
      }
    }
  }

  private static Runnable freeLittle() {
    try {
      return FreeHeap.keepSmall();
    } catch (NoClassDefFoundError | RuntimeException e) {
      return () -> {}; // No module jdk.management, or no HotSpot: the heap is a little larger.
    }
  }

  private void watch() {
    long limit = limit(size.getAsLong());
    long period = PERIOD;
    try {
      while (true) {
        Thread.sleep(period);
        period = Math.min(period + 1, LONGEST_PERIOD);
        if (size.getAsLong() > limit) {
          collect.run();
          // A collector that gives nothing back is not asked again before it takes more.
          limit = limit(size.getAsLong());
          period = PERIOD;
        }
      }
    } catch (InterruptedException e) {
      // Released.
    }
  }

  private static long limit(long total) {
    return total + Math.max(LEAST_GROWTH, total / 8);
  }
}
