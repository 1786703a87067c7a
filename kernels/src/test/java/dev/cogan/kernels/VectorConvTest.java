package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ReferenceKernels;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes that take each of the convolution's paths, whatever the width of the vectors. */
class VectorConvTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "stride 1 in runs,                  2, 9,   20, 20, 12, 3, 3, 1, 1",
    "stride 2 in runs,                  3, 9,   21, 23, 12, 3, 3, 2, 1",
    "stride 3 one by one,               2, 5,   16, 17, 7,  4, 4, 3, 2",
    "positions too few for runs,        5, 17,  4,  4,  9,  3, 3, 2, 1",
    "kernel smaller than the stride,    2, 6,   9,  10, 5,  1, 1, 2, 0",
    "kernel narrower than the stride,   2, 6,   9,  10, 5,  3, 1, 2, 0",
    "rows left over,                    2, 6,   10, 12, 5,  3, 3, 4, 0",
    "more taps than a block holds,      1, 2,   20, 21, 3,  17, 18, 1, 2",
    "padding beyond the kernel,         2, 6,   5,  6,  5,  2, 2, 1, 3",
    "many channels in one block,        1, 300, 5,  5,  9,  1, 1, 1, 0",
    "rows of positions longer than the image's, 4, 3, 14, 3, 16, 7, 7, 1, 6",
    "the same with stride 2,            3, 40,  7,  1,  3,  3, 3, 2, 7",
    "the last row outside of the image, 4, 5,   7,  1,  6,  5, 5, 1, 4",
    "all windows of a row outside,      8, 16,  1,  5,  16, 1, 4, 2, 1",
    "all windows of a column outside,   8, 16,  5,  1,  16, 4, 1, 2, 1",
    "whole image,                       6, 11,  4,  4,  21, 4, 4, 1, 0",
    "few channels with padding,         4, 3,   30, 31, 8,  5, 5, 2, 2",
    "columns in several blocks,         2, 1,   40, 41, 300, 3, 3, 1, 1",
    "columns with stride,               2, 2,   40, 70, 20, 5, 5, 2, 2",
    "much padding,                      3, 7,   6,  6,  10, 5, 5, 1, 0",
    "positions cut in the weights,      5, 1,   28, 28, 6,  5, 5, 1, 0",
    "images in the lanes,               16, 6,  6,  6,  10, 5, 5, 1, 0",
    "images left over,                  37, 3,  7,  6,  11, 5, 5, 1, 1",
    "images in the lanes with stride,   18, 1,  7,  9,  5,  3, 3, 2, 1",
    "one image with many weights,          1, 66,  13, 13, 201, 3, 3, 2, 1",
    "one image with rows left over,        1, 130, 10, 12, 150, 4, 4, 3, 1",
    "one image with padding,           1, 67,  5,  6,  170, 3, 3, 1, 2",
    "few images with many weights,     3, 29,  5,  4,  261, 3, 3, 2, 1",
    "the same with rows left over,     2, 40,  8,  9,  270, 3, 3, 3, 1",
    "images in blocks of channels,      17, 1,  4,  5,  300, 3, 3, 1, 0"
  })
  void agreesWithTheReference(
      String what, int n, int cin, int h, int w, int cout, int kh, int kw, int stride, int pad) {
    ConvShape s = ConvShape.of(n, cin, h, w, cout, kh, kw, stride, pad);
    Random random = new Random(3);
    float[] x = random(random, s.inputSize());
    float[] y = random(random, s.outputSize());
    float[] weights = random(random, s.weightSize());
    float[] cinBias = random(random, cin);
    float[] coutBias = random(random, cout);
    Kernels vector = new VectorKernels(Parallel.none());
    Kernels reference = new ReferenceKernels();
    float[] expected = new float[y.length];
    float[] actual = random(random, y.length);
    reference.convForward(s, expected, 0, x, 0, weights, 0, coutBias, 0);
    vector.convForward(s, actual, 0, x, 0, weights, 0, coutBias, 0);
    compare("forward", expected, actual, cin * kh * kw);

    expected = new float[x.length];
    actual = random(random, x.length);
    reference.convInputGrad(s, expected, 0, y, 0, weights, 0, cinBias, 0);
    vector.convInputGrad(s, actual, 0, y, 0, weights, 0, cinBias, 0);
    compare("input gradient", expected, actual, cout * kh * kw);

    expected = random(random, weights.length);
    actual = expected.clone();
    reference.convWeightGrad(s, expected, 0, x, 0, y, 0);
    vector.convWeightGrad(s, actual, 0, x, 0, y, 0);
    compare("weight gradient", expected, actual, n * s.oh() * s.ow());
  }

  private static void compare(String what, float[] expected, float[] actual, int terms) {
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs((double) expected[i] - actual[i]);
      assertThat(error).as("%s, element %d", what, i).isLessThan(1e-6 * (3 + Math.sqrt(terms)));
    }
  }

  private static float[] random(Random random, int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    return x;
  }
}
