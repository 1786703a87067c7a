package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract promises beyond right results: the same bits always, no garbage, a name. */
interface BehaviourParity extends Parity {

  @Test
  default void bitsDoNotDependOnTheWorkers() {
    for (int workers : new int[] {2, 3, 7}) {
      Kernels alone = create(Parallel.none());
      Kernels many = create(new ReverseParallel(workers));
      for (ContractCalls call : ContractCalls.all()) {
        assertSameBits(
            call.name() + " with " + workers + " workers", call.run(alone), call.run(many));
      }
    }
  }

  @Test
  default void bitsDoNotDependOnWhatRanBefore() {
    List<ContractCalls> calls = ContractCalls.all();
    Kernels used = create(Parallel.none());
    for (ContractCalls call : calls) {
      assertSameBits(call.name(), call.run(create(Parallel.none())), call.run(used));
    }
    for (int i = calls.size() - 1; i >= 0; i--) {
      ContractCalls call = calls.get(i);
      assertSameBits(call.name() + " again", call.run(create(Parallel.none())), call.run(used));
    }
  }

  @Test
  default void bitsDoNotDependOnTheCompiler() {
    // The first calls are interpreted, the last ones compiled, and what is between changes over.
    Kernels kernels = create(Parallel.none());
    ContractCalls[] calls =
        ContractCalls.all().stream()
            .filter(c -> c.buffers()[0].length > 60_000 && !c.name().contains("ConvShape"))
            .toArray(ContractCalls[]::new);
    assertThat(calls).hasSizeGreaterThan(8);
    for (ContractCalls call : calls) {
      Buffer[] first = call.run(kernels);
      for (int repeat = 0; repeat < 30; repeat++) {
        assertSameBits(call.name() + ", repeat " + repeat, first, call.run(kernels));
      }
    }
  }

  @Test
  default void secondCallsAllocateNothing() throws ReflectiveOperationException {
    Kernels kernels = create(Parallel.none());
    for (ContractCalls call : ContractCalls.all()) {
      Buffer[] b = Buffer.copies(call.buffers());
      call.call().run(kernels, b);
      call.call().run(kernels, b);
      long perCall = bytesPerCall(kernels, call, b);
      for (int i = 0; i < callsUntilCompiled() && perCall >= 1024; i += 4) {
        perCall = bytesPerCall(kernels, call, b);
      }
      assertThat(perCall).as("bytes per call of %s", call.name()).isLessThan(1024);
    }
  }

  /**
   * How often a kernel may have to be called until it allocates nothing. Plain Java needs none; the
   * Vector API allocates in interpreted code, whatever the code does.
   */
  default int callsUntilCompiled() {
    return 0;
  }

  @Test
  default void saysWhatItIs() {
    Parallel parallel = new ReverseParallel(2);
    Kernels kernels = create(parallel);
    assertThat(kernels.name()).matches("[a-z]+");
    assertThat(kernels.describe()).startsWith(kernels.name());
    assertThat(kernels.parallel()).isIn(parallel, Parallel.none());
  }

  private static long bytesPerCall(Kernels kernels, ContractCalls call, Buffer[] b)
      throws ReflectiveOperationException {
    allocatedBytes();
    long before = allocatedBytes();
    for (int i = 0; i < 4; i++) {
      call.call().run(kernels, b);
    }
    return (allocatedBytes() - before) / 4;
  }

  private static void assertSameBits(String what, Buffer[] expected, Buffer[] actual) {
    for (int i = 0; i < expected.length; i++) {
      if (expected[i].array != null) {
        assertThat(Parity.sameBits(expected[i].array, actual[i].array))
            .as("bits of argument %d of %s", i, what)
            .isTrue();
      }
    }
  }

  /**
   * Bytes the current thread has allocated. By reflection, since these tests are compiled into a
   * module that reads java.base only.
   */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method bytes =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class);
    return (long) bytes.invoke(bean, currentThreadId());
  }

  // Thread.getId is deprecated from 19 on, its successor does not exist in 17.
  @SuppressWarnings("deprecation")
  private static long currentThreadId() {
    return Thread.currentThread().getId();
  }
}
