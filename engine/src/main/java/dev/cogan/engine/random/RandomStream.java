package dev.cogan.engine.random;

import java.nio.charset.StandardCharsets;

/**
 * A stream of random numbers whose whole state is one long, so that a checkpoint can hold it, and
 * whose values are the same bits on every JVM.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014): a counter in steps of the golden ratio, each value scrambled by {@link
 * #mix}. Each purpose (initialisation, noise, the order of a domain's images) gets a stream of its
 * own from {@link #of}, so that more numbers drawn for one purpose change nothing for the others.
 * All streams walk the same cycle of 2^64 states from different points; that two of them meet
 * within 2^40 numbers has a chance below one in a million.
 *
 * <p>Not for use by several threads at once, and not for secrets.
 */
public final class RandomStream {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;

  private RandomStream(long state) {
    this.state = state;
  }

  /**
   * The stream for one purpose of one seed. The start state is {@code mix(mix(seed + golden) xor
   * fnv(purpose))}, with the 64-bit FNV-1a hash of the purpose in UTF-8.
   *
   * @param seed any number
   * @param purpose for example {@code "noise"} or {@code "data.a"}
   */
  public static RandomStream of(long seed, String purpose) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return new RandomStream(mix(mix(seed + GOLDEN) ^ hash));
  }

  /** The stream that goes on from a {@link #state()}. */
  public static RandomStream ofState(long state) {
    return new RandomStream(state);
  }

  /** Everything there is to know about the stream. */
  public long state() {
    return state;
  }

  /** Goes on from a state that {@link #state()} returned. */
  public void restore(long savedState) {
    state = savedState;
  }

  /** 64 random bits. */
  public long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  /**
   * A whole number from 0 to {@code bound - 1}, all with the same chance.
   *
   * @throws IllegalArgumentException if {@code bound} is below 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be at least 1: " + bound);
    }
    // Lemire's multiplication: the high half of 32 random bits times bound. The low half tells the
    // few values that would make some results more frequent.
    long product = (nextLong() >>> 32) * bound;
    if ((product & 0xffffffffL) < bound) {
      long reject = (1L << 32) % bound;
      while ((product & 0xffffffffL) < reject) {
        product = (nextLong() >>> 32) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  /** A multiple of 2^-24 in [0, 1). */
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  /** A multiple of 2^-53 in [0, 1). */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /**
   * Fills {@code dest[offset .. offset + length - 1]} with uniform values in [low, high).
   *
   * @throws IllegalArgumentException unless {@code low < high}, both finite
   */
  public void fillUniform(float[] dest, int offset, int length, float low, float high) {
    double span = (double) high - low;
    if (!(span > 0) || Double.isInfinite(span)) {
      throw new IllegalArgumentException("not a range: [" + low + ", " + high + ")");
    }
    float largest = Math.nextDown(high);
    for (int i = 0; i < length; i++) {
      // In double, rounded once; the rounding may reach high.
      dest[offset + i] = Math.min((float) (low + span * nextDouble()), largest);
    }
  }

  /**
   * Fills {@code dest[offset .. offset + length - 1]} with zeros, each with the chance {@code p},
   * and {@code value} in the other places: value i is zero where {@link #nextFloat} would be below
   * {@code p}.
   */
  public void fillMask(float[] dest, int offset, int length, float p, float value) {
    // No branch: a processor foresees every second one at best. A multiple of 2^-24 is below p if
    // it is below p * 2^24, rounded up; the difference's sign makes ones of all bits, or none.
    long below = (long) Math.ceil(p * 0x1p24);
    int bits = Float.floatToRawIntBits(value);
    long counter = state;
    for (int i = 0; i < length; i++) {
      counter += GOLDEN;
      long zero = ((mix(counter) >>> 40) - below) >> 63;
      dest[offset + i] = Float.intBitsToFloat(bits & (int) ~zero);
    }
    state = counter;
  }

  /**
   * Fills {@code dest[offset .. offset + length - 1]} with normal values by the method of Box and
   * Muller, in pairs; the last pair of an odd length loses its second value, so that the stream's
   * state stays one long. Uses StrictMath: Math may differ between JVMs in the last bit.
   */
  public void fillNormal(float[] dest, int offset, int length, float mean, float deviation) {
    for (int i = 0; i < length; i += 2) {
      double u = 1 - nextDouble(); // (0, 1]: its logarithm is finite.
      double radius = StrictMath.sqrt(-2 * StrictMath.log(u));
      double turn = nextDouble();
      // The nearest quarter turn and the rest, exact.
      int quarter = (int) StrictMath.rint(4 * turn);
      double angle = 2 * Math.PI * (turn - 0.25 * quarter);
      double cos = EighthTurn.cos(angle);
      double sin = EighthTurn.sin(angle);
      double x = (quarter & 1) == 0 ? cos : sin;
      double y = (quarter & 1) == 0 ? sin : cos;
      // Quarters 0 to 4: (cos, sin), (-sin, cos), (-cos, -sin), (sin, -cos), (cos, sin).
      dest[offset + i] =
          (float) (mean + deviation * (radius * (quarter == 1 || quarter == 2 ? -x : x)));
      if (i + 1 < length) {
        dest[offset + i + 1] =
            (float) (mean + deviation * (radius * (quarter == 2 || quarter == 3 ? -y : y)));
      }
    }
  }

  /** Puts an array into random order (Fisher and Yates), all orders with the same chance. */
  public void shuffle(int[] items) {
    for (int i = items.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }

  /** The finaliser of SplitMix64 (variant 13 of Stafford): a bijection that scatters every bit. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
