package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parity of the convolution and its gradients. */
interface ConvParity extends Parity {

  /** The families of the paper's nets at sizes the reference can afford, and the odd ones. */
  List<ConvShape> SHAPES =
      List.of(
          // Digits: first and second layer of the discriminator, the generator's from z to pixels.
          ConvShape.of(3, 1, 28, 28, 20, 5, 5, 1, 0),
          ConvShape.of(2, 20, 12, 12, 50, 5, 5, 1, 0),
          ConvShape.of(7, 65, 4, 4, 30, 4, 4, 1, 0),
          ConvShape.of(3, 24, 7, 7, 33, 3, 3, 2, 1),
          ConvShape.of(2, 18, 13, 13, 35, 3, 3, 2, 1),
          ConvShape.of(1, 9, 25, 25, 17, 3, 3, 2, 1),
          ConvShape.of(3, 1, 28, 28, 19, 6, 6, 1, 1),
          // Faces: generator, colour output, discriminator.
          ConvShape.of(2, 9, 16, 16, 13, 4, 4, 2, 1),
          ConvShape.of(2, 3, 17, 33, 5, 3, 3, 1, 1),
          ConvShape.of(2, 3, 16, 16, 10, 5, 5, 2, 2),
          ConvShape.of(2, 33, 4, 4, 19, 3, 3, 2, 1),
          // A fully connected layer in disguise, kernels as large as the image, 1x1 kernels.
          ConvShape.of(5, 50, 4, 4, 70, 4, 4, 1, 0),
          ConvShape.of(3, 5, 7, 6, 4, 7, 6, 1, 0),
          ConvShape.of(3, 17, 7, 5, 9, 1, 1, 1, 0),
          ConvShape.of(2, 3, 1, 1, 5, 1, 1, 1, 0),
          ConvShape.of(2, 3, 1, 1, 5, 3, 3, 1, 1),
          // Stride larger than the kernel, rows left over, kernels that are not square.
          ConvShape.of(2, 3, 13, 10, 4, 2, 2, 3, 0),
          ConvShape.of(2, 4, 9, 9, 3, 1, 1, 2, 0),
          ConvShape.of(2, 2, 8, 8, 3, 3, 3, 2, 0),
          ConvShape.of(2, 3, 11, 7, 5, 3, 2, 1, 1),
          ConvShape.of(1, 2, 9, 30, 3, 1, 5, 2, 2),
          // More padding than kernel: whole windows outside.
          ConvShape.of(1, 2, 3, 3, 2, 2, 2, 1, 3),
          ConvShape.of(2, 2, 5, 4, 3, 3, 3, 3, 4),
          // Batches for algorithms that take a vector of images at a time.
          ConvShape.of(40, 32, 7, 7, 48, 3, 3, 2, 1),
          ConvShape.of(17, 40, 8, 8, 50, 4, 4, 2, 1),
          // Over every block of the caches.
          ConvShape.of(3, 70, 14, 14, 130, 3, 3, 1, 1),
          ConvShape.of(20, 3, 9, 9, 6, 3, 3, 1, 1));

