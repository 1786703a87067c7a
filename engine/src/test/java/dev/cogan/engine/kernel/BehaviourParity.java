package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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
    Allocations.requireNone(create(Parallel.none()), 0);
  }

  /** A second thread would use the same scratch memory: wrong numbers without a word. */
  @Test
  default void aSecondCallerIsNoticed() {
    AtomicReference<Kernels> kernels = new AtomicReference<>();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    float[] a = new float[128 * 128];
    Runnable product =
        () ->
            kernels
                .get()
                .gemm(
                    false,
                    false,
                    128,
                    128,
                    128,
                    a,
                    0,
                    128,
                    a,
                    0,
                    128,
                    0f,
                    new float[a.length],
                    0,
                    128);
    Parallel parallel =
        new Parallel() {
          @Override
          public int workers() {
            return 2;
          }

          @Override
          public void run(int tasks, Body body) {
            if (refused.get() == null) {
              Thread second = new Thread(product);
              second.setUncaughtExceptionHandler((thread, e) -> refused.set(e));
              second.start();
              assertThatCode(second::join).doesNotThrowAnyException();
            }
            Parallel.none().run(tasks, body);
          }
        };
    kernels.set(create(parallel));
    product.run();
    assertThat(refused.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("each needs kernels of its own");
    product.run();
  }

  @Test
  default void saysWhatItIs() {
    Parallel parallel = new ReverseParallel(2);
    Kernels kernels = create(parallel);
    assertThat(kernels.name()).matches("[a-z]+");
    assertThat(kernels.describe()).startsWith(kernels.name());
    assertThat(kernels.parallel()).isIn(parallel, Parallel.none());
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
}
