package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** Runs one call of the contract on two implementations and compares what they leave behind. */
interface Parity {

  /** Odd lengths: below, at and just over every vector width, and one far from all of them. */
  int[] LENGTHS = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 129, 1021, 4099};

  /** One call of a kernel on the given buffers. */
  @FunctionalInterface
  interface Call {
    void run(Kernels kernels, Buffer[] b);
  }

  /** A new instance of the implementation under test. */
  Kernels create(Parallel parallel);

  /** Compares with the reference, in one thread. */
  default void agree(String what, int terms, Call call, Buffer... buffers) {
    agree(create(Parallel.none()), what, terms, call, buffers);
  }

  /**
   * Compares with the reference.
   *
   * @param terms length of the sums behind one result; the tolerance grows with its square root, as
   *     rounding errors do
   * @param buffers arguments of the call, inputs and outputs alike: every array must end as the
   *     reference leaves it, guard zones included
   */
  default void agree(Kernels kernels, String what, int terms, Call call, Buffer... buffers) {
    Buffer[] expected = Buffer.copies(buffers);
    Buffer[] actual = Buffer.copies(buffers);
    call.run(new ReferenceKernels(), expected);
    call.run(kernels, actual);
    for (int i = 0; i < buffers.length; i++) {
      if (buffers[i].array != null) {
        compare(what + ", argument " + i, terms, buffers[i], expected[i], actual[i]);
      }
    }
  }

  private static void compare(String what, int terms, Buffer old, Buffer expected, Buffer actual) {
    double tolerance = 3e-7 * Math.sqrt(Math.max(terms, 9));
    double scale = rootMeanSquare(expected);
    boolean input = sameBits(old.array, expected.array);
    for (int i = 0; i < expected.array.length; i++) {
      float e = expected.array[i];
      float a = actual.array[i];
      boolean guard = Float.floatToRawIntBits(e) == Buffer.GUARD_BITS;
      boolean ok;
      if (input || guard) {
        ok = Float.floatToRawIntBits(e) == Float.floatToRawIntBits(a);
      } else if (Float.isFinite(e)) {
        ok = Math.abs((double) e - a) <= tolerance * (scale + Math.abs(e));
      } else {
        ok = Float.compare(e, a) == 0;
      }
      if (!ok) {
        fail(
            "%s, element %d of %d: expected %s (was %s), got %s",
            what, i - expected.offset, expected.length, e, old.array[i], a);
      }
    }
  }

  private static double rootMeanSquare(Buffer buffer) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < buffer.length; i++) {
      if (Float.isFinite(buffer.get(i))) {
        sum += (double) buffer.get(i) * buffer.get(i);
        count++;
      }
    }
    return count == 0 ? 0 : Math.sqrt(sum / count);
  }

  /** Whether two arrays hold the same bits. */
  static boolean sameBits(float[] a, float[] b) {
    for (int i = 0; i < a.length; i++) {
      if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
        return false;
      }
    }
    return a.length == b.length;
  }

  /** {@code <a, b>} in double precision. */
  static double dot(Buffer a, Buffer b) {
    assertThat(a.length).isEqualTo(b.length);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a.get(i) * b.get(i);
    }
    return sum;
  }

  /** Euclidean norm in double precision. */
  static double norm(Buffer a) {
    return Math.sqrt(dot(a, a));
  }
}
