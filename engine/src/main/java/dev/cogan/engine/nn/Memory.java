package dev.cogan.engine.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Hands out every array that a model and its training keep, and counts them by purpose. The same
 * code runs twice: once with {@link #counting()}, which only adds up, so that a plan that the heap
 * cannot hold is refused before anything is allocated; and once with {@link #heap()}.
 */
public final class Memory {
  private static final float[] NO_FLOATS = {};
  private static final int[] NO_INTS = {};

  private static final long REGION = 1 << 20;
  private static final int ARRAY_HEADER = 16;

  private final boolean real;
  private final Map<String, Long> bytesByPurpose = new LinkedHashMap<>();
  private long rounding;

  private Memory(boolean real) {
    this.real = real;
  }

  /** Counts and allocates. */
  public static Memory heap() {
    return new Memory(true);
  }

  /** Counts only: hands out empty arrays, which must not be used. */
  public static Memory counting() {
    return new Memory(false);
  }

  /** Whether arrays are real; a plan that only counts must not be computed with. */
  public boolean isReal() {
    return real;
  }

  /**
   * An array of {@code count} zeros, counted under {@code purpose}.
   *
   * @throws IllegalArgumentException if Java has no array so long
   */
  public float[] floats(String purpose, long count) {
    int size = claimArray(purpose, count);
    return real ? new float[size] : NO_FLOATS;
  }

  /**
   * An array of {@code count} zeros, counted under {@code purpose}.
   *
   * @throws IllegalArgumentException if Java has no array so long
   */
  public int[] ints(String purpose, long count) {
    int size = claimArray(purpose, count);
    return real ? new int[size] : NO_INTS;
  }

  /** Counts memory of other kinds, which others allocate, under {@code purpose}. */
  public void claim(String purpose, long bytes) {
    bytesByPurpose.merge(purpose, bytes, Long::sum);
  }

  private int claimArray(String purpose, long count) {
    if (count > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          purpose + " needs one array of " + count + " elements; Java arrays end at 2^31");
    }
    bytesByPurpose.merge(purpose, 4 * count, Long::sum);
    rounding += rounding(4 * count);
    return (int) count;
  }

  /**
   * What an array of so many bytes loses in a heap of regions of 1 MiB (G1 with heaps below 4 GiB),
   * where one of half a region or more gets whole regions of its own.
   */
  private static long rounding(long bytes) {
    return bytes < REGION / 2 ? 0 : (REGION - (bytes + ARRAY_HEADER) % REGION) % REGION;
  }

  /** Bytes that a collector with regions loses on the arrays handed out so far. */
  public long rounding() {
    return rounding;
  }

  /** Bytes handed out so far. */
  public long bytes() {
    return bytesByPurpose.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes handed out so far, by purpose, in the order of first use. */
  public Map<String, Long> bytesByPurpose() {
    return Collections.unmodifiableMap(bytesByPurpose);
  }

  /** The sum, for example {@code 118 MiB}. */
  public String total() {
    return mebibytes(bytes()) + " MiB";
  }

  /** The parts in MiB, for example {@code parameters 32, activations 60, backward 20}. */
  public String parts() {
    StringBuilder text = new StringBuilder();
    bytesByPurpose.forEach(
        (purpose, bytes) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(purpose)
                .append(' ')
                .append(mebibytes(bytes)));
    return text.toString();
  }

  /** One decimal below ten, none above. */
  private static String mebibytes(long bytes) {
    double value = bytes / 1048576.0;
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%.0f", value);
  }
}
