package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SmallHeapTest {
  private static final long MIB = 1 << 20;

  /** What the heap is told to be, one look after the other; a look waits until the test goes on. */
  private final SynchronousQueue<Long> sizes = new SynchronousQueue<>();

  private final AtomicInteger collections = new AtomicInteger();
  private final AtomicInteger moved = new AtomicInteger();
  private final AtomicInteger restored = new AtomicInteger();
  private final SmallHeap heap =
      new SmallHeap(this::look, collections::incrementAndGet, this::move);

  private long look() {
    try {
      return sizes.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private Runnable move() {
    moved.incrementAndGet();
    return restored::incrementAndGet;
  }

  private void seen(long mib) throws InterruptedException {
    assertThat(sizes.offer(mib * MIB, 20, TimeUnit.SECONDS)).as("a look at the heap").isTrue();
  }

  @Test
  void itCollectsAtTheStartAndWhenTheHeapHasGrown() throws InterruptedException {
    try (SmallHeap.Held held = heap.hold()) {
      assertThat(held).isNotNull();
      assertThat(collections).hasValue(1);
      seen(100); // An eighth would be 12.5, so 64 are allowed.
      seen(164);
      seen(164);
      assertThat(collections).hasValue(1);
      seen(165);
      seen(1000); // What the collection has left, though it is more: an eighth is 125.
      assertThat(collections).hasValue(2);
      seen(1125);
      seen(1125);
      assertThat(collections).hasValue(2);
      seen(1126);
      seen(100);
      assertThat(collections).hasValue(3);
    }
  }

  @Test
  void theFirstOfManyTrainingsBeginsAndTheLastOneEnds() {
    SmallHeap.Held first = heap.hold();
    SmallHeap.Held second = heap.hold();
    assertThat(moved).hasValue(1);
    first.close();
    first.close();
    assertThat(restored).hasValue(0);
    second.close();
    assertThat(restored).hasValue(1);
    heap.hold().close();
    assertThat(moved).hasValue(2);
    assertThat(restored).hasValue(2);
  }

  @Test
  void trainingsThatBeginAndEndTogetherMoveTheLimitsInTurn() throws InterruptedException {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    SmallHeap shared =
        new SmallHeap(
            () -> 0,
            () -> {},
            () -> {
              count(wrong, now.getAndIncrement() != 0);
              return () -> count(wrong, now.getAndDecrement() != 1);
            });
    List<Thread> trainings = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread training =
          new Thread(
              () -> {
                for (int turn = 0; turn < 200; turn++) {
                  try (SmallHeap.Held held = shared.hold()) {
                    count(wrong, held == null || now.get() != 1);
                  }
                }
              });
      trainings.add(training);
      training.start();
    }
    for (Thread training : trainings) {
      training.join();
    }
    assertThat(wrong).hasValue(0);
    assertThat(now).hasValue(0);
  }

  private static void count(AtomicInteger wrong, boolean isWrong) {
    if (isWrong) {
      wrong.incrementAndGet();
    }
  }

  @Test
  void aJvmThatRefusesItsOldLimitsFailsNoTraining() {
    SmallHeap refusing =
        new SmallHeap(
            () -> 0,
            () -> {},
            () ->
                () -> {
                  throw new IllegalArgumentException("value violates its flag's constraint");
                });
    SmallHeap.Held held = refusing.hold();
    held.close();
    refusing.hold().close();
  }
}
