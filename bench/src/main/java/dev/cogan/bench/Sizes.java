package dev.cogan.bench;

import dev.cogan.engine.model.ConfigException;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Bounds of numbers that users type. */
final class Sizes {
  /** The longest array that every JVM can make. */
  static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private Sizes() {}

  /**
   * @param parameter what the number was given by
   * @throws ConfigException if it is out of range
   */
  static void require(String parameter, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ConfigException(
          parameter + ": expected a number from " + least + " to " + most + ", got " + value);
    }
  }

  /**
   * @param parameter what the array's sizes were given by
   * @param text what was given
   * @param count of the array's elements
   * @throws ConfigException if there is no such array
   */
  static void requireArray(String parameter, String text, long count) {
    if (count > LARGEST_ARRAY) {
      throw new ConfigException(
          parameter
              + ": expected arrays of at most "
              + LARGEST_ARRAY
              + " values, got '"
              + text
              + "' with "
              + count);
    }
  }

  /**
   * Refuses what can never be allocated; what fits here may still be too much beside other things.
   *
   * @param what was asked for, for the message
   * @param plan returns the bytes of its arrays, or throws if there are no such arrays
   * @throws ConfigException if the arrays are too long, or more than the heap
   */
  static void requirePlan(String what, LongSupplier plan) {
    long bytes;
    try {
      bytes = plan.getAsLong();
    } catch (ConfigException e) {
      throw e;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ConfigException(what + ": too large: " + e.getMessage());
    }
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap) {
      throw new ConfigException(
          String.format(
              Locale.ROOT,
              "%s: expected arrays of at most %d MiB, the heap (-Xmx), got %d MiB",
              what,
              heap >> 20,
              bytes >> 20));
    }
  }
}
