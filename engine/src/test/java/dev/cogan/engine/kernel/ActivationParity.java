package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parity of the activations. */
interface ActivationParity extends Parity {

  @Test
  default void preluForwardAgreesAlsoInPlace() {
    Random random = new Random(41);
    Kernels kernels = create(Parallel.none());
    for (int[] size : NormParity.BATCHES) {
      for (int slopes : new int[] {1, size[1]}) {
        Buffer x = Buffer.random(random, size[0] * size[1] * size[2]);
        Buffer y = Buffer.filled(x.length, Float.NaN);
        Buffer slope = Buffer.random(random, slopes);
        String what = "prelu " + Arrays.toString(size) + " slopes " + slopes;
        agree(kernels, what, 1, preluForward(size, slopes, 1), y, x, slope);
        agree(kernels, what + " in place", 1, preluForward(size, slopes, 0), x, Buffer.NONE, slope);
      }
    }
  }

  @Test
  default void preluBackwardAgreesInAllForms() {
    Random random = new Random(42);
    Kernels kernels = create(Parallel.none());
    Buffer none = Buffer.NONE;
    for (int[] size : NormParity.BATCHES) {
      for (int slopes : new int[] {1, size[1]}) {
        Buffer x = Buffer.random(random, size[0] * size[1] * size[2]);
        Buffer dy = Buffer.random(random, x.length);
        Buffer dx = Buffer.filled(x.length, Float.NaN);
        Buffer slope = Buffer.random(random, slopes);
        Buffer dslope = Buffer.random(random, slopes);
        int terms = x.length / slopes;
        String what = "prelu backward " + Arrays.toString(size) + " slopes " + slopes;
        agree(kernels, what, terms, preluBackward(size, slopes, 0), dx, dy, x, slope, dslope);
        agree(kernels, what, terms, preluBackward(size, slopes, 0), dx, dy, x, slope, none);
        agree(kernels, what, terms, preluBackward(size, slopes, 0), none, dy, x, slope, dslope);
        agree(kernels, what, terms, preluBackward(size, slopes, 1), none, dy, x, slope, dslope);
      }
    }
  }

  @Test
  default void leakyReluAgreesAlsoInPlace() {
    Random random = new Random(43);
    Kernels kernels = create(Parallel.none());
    for (int length : LENGTHS) {
      for (float slope : new float[] {0, 0.2f}) {
        Buffer x = Buffer.random(random, length);
        Buffer dy = Buffer.random(random, length);
        Buffer out = Buffer.filled(length, Float.NaN);
        String what = "leakyRelu " + length;
        agree(kernels, what, 1, leakyForward(slope, 1), out, x);
        agree(kernels, what + " in place", 1, leakyForward(slope, 0), x);
        agree(kernels, what + " backward", 1, leakyBackward(slope, 0), out, dy, x);
        agree(kernels, what + " backward in place", 1, leakyBackward(slope, 1), out, dy, x);
      }
    }
  }

  @Test
  default void sigmoidAndTanhAgreeAlsoInPlace() {
    Random random = new Random(44);
    Kernels kernels = create(Parallel.none());
    for (int length : LENGTHS) {
      Buffer x = Buffer.random(random, length);
      Buffer dy = Buffer.random(random, length);
      Buffer out = Buffer.filled(length, Float.NaN);
      for (boolean tanh : new boolean[] {false, true}) {
        String what = (tanh ? "tanh " : "sigmoid ") + length;
        // 1e-6 absolute is the contract; nine terms is this tolerance.
        agree(kernels, what, 9, squashForward(tanh, 1), out, x);
        agree(kernels, what + " in place", 9, squashForward(tanh, 0), x);
        agree(kernels, what + " backward", 9, squashBackward(tanh, 0), out, dy, x);
        agree(kernels, what + " backward in place", 9, squashBackward(tanh, 1), out, dy, x);
      }
    }
  }

