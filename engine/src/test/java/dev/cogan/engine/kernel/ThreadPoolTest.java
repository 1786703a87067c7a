package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ThreadPoolTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyTaskRunsOnceInEveryRun(int threads) {
    try (ThreadPool pool = new ThreadPool(threads)) {
      assertThat(pool.workers()).isEqualTo(threads);
      // Plain arrays on purpose: what tasks write has to be visible to the caller after run().
      int[] actual = new int[50];
      int[] expected = new int[50];
      for (int run = 0; run < 20_000; run++) {
        int tasks = run % 50 + 1;
        int salt = run;
        pool.run(tasks, (task, worker) -> actual[task] += salt);
        for (int task = 0; task < tasks; task++) {
          expected[task] += salt;
        }
        if (!Arrays.equals(expected, actual)) {
          assertThat(actual).as("after run %d", run).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void workersAreDistinctWhileTheyWork() {
    int threads = 4;
    try (ThreadPool pool = new ThreadPool(threads)) {
      AtomicIntegerArray inside = new AtomicIntegerArray(threads);
      AtomicInteger clashes = new AtomicInteger();
      for (int run = 0; run < 500; run++) {
        pool.run(
            64,
            (task, worker) -> {
              if (inside.incrementAndGet(worker) != 1) {
                clashes.incrementAndGet();
              }
              Thread.onSpinWait();
              inside.decrementAndGet(worker);
            });
      }
      assertThat(clashes).hasValue(0);
    }
  }

  @Test
  void allThreadsTakePartAndTheCallerIsWorkerZero() {
    try (ThreadPool pool = new ThreadPool(3)) {
      Set<String> names = ConcurrentHashMap.newKeySet();
      Thread caller = Thread.currentThread();
      CountDownLatch all = new CountDownLatch(3);
      // Each task waits for the other two, so three threads must be at work.
      pool.run(
          3,
          (task, worker) -> {
            names.add(Thread.currentThread().getName());
            if (Thread.currentThread() == caller) {
              assertThat(worker).isZero();
            } else {
              assertThat(Thread.currentThread().getName()).isEqualTo("cogan-worker-" + worker);
              assertThat(Thread.currentThread().isDaemon()).isTrue();
            }
            all.countDown();
            try {
              all.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(names)
          .containsExactlyInAnyOrder(caller.getName(), "cogan-worker-1", "cogan-worker-2");
    }
  }

  @Test
  void theFirstExceptionComesOutAndThePoolGoesOn() {
    try (ThreadPool pool = new ThreadPool(3)) {
      for (int run = 0; run < 200; run++) {
        RuntimeException thrown = new RuntimeException("task");
        assertThatThrownBy(
                () ->
                    pool.run(
                        40,
                        (task, worker) -> {
                          if (task == 17) {
                            throw thrown;
                          }
                        }))
            .isSameAs(thrown);
        AtomicInteger count = new AtomicInteger();
        pool.run(40, (task, worker) -> count.incrementAndGet());
        assertThat(count).hasValue(40);
      }
      assertThatThrownBy(
              () ->
                  pool.run(
                      4,
                      (task, worker) -> {
                        throw new AssertionError("an Error too");
                      }))
          .isInstanceOf(AssertionError.class)
          .hasMessage("an Error too");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void nestedRunsAreRefused(int threads) {
    try (ThreadPool pool = new ThreadPool(threads)) {
      Runnable end = pool::close;
      assertThatIllegalStateException()
          .isThrownBy(() -> pool.run(2, (task, worker) -> pool.run(2, (t, w) -> {})))
          .withMessageContaining("do not nest");
      assertThatIllegalStateException()
          .isThrownBy(() -> pool.run(2, (task, worker) -> end.run()))
          .withMessageContaining("cannot be closed");
      pool.run(2, (task, worker) -> {});
    }
  }

  @Test
  void closeEndsTheThreads() {
    ThreadPool pool = new ThreadPool(4);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(4);
    pool.run(
        4,
        (task, worker) -> {
          threads.add(Thread.currentThread());
          all.countDown();
          try {
            all.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    pool.close();
    pool.close();
    threads.remove(Thread.currentThread());
    assertThat(threads).hasSize(3).noneMatch(Thread::isAlive);
    assertThatIllegalStateException()
        .isThrownBy(() -> pool.run(1, (task, worker) -> {}))
        .withMessageContaining("closed");
  }

  @Test
  void anInterruptedCallerStillWaitsForItsTasks() {
    try (ThreadPool pool = new ThreadPool(2)) {
      Thread.currentThread().interrupt();
      AtomicInteger count = new AtomicInteger();
      for (int run = 0; run < 100; run++) {
        pool.run(10, (task, worker) -> count.incrementAndGet());
      }
      assertThat(count).hasValue(1000);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void noTasksAndNoThreads() {
    try (ThreadPool pool = new ThreadPool(2)) {
      pool.run(
          0,
          (task, worker) -> {
            throw new AssertionError("there is no task");
          });
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ThreadPool(0))
        .withMessage("a pool needs at least 1 thread, got 0");
  }

  @Test
  void kernelsGiveTheSameBitsInThePool() {
    try (ThreadPool pool = new ThreadPool(3)) {
      Kernels alone = new ScalarKernels();
      Kernels many = new ScalarKernels(pool);
      for (ContractCalls call : ContractCalls.all()) {
        Buffer[] expected = call.run(alone);
        Buffer[] actual = call.run(many);
        for (int i = 0; i < expected.length; i++) {
          assertThat(Parity.sameBits(expected[i].array, actual[i].array)).as(call.name()).isTrue();
        }
      }
    }
  }

  /** A thread with an interrupt pending does not park: it would keep a processor busy for good. */
  @Test
  @Timeout(60)
  void anInterruptedWorkerSleepsAgain() throws InterruptedException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (ThreadPool pool = new ThreadPool(2)) {
      Thread worker =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> !before.contains(thread))
              .filter(thread -> thread.getName().equals("cogan-worker-1"))
              .findAny()
              .orElseThrow();
      worker.interrupt();
      AtomicInteger sum = new AtomicInteger();
      pool.run(10, (task, number) -> sum.addAndGet(task));
      assertThat(sum).hasValue(45);
      // Not once only: a thread that parks in vain waits for moments.
      for (int asleep = 0; asleep < 50; Thread.sleep(1)) {
        asleep = worker.getState() == Thread.State.WAITING ? asleep + 1 : 0;
      }
    }
  }

  @Test
  void anInterruptOfTheCallerIsPendingAfterwards() {
    try (ThreadPool pool = new ThreadPool(2)) {
      Thread.currentThread().interrupt();
      AtomicInteger sum = new AtomicInteger();
      for (int run = 0; run < 100; run++) {
        pool.run(
            2,
            (task, number) -> {
              long until = System.nanoTime() + task * 1_000_000L;
              while (System.nanoTime() < until) {
                Thread.onSpinWait();
              }
              sum.addAndGet(1);
            });
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
      }
      assertThat(sum).hasValue(200);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
