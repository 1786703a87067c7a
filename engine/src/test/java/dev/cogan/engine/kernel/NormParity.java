package dev.cogan.engine.kernel;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parity of biases and batch norm. */
interface NormParity extends Parity {

  /** {n, c, s}: convolutional and flat ({@code s = 1}), odd everywhere, one long. */
  int[][] BATCHES = {
    {1, 1, 1},
    {2, 1, 1},
    {3, 5, 1},
    {7, 33, 1},
    {64, 65, 1},
    {2, 129, 2},
    {130, 7, 3},
    {70, 150, 4},
    {1, 3, 7},
    {2, 3, 15},
    {3, 2, 17},
    {5, 7, 33},
    {4, 18, 49},
    {3, 5, 169},
    {2, 3, 1021},
    {65, 3, 625}
  };

  @Test
  default void addBiasAgrees() {
    Random random = new Random(31);
    Kernels kernels = create(Parallel.none());
    for (int[] size : BATCHES) {
      agree(
          kernels,
          "addBias " + Arrays.toString(size),
          1,
          (k, b) ->
              k.addBias(
                  size[0], size[1], size[2], b[0].array, b[0].offset, b[1].array, b[1].offset),
          images(random, size),
          Buffer.random(random, size[1]));
    }
  }

  @Test
  default void biasGradAgreesAndAdds() {
    Random random = new Random(32);
    Kernels kernels = create(Parallel.none());
    for (int[] size : BATCHES) {
      agree(
          kernels,
          "biasGrad " + Arrays.toString(size),
          size[0] * size[2],
          biasGrad(size),
          Buffer.random(random, size[1]),
          images(random, size));
    }
  }

  @Test
  default void batchNormForwardAgrees() {
    Random random = new Random(33);
    Kernels kernels = create(Parallel.none());
    for (int[] size : BATCHES) {
      int c = size[1];
      Buffer y = Buffer.filled(size[0] * c * size[2], Float.NaN);
      Buffer kept = Buffer.filled(c, Float.NaN);
      Buffer x = images(random, size);
      Buffer gamma = Buffer.random(random, c);
      Buffer beta = Buffer.random(random, c);
      String what = "batchNorm " + Arrays.toString(size);
      agree(kernels, what, size[0] * size[2], forward(size), y, x, gamma, beta, kept, kept.copy());
      agree(
          kernels,
          what + " without gamma",
          size[0] * size[2],
          forward(size),
          y,
          x,
          Buffer.NONE,
          Buffer.NONE,
          kept,
          kept.copy());
    }
  }

  @Test
  default void batchNormIsExactWhereTheMeanIsLarge() {
    Random random = new Random(34);
    int[] size = {16, 3, 121};
    Buffer x = images(random, size);
    for (int i = 0; i < x.length; i++) {
      x.set(i, x.get(i) + 100);
    }
    // The mean is a float: a value of 100 is known to 4e-6, the spread is about 0.6.
    agree(
        "batchNorm of a large mean",
        3000,
        forward(size),
        Buffer.filled(x.length, 0),
        x,
        Buffer.NONE,
        Buffer.NONE,
        Buffer.filled(3, 0),
        Buffer.filled(3, 0));
  }

  @Test
  default void batchNormBackwardAgreesInAllForms() {
    Random random = new Random(35);
    Kernels kernels = create(Parallel.none());
    for (int[] size : BATCHES) {
      int c = size[1];
      Buffer dx = Buffer.filled(size[0] * c * size[2], Float.NaN);
      Buffer dy = images(random, size);
      Buffer x = images(random, size);
      Buffer gamma = Buffer.random(random, c);
      Buffer mean = Buffer.random(random, c);
      Buffer invStd = Buffer.filled(c, 1.5f);
      Buffer dgamma = Buffer.random(random, c);
      Buffer dbeta = Buffer.random(random, c);
      Buffer none = Buffer.NONE;
      String what = "batchNorm backward " + Arrays.toString(size);
      int terms = size[0] * size[2];
      Call call = backward(size, false);
      agree(kernels, what, terms, call, dx, dy, x, gamma, mean, invStd, dgamma, dbeta);
      agree(kernels, what + " no gamma", terms, call, dx, dy, x, none, mean, invStd, none, none);
      agree(kernels, what + " no dx", terms, call, none, dy, x, gamma, mean, invStd, dgamma, dbeta);
      agree(kernels, what + " no dbeta", terms, call, dx, dy, x, gamma, mean, invStd, dgamma, none);
      agree(
          kernels,
          what + " in place",
          terms,
          backward(size, true),
          none,
          dy,
          x,
          gamma,
          mean,
          invStd,
          dgamma,
          dbeta);
    }
  }

