package dev.cogan.bench;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.ReferenceKernels;
import java.util.Arrays;

/**
 * Compares parts of a large result with the reference kernels, which would need minutes for the
 * whole: the first, middle and last row of a matrix product, the first and last image of a
 * convolution, the first and last row of its gradient to the weights.
 */
final class ReferenceSlices {
  private static final ReferenceKernels REFERENCE = new ReferenceKernels();

  private ReferenceSlices() {}

  static void requireGemm(String what, GemmProblem p, float[] c) {
    float[] a = p.a();
    float[] b = p.b();
    float[] row = new float[p.n()];
    for (int i : new int[] {0, p.m() / 2, p.m() - 1}) {
      int aOff = p.transA() ? i : i * p.k();
      REFERENCE.gemm(
          p.transA(),
          p.transB(),
          1,
          p.n(),
          p.k(),
          a,
          aOff,
          p.lda(),
          b,
          0,
          p.ldb(),
          0f,
          row,
          0,
          p.n());
      Comparison.require(
          what + ", row " + i,
          row,
          Arrays.copyOfRange(c, i * p.n(), (i + 1) * p.n()),
          Math.sqrt(p.k()));
    }
  }

  static void requireConv(String what, ConvProblem p, float[] result) {
    ConvShape s = p.shape();
    if (p.kernel() == Pass.WEIGHT_GRAD) {
      requireWeightRow(what, p, 0, result);
      requireWeightRow(what, p, s.cout() - 1, result);
    } else {
      requireImage(what, p, 0, result);
      requireImage(what, p, s.n() - 1, result);
    }
  }

  private static void requireImage(String what, ConvProblem p, int image, float[] result) {
    ConvShape one = with(p.shape(), 1, p.shape().cout());
    float[] expected;
    if (p.kernel() == Pass.FORWARD) {
      expected = new float[one.outputSize()];
      REFERENCE.convForward(
          one, expected, 0, p.large(), image * one.inputSize(), p.weights(), 0, null, 0);
    } else {
      expected = new float[one.inputSize()];
      REFERENCE.convInputGrad(
          one, expected, 0, p.small(), image * one.outputSize(), p.weights(), 0, null, 0);
    }
    int from = image * expected.length;
    Comparison.require(
        what + ", image " + image,
        expected,
        Arrays.copyOfRange(result, from, from + expected.length));
  }

  /** The gradient of one channel's weights needs that channel's part of the small side alone. */
  private static void requireWeightRow(String what, ConvProblem p, int channel, float[] result) {
    ConvShape one = with(p.shape(), p.shape().n(), 1);
    int pixels = one.oh() * one.ow();
    float[] small = p.small();
    float[] part = new float[one.outputSize()];
    for (int image = 0; image < one.n(); image++) {
      System.arraycopy(
          small, (image * p.shape().cout() + channel) * pixels, part, image * pixels, pixels);
    }
    float[] expected = new float[one.weightSize()];
    REFERENCE.convWeightGrad(one, expected, 0, p.large(), 0, part, 0);
    int from = channel * expected.length;
    Comparison.require(
        what + ", channel " + channel,
        expected,
        Arrays.copyOfRange(result, from, from + expected.length));
  }

  private static ConvShape with(ConvShape s, int n, int cout) {
    return new ConvShape(
        n, s.cin(), s.h(), s.w(), cout, s.kh(), s.kw(), s.stride(), s.pad(), s.oh(), s.ow());
  }
}
