package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;

/** What code, kernels above all, leaves for the garbage collector. */
public final class Allocations {
  /** For arrays that grow, and for the measuring itself. */
  private static final long FEW = 1024;

  private Allocations() {}

  /**
   * Fails unless every kernel, called again with the same sizes, allocates nothing.
   *
   * @param secondsUntilCompiled how long a kernel may have to be called until it allocates nothing.
   *     Plain Java needs none; the Vector API allocates in interpreted code, whatever the code does
   */
  public static void requireNone(Kernels kernels, int secondsUntilCompiled) {
    List<ContractCalls> calls = ContractCalls.all();
    // All kernels in turn, as a training calls them, so that the compiler sees all that there is.
    Buffer[][] buffers = callAll(kernels, calls, secondsUntilCompiled == 0 ? 2 : 30);
    for (int i = 0; i < buffers.length; i++) {
      long perCall = bytesPerCall(kernels, calls.get(i), buffers[i]);
      long end = System.nanoTime() + secondsUntilCompiled * 1_000_000_000L;
      while (perCall >= FEW && System.nanoTime() < end) {
        perCall = bytesPerCall(kernels, calls.get(i), buffers[i]);
      }
      assertThat(perCall).as("bytes per call of %s", calls.get(i).name()).isLessThan(FEW);
    }
  }

  /** Calls every kernel of the contract so many times, in turn. */
  public static void callAll(Kernels kernels, int rounds) {
    callAll(kernels, ContractCalls.all(), rounds);
  }

  private static Buffer[][] callAll(Kernels kernels, List<ContractCalls> calls, int rounds) {
    Buffer[][] buffers = new Buffer[calls.size()][];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = Buffer.copies(calls.get(i).buffers());
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < buffers.length; i++) {
        calls.get(i).call().run(kernels, buffers[i]);
      }
    }
    return buffers;
  }

  private static long bytesPerCall(Kernels kernels, ContractCalls call, Buffer[] b) {
    bytes();
    long before = bytes();
    for (int i = 0; i < 4; i++) {
      call.call().run(kernels, b);
    }
    return (bytes() - before) / 4;
  }

  /**
   * Bytes the current thread has allocated so far. By reflection, since these tests are compiled
   * into a module that reads java.base only.
   */
  public static long bytes() {
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