  @Test
  default void convForwardAgrees() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(11);
    for (ConvShape shape : SHAPES) {
      Buffer y = Buffer.filled(shape.outputSize(), Float.NaN);
      Buffer x = Buffer.random(random, shape.inputSize());
      Buffer w = Buffer.random(random, shape.weightSize());
      Buffer bias = Buffer.random(random, shape.cout());
      agree(kernels, "forward " + shape, forwardTerms(shape), forward(shape), y, x, w, bias);
      agree(kernels, "no bias " + shape, forwardTerms(shape), forward(shape), y, x, w, Buffer.NONE);
    }
  }

  @Test
  default void convInputGradAgrees() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(12);
    for (ConvShape shape : SHAPES) {
      Buffer dx = Buffer.filled(shape.inputSize(), Float.NaN);
      Buffer dy = Buffer.random(random, shape.outputSize());
      Buffer w = Buffer.random(random, shape.weightSize());
      Buffer bias = Buffer.random(random, shape.cin());
      int terms = shape.cout() * shape.kh() * shape.kw();
      agree(kernels, "input grad " + shape, terms, inputGrad(shape), dx, dy, w, bias);
      agree(kernels, "no bias " + shape, terms, inputGrad(shape), dx, dy, w, Buffer.NONE);
    }
  }

  @Test
  default void convWeightGradAgreesAndAdds() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(13);
    for (ConvShape shape : SHAPES) {
      Buffer dw = Buffer.random(random, shape.weightSize());
      Buffer x = Buffer.random(random, shape.inputSize());
      Buffer dy = Buffer.random(random, shape.outputSize());
      int terms = shape.n() * shape.oh() * shape.ow();
      agree(kernels, "weight grad " + shape, terms, weightGrad(shape), dw, x, dy);
    }
  }

  @Test
  default void convGradientsAreAdjoint() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(14);
    for (ConvShape shape : SHAPES) {
      Buffer x = Buffer.random(random, shape.inputSize());
      Buffer w = Buffer.random(random, shape.weightSize());
      Buffer v = Buffer.random(random, shape.outputSize());
      Buffer y = Buffer.filled(shape.outputSize(), 0);
      Buffer dx = Buffer.filled(shape.inputSize(), 0);
      Buffer dw = Buffer.filled(shape.weightSize(), 0);
      forward(shape).run(kernels, new Buffer[] {y, x, w, Buffer.NONE});
      inputGrad(shape).run(kernels, new Buffer[] {dx, v, w, Buffer.NONE});
      weightGrad(shape).run(kernels, new Buffer[] {dw, x, v});
      double expected = Parity.dot(y, v);
      double tolerance = 1e-6 * Parity.norm(y) * Parity.norm(v);
      assertThat(Parity.dot(x, dx))
          .as("<x, dx> of %s", shape)
          .isCloseTo(expected, within(tolerance));
      assertThat(Parity.dot(w, dw))
          .as("<w, dw> of %s", shape)
          .isCloseTo(expected, within(tolerance));
    }
  }

  @Test
  default void convPassesOnNanAndInfinity() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(15);
    for (ConvShape shape :
        List.of(
            ConvShape.of(3, 5, 9, 8, 6, 3, 3, 2, 1),
            ConvShape.of(3, 1, 11, 12, 20, 5, 5, 1, 0),
            ConvShape.of(2, 18, 6, 6, 17, 3, 3, 1, 1),
            ConvShape.of(4, 18, 4, 4, 17, 4, 4, 1, 0))) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        Buffer x = Buffer.random(random, shape.inputSize());
        Buffer w = Buffer.random(random, shape.weightSize());
        Buffer dy = Buffer.random(random, shape.outputSize());
        Buffer badX = x.copy().set(x.length / 2, bad);
        Buffer badDy = dy.copy().set(dy.length / 2, bad);
        Buffer y = Buffer.filled(dy.length, 0);
        Buffer dx = Buffer.filled(x.length, 0);
        Buffer dw = Buffer.random(random, w.length);
        int terms = forwardTerms(shape);
        agree(kernels, "bad x " + shape, terms, forward(shape), y, badX, w, Buffer.NONE);
        agree(kernels, "bad dy " + shape, 600, inputGrad(shape), dx, badDy, w, Buffer.NONE);
        agree(kernels, "bad x, dw " + shape, 400, weightGrad(shape), dw, badX, dy);
        if (shape.pad() == 0) {
          // Elsewhere a bad dy may also meet the zeros of the padding.
          agree(kernels, "bad dy, dw " + shape, 400, weightGrad(shape), dw, x, badDy);
        }
      }
    }
  }

  @Test
  default void convOfAnEmptyBatchDoesNothing() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(16);
    ConvShape shape = ConvShape.of(0, 3, 9, 8, 6, 3, 3, 2, 1);
    Buffer empty = Buffer.filled(0, 0);
    Buffer w = Buffer.random(random, shape.weightSize());
    agree(kernels, "forward", 1, forward(shape), empty, empty, w, Buffer.NONE);
    agree(kernels, "input grad", 1, inputGrad(shape), empty, empty, w, Buffer.NONE);
    agree(kernels, "weight grad", 1, weightGrad(shape), w, empty, empty);
  }

  private static int forwardTerms(ConvShape shape) {
    return shape.cin() * shape.kh() * shape.kw();
  }

  /** {@code b[0] = conv(b[1]; weights b[2], bias b[3])}. */
  static Call forward(ConvShape shape) {
    return (kernels, b) ->
        kernels.convForward(
            shape,
            b[0].array,
            b[0].offset,
            b[1].array,
            b[1].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset);
  }

  /** {@code b[0] = input gradient of b[1]; weights b[2], bias b[3]}. */
  static Call inputGrad(ConvShape shape) {
    return (kernels, b) ->
        kernels.convInputGrad(
            shape,
            b[0].array,
            b[0].offset,
            b[1].array,
            b[1].offset,
            b[2].array,
            b[2].offset,
            b[3].array,
            b[3].offset);
  }

  /** {@code b[0] += weight gradient of input b[1] and output gradient b[2]}. */
  static Call weightGrad(ConvShape shape) {
    return (kernels, b) ->
        kernels.convWeightGrad(
            shape, b[0].array, b[0].offset, b[1].array, b[1].offset, b[2].array, b[2].offset);
  }
}
