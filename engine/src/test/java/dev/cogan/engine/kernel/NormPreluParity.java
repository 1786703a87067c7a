package dev.cogan.engine.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parity of batch norm and PReLU in one. */
interface NormPreluParity extends Parity {

  @Test
  default void batchNormPreluForwardAgrees() {
    Random random = new Random(71);
    Kernels kernels = create(Parallel.none());
    for (int[] size : NormParity.BATCHES) {
      int c = size[1];
      Buffer y = Buffer.filled(size[0] * c * size[2], Float.NaN);
      Buffer kept = Buffer.filled(c, Float.NaN);
      Buffer x = Buffer.random(random, y.length);
      Buffer gamma = Buffer.random(random, c);
      Buffer beta = Buffer.random(random, c);
      for (int slopes : new int[] {1, c}) {
        Buffer slope = Buffer.random(random, slopes);
        for (Buffer[] affine : List.of(new Buffer[] {gamma, beta}, none())) {
          agree(
              kernels,
              "batchNormPrelu " + Arrays.toString(size) + " slopes " + slopes,
              size[0] * size[2],
              forward(size, slopes),
              y,
              x,
              affine[0],
              affine[1],
              slope,
              kept,
              kept.copy());
        }
      }
    }
  }

  private static Buffer[] none() {
    return new Buffer[] {Buffer.NONE, Buffer.NONE};
  }

  @Test
  default void batchNormPreluBackwardAgreesInAllForms() {
    Random random = new Random(72);
    Kernels kernels = create(Parallel.none());
    Buffer none = Buffer.NONE;
    for (int[] size : NormParity.BATCHES) {
      int c = size[1];
      int slopes = size[0] % 2 == 0 ? 1 : c;
      Buffer x = Buffer.random(random, size[0] * c * size[2]);
      Buffer dy = Buffer.random(random, x.length);
      Buffer dx = Buffer.filled(x.length, Float.NaN);
      Buffer gamma = Buffer.random(random, c);
      Buffer beta = Buffer.random(random, c);
      Buffer slope = Buffer.random(random, slopes);
      Buffer dslope = Buffer.random(random, slopes);
      Buffer mean = Buffer.random(random, c);
      Buffer inv = Buffer.filled(c, 1.3f);
      String what = "batchNormPrelu backward " + Arrays.toString(size) + " slopes " + slopes;
      int terms = x.length / slopes;
      Call call = backward(size, slopes, 0);
      agree(
          kernels,
          what,
          terms,
          call,
          dx,
          dy,
          x,
          gamma,
          beta,
          slope,
          mean,
          inv,
          gamma.copy(),
          beta.copy(),
          dslope);
      agree(
          kernels, what, terms, call, dx, dy, x, none, none, slope, mean, inv, none, none, dslope);
      agree(kernels, what, terms, call, dx, dy, x, none, none, slope, mean, inv, none, none, none);
      agree(
          kernels,
          what,
          terms,
          call,
          none,
          dy,
          x,
          gamma,
          beta,
          slope,
          mean,
          inv,
          gamma.copy(),
          beta.copy(),
          dslope);
      Call inPlace = backward(size, slopes, 1);
      agree(
          kernels, what, terms, inPlace, none, dy, x, none, none, slope, mean, inv, none, none,
          dslope);
    }
  }

  @Test
  default void scaleShiftPreluAndItsGradientAgreeAlsoInPlace() {
    Random random = new Random(73);
    Kernels kernels = create(Parallel.none());
    for (int[] size : NormParity.BATCHES) {
      for (int slopes : new int[] {1, size[1]}) {
        Buffer x = Buffer.random(random, size[0] * size[1] * size[2]);
        Buffer out = Buffer.filled(x.length, Float.NaN);
        Buffer dy = Buffer.random(random, x.length);
        Buffer scale = Buffer.random(random, size[1]);
        Buffer shift = Buffer.random(random, size[1]);
        Buffer slope = Buffer.random(random, slopes);
        String what = "scaleShiftPrelu " + Arrays.toString(size) + " slopes " + slopes;
        agree(kernels, what, 1, fixed(size, slopes, 0, 1), out, x, scale, shift, slope);
        agree(kernels, what, 1, fixed(size, slopes, 1, 1), Buffer.NONE, x, scale, shift, slope);
        Call gradient = fixedBackward(size, slopes, 0);
        agree(kernels, what, 1, gradient, out, x, scale, shift, slope, dy);
        agree(kernels, what, 1, fixedBackward(size, slopes, 5), out, x, scale, shift, slope, dy);
      }
    }
  }

  @Test
  default void normPreluOfNothingDoesNothing() {
    Buffer empty = Buffer.filled(0, 0);
    Buffer c = Buffer.filled(3, 0.5f);
    int[] size = {0, 3, 49};
    agree("forward", 1, forward(size, 3), empty, empty, c, c, c, c.copy(), c.copy());
    agree(
        "backward",
        1,
        backward(size, 3, 0),
        empty,
        empty,
        empty,
        c,
        c,
        c,
        c,
        c,
        c.copy(),
        c.copy(),
        c.copy());
  }

  /** {@code b}: y, x, gamma, beta, slope, mean, invStd. */
  static Call forward(int[] size, int slopes) {
    return (k, b) ->
        k.batchNormPreluForward(
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
            slopes,
            b[5].array,
            b[5].offset,
            b[6].array,
            b[6].offset);
  }

  /** {@code b}: dx, dy, x, gamma, beta, slope, mean, invStd, dgamma, dbeta, dslope. */
  static Call backward(int[] size, int slopes, int target) {
    return (k, b) ->
        k.batchNormPreluBackward(
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
            b[4].array,
            b[4].offset,
            b[5].array,
            b[5].offset,
            slopes,
            b[6].array,
            b[6].offset,
            b[7].array,
            b[7].offset,
            b[8].array,
            b[8].offset,
            b[9].array,
            b[9].offset,
            b[10].array,
            b[10].offset);
  }

  /** {@code b}: y, x, scale, shift, slope. */
  static Call fixed(int[] size, int slopes, int target, int source) {
    return (k, b) ->
        k.scaleShiftPrelu(
            size[0],
            size[1],
            size[2],
            b[target].array,
            b[target].offset,
            b[source].array,
            b[source].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset,
            b[4].array,
            b[4].offset,
            slopes);
  }

  /** {@code b}: dx, x, scale, shift, slope, dy. */
  static Call fixedBackward(int[] size, int slopes, int target) {
    return (k, b) ->
        k.scaleShiftPreluBackward(
            size[0],
            size[1],
            size[2],
            b[target].array,
            b[target].offset,
            b[5].array,
            b[5].offset,
            b[1].array,
            b[1].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset,
            b[4].array,
            b[4].offset,
            slopes);
  }
}
