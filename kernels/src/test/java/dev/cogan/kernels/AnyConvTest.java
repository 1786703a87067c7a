package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Convolutions of sizes that nobody has thought of: every legal one must be computed, whatever
 * algorithm takes it.
 */
class AnyConvTest {
  private static final int SHAPES = 800;
  private static final int[] BATCHES = {1, 2, 4, 8, 9, 17};
  private static final int[] CHANNELS = {1, 2, 3, 5, 13, 16, 20, 33};
  private static final int[] SIDES = {1, 2, 3, 4, 5, 7, 8, 14, 16, 17};
  private static final long MOST = 250_000;

  @Test
  void randomSizesAgreeWithTheScalarKernels() {
    Random random = new Random(1);
    Kernels vector = new VectorKernels(Parallel.none());
    Kernels scalar = new ScalarKernels(Parallel.none());
    int tried = 0;
    while (tried < SHAPES) {
      ConvShape s = shape(random);
      if (s != null) {
        compare(s, random, vector, scalar);
        tried++;
      }
    }
  }

  /** Any sizes that are not too much work; null if the kernel does not fit. */
  private static ConvShape shape(Random random) {
    int kh = 1 + random.nextInt(7);
    int kw = random.nextBoolean() ? kh : 1 + random.nextInt(7);
    int h = pick(random, SIDES);
    int w = pick(random, SIDES);
    int stride = 1 + random.nextInt(4);
    int pad = random.nextInt(random.nextBoolean() ? 3 : 10);
    int n = pick(random, BATCHES);
    int cin = pick(random, CHANNELS);
    int cout = pick(random, CHANNELS);
    if (h + 2 * pad < kh || w + 2 * pad < kw) {
      return null;
    }
    ConvShape s = ConvShape.of(n, cin, h, w, cout, kh, kw, stride, pad);
    return s.multiplyAdds() > MOST ? null : s;
  }

  private static int pick(Random random, int[] of) {
    return of[random.nextInt(of.length)];
  }

  private static void compare(ConvShape s, Random random, Kernels vector, Kernels scalar) {
    float[] x = random(random, s.inputSize());
    float[] w = random(random, s.weightSize());
    float[] y = random(random, s.outputSize());
    float[] expected = y.clone();
    float[] actual = y.clone();
    scalar.convForward(s, expected, 0, x, 0, w, 0, null, 0);
    vector.convForward(s, actual, 0, x, 0, w, 0, null, 0);
    close("forward", s, expected, actual, s.cin() * s.kh() * s.kw());

    expected = x.clone();
    actual = x.clone();
    scalar.convInputGrad(s, expected, 0, y, 0, w, 0, null, 0);
    vector.convInputGrad(s, actual, 0, y, 0, w, 0, null, 0);
    close("input gradient", s, expected, actual, s.cout() * s.kh() * s.kw());

    expected = w.clone();
    actual = w.clone();
    scalar.convWeightGrad(s, expected, 0, x, 0, y, 0);
    vector.convWeightGrad(s, actual, 0, x, 0, y, 0);
    close("weight gradient", s, expected, actual, s.n() * s.oh() * s.ow());
  }

  private static void close(String what, ConvShape s, float[] expected, float[] actual, int terms) {
    double most = 2e-6 * (3 + Math.sqrt(terms));
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs((double) expected[i] - actual[i]) < most)) {
        assertThat(actual[i]).as("%s of %s, element %d", what, s, i).isEqualTo(expected[i]);
      }
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
