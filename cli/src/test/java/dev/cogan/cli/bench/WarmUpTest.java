package dev.cogan.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final double SECONDS = 0.05;

  private byte[] garbage;
  private int calls;

  @Test
  void endsInTimeIfNothingIsAllocated() {
    double took = warmUp(0);
    assertThat(calls).isGreaterThan(1);
    assertThat(took).isGreaterThanOrEqualTo(SECONDS);
  }

  @Test
  void waitsForTheCompiler() {
    // As a kernel that is compiled after three times the time.
    double took = warmUp(3 * SECONDS);
    assertThat(took).isGreaterThanOrEqualTo(3 * SECONDS);
  }

  @Test
  void doesNotWaitForEver() {
    assertThat(warmUp(1e9)).isGreaterThanOrEqualTo(5 * SECONDS);
  }

  @Test
  void callsOnceAtLeast() {
    calls = 0;
    assertThat(WarmUp.run(() -> calls++, WarmUp.KERNEL, 0)).isEqualTo(1);
    assertThat(calls).isEqualTo(1);
  }

  /** Seconds that it took with something that allocates for so many seconds. */
  private double warmUp(double allocating) {
    calls = 0;
    long start = System.nanoTime();
    int counted =
        WarmUp.run(
            () -> {
              calls++;
              if (seconds(start) < allocating) {
                garbage = new byte[2 << 20];
              }
            },
            WarmUp.KERNEL,
            SECONDS);
    assertThat(counted).isEqualTo(calls);
    assertThat(garbage == null).isEqualTo(allocating == 0);
    return seconds(start);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
