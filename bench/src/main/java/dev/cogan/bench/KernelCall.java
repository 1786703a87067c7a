package dev.cogan.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** A call of kernels, bound to its data, and everything that it writes. */
final class KernelCall {
  private final Runnable body;
  private final Map<String, Written> floats = new LinkedHashMap<>();
  private final Map<String, int[]> places = new LinkedHashMap<>();

  /**
   * @param values what was written
   * @param scale of the sums in it, see {@link Comparison}; 0 if nothing cancels
   */
  private record Written(float[] values, double scale) {}

  KernelCall(Runnable body) {
    this.body = body;
  }

  /** Names an array that the call writes; returns this. */
  KernelCall writes(String name, float[] values) {
    return writes(name, values, 0);
  }

  /**
   * As the other one, for sums whose terms cancel.
   *
   * @param scale what the values may come to: {@link Comparison}
   */
  KernelCall writes(String name, float[] values, double scale) {
    floats.put(name, new Written(values, scale));
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
        (name, written) -> {
          Written other = expected.floats.get(name);
          Comparison.require(what + ", " + name, other.values, written.values, other.scale);
        });
    places.forEach(
        (name, values) ->
            Comparison.requireEqual(what + ", " + name, expected.places.get(name), values));
  }
}
