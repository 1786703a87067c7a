package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

/** Arrays for kernels that begin at an offset, between fences that nobody may touch. */
final class Fences {
  /** Elements before and behind. */
  static final int GAP = 7;

  private Fences() {}

  /** Fails unless both agree to what that many terms round, and the fences stand. */
  static void compare(String what, float[] expected, float[] actual, int terms) {
    for (int i = 0; i < expected.length; i++) {
      if (i < GAP || i >= expected.length - GAP) {
        assertThat(actual[i]).as("%s, outside, element %d", what, i).isNaN();
        continue;
      }
      double error = Math.abs((double) expected[i] - actual[i]);
      assertThat(error).as("%s, element %d", what, i).isLessThan(1e-6 * (3 + Math.sqrt(terms)));
    }
  }

  /** Random numbers between fences of NaN. */
  static float[] fenced(Random random, int length) {
    float[] x = new float[length + 2 * GAP];
    Arrays.fill(x, Float.NaN);
    for (int i = 0; i < length; i++) {
      x[GAP + i] = random.nextFloat() - 0.5f;
    }
    return x;
  }
}
