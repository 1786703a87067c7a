package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parity of max-pooling: exact, for it computes nothing. */
interface PoolParity extends Parity {

  /** {planes, h, w, size}. */
  int[][] POOLS = {
    {1, 2, 2, 2},
    {3, 24, 24, 2},
    {5, 8, 8, 2},
    {2, 7, 9, 2},
    {2, 9, 10, 3},
    {3, 5, 5, 5},
    {4, 3, 17, 1},
    {1, 66, 67, 2},
    {2, 13, 70, 4},
    {0, 4, 4, 2}
  };

  @Test
  default void maxPoolForwardAgreesExactly() {
    Random random = new Random(21);
    for (int[] pool : POOLS) {
      poolAgrees(pool, Buffer.random(random, pool[0] * pool[1] * pool[2]));
    }
  }

  @Test
  default void maxPoolTakesTheFirstOfEqualValues() {
    Random random = new Random(22);
    for (int[] pool : POOLS) {
      Buffer x = Buffer.filled(pool[0] * pool[1] * pool[2], 0);
      for (int i = 0; i < x.length; i++) {
        // Minus zero equals zero.
        x.set(i, new float[] {-1, -0.0f, 0.0f, 0.0f}[random.nextInt(4)]);
      }
      poolAgrees(pool, x);
    }
  }

  @Test
  default void maxPoolLetsTheFirstNanWin() {
    Random random = new Random(23);
    for (int[] pool : POOLS) {
      Buffer x = Buffer.random(random, pool[0] * pool[1] * pool[2]);
      for (int i = 0; i < x.length; i++) {
        switch (random.nextInt(8)) {
          case 0, 1 -> x.set(i, Float.NaN);
          case 2 -> x.set(i, Float.POSITIVE_INFINITY);
          case 3 -> x.set(i, Float.NEGATIVE_INFINITY);
          default -> {}
        }
      }
      poolAgrees(pool, x);
    }
  }

  @Test
  default void maxPoolBackwardAgreesExactly() {
    Random random = new Random(24);
    Kernels kernels = create(Parallel.none());
    for (int[] pool : POOLS) {
      Buffer x = Buffer.random(random, pool[0] * pool[1] * pool[2]);
      int outputs = pool[0] * (pool[1] / pool[3]) * (pool[2] / pool[3]);
      Buffer dy = Buffer.random(random, outputs);
      int[] argmax = new int[outputs + 11];
      forward(new ReferenceKernels(), pool, Buffer.filled(outputs, 0), argmax, x);
      agree(
          kernels,
          "pool backward " + Arrays.toString(pool),
          1,
          (k, b) ->
              k.maxPoolBackward(
                  pool[0],
                  pool[1],
                  pool[2],
                  pool[3],
                  b[0].array,
                  b[0].offset,
                  b[1].array,
                  b[1].offset,
                  argmax,
                  5),
          Buffer.filled(x.length, Float.NaN),
          dy);
    }
  }

  private void poolAgrees(int[] pool, Buffer x) {
    int outputs = pool[0] * (pool[1] / pool[3]) * (pool[2] / pool[3]);
    Buffer expected = Buffer.filled(outputs, 0);
    Buffer actual = expected.copy();
    int[] expectedArgmax = new int[outputs + 11];
    Arrays.fill(expectedArgmax, -7);
    int[] actualArgmax = expectedArgmax.clone();
    forward(new ReferenceKernels(), pool, expected, expectedArgmax, x);
    forward(create(Parallel.none()), pool, actual, actualArgmax, x);
    String what = "pool " + Arrays.toString(pool);
    assertThat(actualArgmax).as("argmax of %s", what).isEqualTo(expectedArgmax);
    assertThat(Parity.sameBits(actual.array, expected.array)).as("y of %s", what).isTrue();
  }

  private static void forward(Kernels k, int[] pool, Buffer y, int[] argmax, Buffer x) {
    k.maxPoolForward(
        pool[0], pool[1], pool[2], pool[3], y.array, y.offset, argmax, 5, x.array, x.offset);
  }
}