  @Test
  default void sigmoidAndTanhAreWithinOneMillionthEverywhere() {
    Kernels kernels = create(Parallel.none());
    int length = 200_003;
    Buffer x = Buffer.filled(length, 0);
    for (int i = 0; i < length; i++) {
      // Dense where the functions bend, sparse out to where exp overflows a float.
      double t = 2.0 * i / (length - 1) - 1;
      x.set(i, (float) (120 * t * t * t));
    }
    Buffer y = Buffer.filled(length, 0);
    squashForward(false, 1).run(kernels, new Buffer[] {y, x});
    for (int i = 0; i < length; i++) {
      double expected = 1 / (1 + StrictMath.exp(-x.get(i)));
      if (!(Math.abs(y.get(i) - expected) <= 1e-6) || y.get(i) < 0 || y.get(i) > 1) {
        assertThat((double) y.get(i)).as("sigmoid(%s)", x.get(i)).isCloseTo(expected, within(1e-6));
      }
    }
    squashForward(true, 1).run(kernels, new Buffer[] {y, x});
    for (int i = 0; i < length; i++) {
      double expected = StrictMath.tanh(x.get(i));
      if (!(Math.abs(y.get(i) - expected) <= 1e-6) || Math.abs(y.get(i)) > 1) {
        assertThat((double) y.get(i)).as("tanh(%s)", x.get(i)).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  default void activationsPassOnNanAndInfinity() {
    Random random = new Random(45);
    float[] specials = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      -0.0f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      88,
      -88,
      89,
      -89,
      104,
      -104
    };
    // At the start, in the middle and at the end: whole vectors and what they leave over.
    for (int length : new int[] {14, 37, 100}) {
      Buffer x = Buffer.random(random, length);
      for (int i = 0; i < length; i++) {
        if (i % 3 != 1 || length == 14) {
          x.set(i, specials[i % specials.length]);
        }
      }
      Buffer out = Buffer.filled(length, 0);
      Buffer dy = Buffer.random(random, length);
      int[] size = {1, 1, length};
      Buffer slope = Buffer.filled(1, 0.25f);
      Buffer dslope = Buffer.filled(1, 0);
      agree("sigmoid", 9, squashForward(false, 1), out, x);
      agree("tanh", 9, squashForward(true, 1), out, x);
      agree("leaky", 1, leakyForward(0.2f, 1), out, x);
      agree("relu", 1, leakyForward(0, 1), out, x);
      agree("leaky backward", 1, leakyBackward(0.2f, 0), out, dy, x);
      agree("leaky backward, bad dy", 1, leakyBackward(0.2f, 0), out, x, dy);
      agree("prelu", 1, preluForward(size, 1, 1), out, x, slope);
      agree("prelu backward", 1, preluBackward(size, 1, 0), out, dy, x, slope, dslope);
      agree("sigmoid backward", 9, squashBackward(false, 0), out, x, dy);
      agree("tanh backward", 9, squashBackward(true, 0), out, x, dy);
    }
  }

  @Test
  default void activationsOfNothingDoNothing() {
    Buffer empty = Buffer.filled(0, 0);
    Buffer slope = Buffer.filled(3, 0.25f);
    int[] size = {0, 3, 7};
    agree("sigmoid", 1, squashForward(false, 1), empty, empty);
    agree("tanh", 1, squashForward(true, 1), empty, empty);
    agree("leaky", 1, leakyForward(0.2f, 1), empty, empty);
    agree("prelu", 1, preluForward(size, 3, 1), empty, empty, slope);
    agree("prelu backward", 1, preluBackward(size, 3, 0), empty, empty, empty, slope, slope.copy());
  }

  /** {@code b}: y, x, slope; the argument x is at {@code source}. */
  static Call preluForward(int[] size, int slopes, int source) {
    return (k, b) ->
        k.preluForward(
            size[0],
            size[1],
            size[2],
            b[0].array,
            b[0].offset,
            b[source].array,
            b[source].offset,
            b[2].array,
            b[2].offset,
            slopes);
  }

  /** {@code b}: dx, dy, x, slope, dslope; the result is at {@code target}. */
  static Call preluBackward(int[] size, int slopes, int target) {
    return (k, b) ->
        k.preluBackward(
            size[0],
            size[1],
            size[2],
            b[target].array,
            b[target].offset,
            b[1].array,
            b[1].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset,
            slopes,
            b[4].array,
            b[4].offset);
  }

  /** {@code b}: y, x; the argument x is at {@code source}. */
  static Call leakyForward(float slope, int source) {
    return (k, b) ->
        k.leakyReluForward(
            b[0].length, slope, b[0].array, b[0].offset, b[source].array, b[source].offset);
  }

  /** {@code b}: dx, dy, x; the result is at {@code target}. */
  static Call leakyBackward(float slope, int target) {
    return (k, b) ->
        k.leakyReluBackward(
            b[1].length,
            slope,
            b[target].array,
            b[target].offset,
            b[1].array,
            b[1].offset,
            b[2].array,
            b[2].offset);
  }

  /** {@code b}: y, x; the argument x is at {@code source}. */
  static Call squashForward(boolean tanh, int source) {
    return (k, b) -> {
      Buffer x = b[source];
      if (tanh) {
        k.tanhForward(x.length, b[0].array, b[0].offset, x.array, x.offset);
      } else {
        k.sigmoidForward(x.length, b[0].array, b[0].offset, x.array, x.offset);
      }
    };
  }

  /** {@code b}: dx, dy, y; the result is at {@code target}. */
  static Call squashBackward(boolean tanh, int target) {
    return (k, b) -> {
      Buffer dx = b[target];
      if (tanh) {
        k.tanhBackward(
            b[1].length, dx.array, dx.offset, b[1].array, b[1].offset, b[2].array, b[2].offset);
      } else {
        k.sigmoidBackward(
            b[1].length, dx.array, dx.offset, b[1].array, b[1].offset, b[2].array, b[2].offset);
      }
    };
  }
}