  @Test
  default void scaleShiftAgreesAlsoInPlace() {
    Random random = new Random(36);
    Kernels kernels = create(Parallel.none());
    for (int[] size : BATCHES) {
      Buffer x = images(random, size);
      Buffer scale = Buffer.random(random, size[1]);
      Buffer shift = Buffer.random(random, size[1]);
      Buffer y = Buffer.filled(x.length, Float.NaN);
      String what = "scaleShift " + Arrays.toString(size);
      agree(kernels, what, 1, scaleShift(size, 1), y, x, scale, shift);
      agree(kernels, what + " in place", 1, scaleShift(size, 0), x, Buffer.NONE, scale, shift);
    }
  }

  @Test
  default void batchNormKeepsNanAndInfinityInTheirChannel() {
    Random random = new Random(37);
    int[] size = {3, 4, 19};
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Buffer x = images(random, size);
      Buffer dy = images(random, size);
      Buffer kept = Buffer.filled(4, 0);
      Buffer bias = Buffer.random(random, 4);
      Buffer badX = x.copy().set(2 * 19 + 5, bad);
      Buffer badDy = dy.copy().set(3 * 19 + 5, bad);
      Buffer none = Buffer.NONE;
      agree("bad x", 60, forward(size), x, badX, none, none, kept, kept.copy());
      agree("bad dy", 60, backward(size, false), dy, badDy, x, none, bias, bias, bias, kept);
      agree("bad bias", 60, biasGrad(size), bias, badDy);
    }
  }

  @Test
  default void normsOfAnEmptyBatchDoNothing() {
    int[] size = {0, 4, 19};
    Buffer some = Buffer.random(new Random(38), 4);
    Buffer empty = Buffer.filled(0, 0);
    agree("forward", 1, forward(size), empty, empty, some, some, some.copy(), some.copy());
    agree(
        "backward",
        1,
        backward(size, false),
        empty,
        empty,
        empty,
        some,
        some,
        some,
        some.copy(),
        some.copy());
    agree("biasGrad", 1, biasGrad(size), some, empty);
    agree("scaleShift", 1, scaleShift(size, 1), empty, empty, some, some);
  }

  private static Buffer images(Random random, int[] size) {
    return Buffer.random(random, size[0] * size[1] * size[2]);
  }

  /** {@code b[0] += sums of b[1]}. */
  static Call biasGrad(int[] size) {
    return (k, b) ->
        k.biasGrad(size[0], size[1], size[2], b[0].array, b[0].offset, b[1].array, b[1].offset);
  }

  /** {@code b}: y, x, gamma, beta, mean, invStd. */
  static Call forward(int[] size) {
    return (k, b) ->
        k.batchNormForward(
            size[0],
            size[1],
            size[2],
            1e-5f,
            b[0].array,
            b[0].offset,
            b[1].array,
            b[1].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset,
            b[4].array,
            b[4].offset,
            b[5].array,
            b[5].offset);
  }

  /** {@code b}: dx, dy, x, gamma, mean, invStd, dgamma, dbeta; in place, dx is dy. */
  static Call backward(int[] size, boolean inPlace) {
    return (k, b) ->
        k.batchNormBackward(
            size[0],
            size[1],
            size[2],
            b[inPlace ? 1 : 0].array,
            b[inPlace ? 1 : 0].offset,
            b[1].array,
            b[1].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset,
            b[4].array,
            b[4].offset,
            b[5].array,
            b[5].offset,
            b[6].array,
            b[6].offset,
            b[7].array,
            b[7].offset);
  }

  /** {@code b}: y, x, scale, shift; the argument x is at {@code source}. */
  static Call scaleShift(int[] size, int source) {
    return (k, b) ->
        k.scaleShift(
            size[0],
            size[1],
            size[2],
            b[0].array,
            b[0].offset,
            b[source].array,
            b[source].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset);
  }
}
