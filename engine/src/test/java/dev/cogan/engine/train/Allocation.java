package dev.cogan.engine.train;

import java.lang.reflect.Method;

/** Bytes that the current thread has allocated so far. */
final class Allocation {
  private Allocation() {}

  /** By reflection, since these tests are compiled into a module that reads java.base only. */
  static long bytes() {
    try {
      Object bean =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      Method bytes =
          Class.forName("com.sun.management.ThreadMXBean")
              .getMethod("getThreadAllocatedBytes", long.class);
      return (long) bytes.invoke(bean, currentThreadId());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  // Thread.getId is deprecated from 19 on, its successor does not exist in 17.
  @SuppressWarnings("deprecation")
  private static long currentThreadId() {
    return Thread.currentThread().getId();
  }
}
