package dev.cogan.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** A call of kernels, bound to its data, and everything that it writes. */
final class KernelCall {
  private final Runnable body;
  private final Map<String, float[]> floats = new LinkedHashMap<>();
  private final Map<String, int[]> places = new LinkedHashMap<>();

  KernelCall(Runnable body) {
    this.body = body;
  }

  /** Names an array that the call writes; returns this. */
  KernelCall writes(String name, float[] values) {
    floats.put(name, values);
    return this;
  }

  /** As the other one, for numbers of elements, which have no rounding. */
  KernelCall writes(String name, int[] values) {
    places.put(name, values);
    return this;
  }

  /** Does the work once. */
  void run() {
    body.run();
  }

  /**
   * Compares all that was written.
   *
   * @param expected the same call by other kernels
   * @throws IllegalStateException if something differs
   */
  void requireAs(String what, KernelCall expected) {
    floats.forEach(
        (name, values) ->
            Comparison.require(what + ", " + name, expected.floats.get(name), values));
    places.forEach(
        (name, values) ->
            Comparison.requireEqual(what + ", " + name, expected.places.get(name), values));
  }
}
