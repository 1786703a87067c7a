package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parity of element by element arithmetic, reductions and Adam. */
interface ElementwiseParity extends Parity {

  @Test
  default void multiplyAgreesAlsoInPlace() {
    Random random = new Random(51);
    Kernels kernels = create(Parallel.none());
    for (int length : LENGTHS) {
      Buffer y = Buffer.filled(length, Float.NaN);
      Buffer a = Buffer.random(random, length);
      Buffer b = Buffer.random(random, length).set(length / 2, Float.NaN);
      agree(kernels, "multiply " + length, 1, multiply(0, 1, 2), y, a, b);
      agree(kernels, "multiply in place of a " + length, 1, multiply(1, 1, 2), y, a, b);
      agree(kernels, "multiply in place of b " + length, 1, multiply(2, 1, 2), y, a, b);
      agree(kernels, "square in place " + length, 1, multiply(1, 1, 1), y, a, b);
    }
  }

  @Test
  default void axpyAgrees() {
    Random random = new Random(52);
    Kernels kernels = create(Parallel.none());
    for (int length : LENGTHS) {
      for (float alpha : new float[] {1, -0.3f, 0}) {
        Buffer y = Buffer.random(random, length);
        Buffer x = Buffer.random(random, length);
        agree(kernels, "axpy " + length, 1, axpy(alpha), y, x);
        x.set(length / 2, Float.POSITIVE_INFINITY);
        agree(kernels, "axpy with infinity " + length, 1, axpy(alpha), y, x);
      }
    }
  }

  @Test
  default void sumsAgree() {
    Random random = new Random(53);
    Kernels kernels = create(Parallel.none());
    Kernels reference = new ReferenceKernels();
    for (int length : LENGTHS) {
      Buffer x = Buffer.random(random, length);
      double size = Parity.norm(x);
      assertThat(kernels.sum(length, x.array, x.offset))
          .as("sum of %d", length)
          .isCloseTo(reference.sum(length, x.array, x.offset), within(1e-6 * size));
      assertThat(kernels.sumOfSquares(length, x.array, x.offset))
          .as("sum of squares of %d", length)
          .isCloseTo(size * size, within(1e-6 * size * size));
    }
    assertThat(kernels.sum(0, new float[0], 0)).isZero();
    assertThat(kernels.sumOfSquares(0, new float[0], 0)).isZero();
  }

  @Test
  default void longSumsStayExact() {
    Kernels kernels = create(Parallel.none());
    int length = 3_000_001;
    Buffer x = Buffer.filled(length, 0.1f);
    assertThat(kernels.sum(length, x.array, x.offset))
        .isCloseTo(length * (double) 0.1f, within(1e-6 * length * 0.1));
    assertThat(kernels.sumOfSquares(length, x.array, x.offset))
        .isCloseTo(length * (double) 0.1f * 0.1f, within(1e-6 * length * 0.01));
  }

  @Test
  default void sumsPassOnNanAndInfinity() {
    Kernels kernels = create(Parallel.none());
    for (int length : LENGTHS) {
      for (int at : new int[] {0, length / 2, length - 1}) {
        Buffer x = Buffer.filled(length, 1).set(at, Float.NaN);
        assertThat(kernels.sum(length, x.array, x.offset)).isNaN();
        assertThat(kernels.sumOfSquares(length, x.array, x.offset)).isNaN();
        x.set(at, Float.NEGATIVE_INFINITY);
        assertThat(kernels.sum(length, x.array, x.offset)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(kernels.sumOfSquares(length, x.array, x.offset))
            .isEqualTo(Double.POSITIVE_INFINITY);
      }
    }
  }

  @Test
  default void firstNonFiniteFindsTheFirst() {
    Kernels kernels = create(Parallel.none());
    for (int length : LENGTHS) {
      Buffer x = Buffer.filled(length, Float.MAX_VALUE);
      assertThat(kernels.firstNonFinite(length, x.array, x.offset)).isEqualTo(-1);
      float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
      for (int at = length - 1; at >= 0; at = at > 40 ? at / 2 : at - 1) {
        x.set(at, bad[at % 3]);
        assertThat(kernels.firstNonFinite(length, x.array, x.offset)).isEqualTo(at);
      }
    }
    assertThat(kernels.firstNonFinite(0, new float[0], 0)).isEqualTo(-1);
  }

  @Test
  default void adamAgrees() {
    Random random = new Random(54);
    Kernels kernels = create(Parallel.none());
    for (int length : LENGTHS) {
      Buffer w = Buffer.random(random, length);
      Buffer g = Buffer.random(random, length);
      Buffer m = Buffer.random(random, length);
      Buffer v = Buffer.random(random, length);
      for (int i = 0; i < length; i++) {
        v.set(i, Math.abs(v.get(i)));
      }
      agree(kernels, "adam " + length, 1, adam(0, 0), w, g, m, v);
      agree(kernels, "adam with decay in g " + length, 1, adam(0.01f, 0), w, g, m, v);
      agree(kernels, "adamw " + length, 1, adam(0, 0.02f), w, g, m, v);
      Buffer zero = Buffer.filled(length, 0);
      agree(kernels, "first step of adam " + length, 1, adam(0, 0), w, g, zero, zero.copy());
      agree(kernels, "no gradient " + length, 1, adam(0, 0), w, zero, zero.copy(), zero.copy());
      g.set(length / 2, Float.NaN);
      agree(kernels, "adam with NaN " + length, 1, adam(0.01f, 0.02f), w, g, m, v);
    }
  }

  @Test
  default void elementwiseOfNothingDoesNothing() {
    Buffer empty = Buffer.filled(0, 0);
    agree("multiply", 1, multiply(0, 1, 2), empty, empty, empty);
    agree("axpy", 1, axpy(1), empty, empty);
    agree("adam", 1, adam(0, 0), empty, empty, empty, empty);
  }

  /** {@code b[y] = b[a1] * b[a2]}. */
  static Call multiply(int y, int a1, int a2) {
    return (k, b) ->
        k.multiply(
            b[y].length,
            b[y].array,
            b[y].offset,
            b[a1].array,
            b[a1].offset,
            b[a2].array,
            b[a2].offset);
  }

  /** {@code b[0] += alpha * b[1]}. */
  static Call axpy(float alpha) {
    return (k, b) -> k.axpy(b[0].length, alpha, b[0].array, b[0].offset, b[1].array, b[1].offset);
  }

  /** {@code b}: w, g, m, v. */
  static Call adam(float coupledDecay, float decoupledDecay) {
    return (k, b) ->
        k.adam(
            b[0].length,
            b[0].array,
            b[0].offset,
            b[1].array,
            b[1].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset,
            0.5f,
            0.999f,
            1e-8f,
            4e-4f,
            1.2f,
            coupledDecay,
            decoupledDecay);
  }
}
