package dev.cogan.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * Compares results of two implementations. Where terms cancel in a sum, its rounding is that of the
 * terms: a largest expected value says too little of it, above all if there is one value only. So
 * one may tell the scale of a sum: its terms, times the root of their number where they are of
 * either sign.
 */
final class Comparison {
  /** Largest difference that passes, as a share of the largest expected value, or of the scale. */
  static final double TOLERANCE = 1e-4;

  private Comparison() {}

  /**
   * @throws IllegalStateException if lengths differ, a value is not finite, or two values are
   *     further apart than {@link #TOLERANCE} allows
   */
  static void require(String what, float[] expected, float[] actual) {
    require(what, expected, actual, 0);
  }

  /**
   * @param scale of the sums, which may be more than what they came to
   * @throws IllegalStateException as above
   */
  static void require(String what, float[] expected, float[] actual, double scale) {
    require(what, expected, actual, scale, TOLERANCE);
  }

  /**
   * Losses of a first training step, discriminators' and generators'. The latter knows Adam's first
   * update, which is the sign of each gradient: where that is almost zero, it hangs on rounding.
   */
  static void requireLosses(String what, float[] expected, float[] actual) {
    require(what, expected, actual, 0, 10 * TOLERANCE);
    float[] first = {expected[0]};
    require(what, first, new float[] {actual[0]});
  }

  /**
   * @throws IllegalStateException if lengths or any two values differ
   */
  static void requireEqual(String what, int[] expected, int[] actual) {
    int at = Arrays.mismatch(expected, actual);
    if (at < 0) {
      return;
    }
    if (expected.length != actual.length) {
      throw new IllegalStateException(
          what + ": expected " + expected.length + " values, got " + actual.length);
    }
    throw new IllegalStateException(
        String.format(
            Locale.ROOT,
            "%s: value %d of %d is %d, expected %d",
            what,
            at,
            expected.length,
            actual[at],
            expected[at]));
  }

  private static void require(
      String what, float[] expected, float[] actual, double scale, double tolerance) {
    if (expected.length != actual.length) {
      throw new IllegalStateException(
          what + ": expected " + expected.length + " values, got " + actual.length);
    }
    double largest = scale;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double allowed = tolerance * largest;
    for (int i = 0; i < expected.length; i++) {
      // Written so that NaN fails.
      if (!(Math.abs((double) expected[i] - actual[i]) <= allowed)) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "%s: value %d of %d is %s, expected %s within %.3g",
                what,
                i,
                expected.length,
                actual[i],
                expected[i],
                allowed));
      }
    }
  }
}
