package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.kernel.ThreadPool;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fast convolutions by themselves, whether they would pay or not; whole and in strips. */
class FastConvTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "digits,                      40, 9,  7,  7,  12, 3, 3, 2, 1",
    "one group and odd channels,  11, 19, 13, 13, 37, 3, 3, 2, 1",
    "faces' generator,            33, 9,  8,  8,  10, 4, 4, 2, 1",
    "faces' discriminator,        20, 5,  16, 18, 9,  5, 5, 2, 2",
    "stride 1,                    17, 7,  9,  8,  5,  3, 3, 1, 1",
    "several blocks along K,      4,  300, 4, 4,  270, 4, 4, 2, 1",
    "not square,                  35, 3,  11, 7,  5,  3, 2, 2, 0",
    "pixels that no tap meets,    18, 3,  10, 12, 5,  3, 3, 4, 0",
    "padding beyond the kernel,   5,  6,  5,  6,  5,  2, 2, 1, 3",
    "more than four taps,         6,  3,  9,  9,  4,  6, 5, 1, 1",
    "one pixel,                   37, 2,  1,  1,  3,  3, 3, 1, 1"
  })
  void agreesWithTheReference(
      String what, int n, int cin, int h, int w, int cout, int kh, int kw, int stride, int pad) {
    ConvShape s = ConvShape.of(n, cin, h, w, cout, kh, kw, stride, pad);
    Random random = new Random(5);
    float[] x = random(random, s.inputSize());
    float[] y = random(random, s.outputSize());
    float[] weights = random(random, s.weightSize());
    float[] bias = random(random, Math.max(cin, cout));
    ReferenceKernels reference = new ReferenceKernels();
    Workers workers = new Workers(Parallel.none());
    for (long most : new long[] {Long.MAX_VALUE / 4, 40}) {
      FastConv conv = new FastConv(workers);
      float[] expected = new float[y.length];
      float[] actual = random(random, y.length);
      reference.convForward(s, expected, 0, x, 0, weights, 0, bias, 0);
      conv.run(new FastPlan(s, false, most), true, s, actual, 0, x, 0, weights, 0, bias, 0);
      compare("forward", expected, actual, cin * kh * kw);

      expected = new float[x.length];
      actual = random(random, x.length);
      reference.convInputGrad(s, expected, 0, y, 0, weights, 0, bias, 0);
      conv.run(new FastPlan(s, true, most), false, s, actual, 0, y, 0, weights, 0, bias, 0);
      compare("input gradient", expected, actual, cout * kh * kw);

      expected = random(random, weights.length);
      actual = expected.clone();
      reference.convWeightGrad(s, expected, 0, x, 0, y, 0);
      new FastWeightGrad(workers).run(new FastPlan(s, false, most), s, actual, 0, x, 0, y, 0);
      compare("weight gradient", expected, actual, n * s.oh() * s.ow());
    }
  }

  /** Tasks are cut by the number of threads, but never along a sum. */
  @Test
  void everyNumberOfThreadsGivesTheSameBits() {
    ConvShape s = ConvShape.of(37, 41, 9, 9, 70, 3, 3, 2, 1);
    Random random = new Random(6);
    float[] x = random(random, s.inputSize());
    float[] y = random(random, s.outputSize());
    float[] weights = random(random, s.weightSize());
    for (long most : new long[] {Long.MAX_VALUE / 4, 40}) {
      float[] forward = new float[y.length];
      float[] inputGrad = new float[x.length];
      float[] weightGrad = new float[weights.length];
      for (int threads = 1; threads <= 3; threads++) {
        try (ThreadPool pool = new ThreadPool(threads)) {
          Workers workers = new Workers(pool);
          FastConv conv = new FastConv(workers);
          float[] small = new float[y.length];
          conv.run(new FastPlan(s, false, most), true, s, small, 0, x, 0, weights, 0, null, 0);
          float[] large = new float[x.length];
          conv.run(new FastPlan(s, true, most), false, s, large, 0, y, 0, weights, 0, null, 0);
          float[] taps = new float[weights.length];
          new FastWeightGrad(workers).run(new FastPlan(s, false, most), s, taps, 0, x, 0, y, 0);
          if (threads > 1) {
            assertThat(small).isEqualTo(forward);
            assertThat(large).isEqualTo(inputGrad);
            assertThat(taps).isEqualTo(weightGrad);
          }
          forward = small;
          inputGrad = large;
          weightGrad = taps;
        }
      }
    }
  }

  @Test
  void everyThreadHasAsManyTasks() {
    assertThat(FastConv.rowTasks(52, 21, 2)).isEqualTo(4);
    assertThat(FastConv.rowTasks(103, 21, 2)).isEqualTo(6);
    assertThat(FastConv.rowTasks(103, 21, 1)).isEqualTo(5);
    assertThat(FastConv.rowTasks(26, 7, 4)).isEqualTo(4);
    assertThat(FastConv.rowTasks(3, 1, 8)).as("no more than there are tiles").isEqualTo(3);
  }

  /** The layers that this is for; a few images, or few channels, are not worth it. */
  @Test
  void isUsedWhereItPays() {
    for (FastPlans.Pass pass : FastPlans.Pass.values()) {
      FastPlans plans = new FastPlans(pass);
      assertThat(plans.of(ConvShape.of(64, 512, 7, 7, 1024, 3, 3, 2, 1))).isNotNull();
      assertThat(plans.of(ConvShape.of(64, 128, 25, 25, 256, 3, 3, 2, 1))).isNotNull();
      assertThat(plans.of(ConvShape.of(32, 256, 16, 16, 512, 4, 4, 2, 1))).isNotNull();
      assertThat(plans.of(ConvShape.of(1, 512, 7, 7, 1024, 3, 3, 2, 1))).isNull();
      assertThat(plans.of(ConvShape.of(64, 1, 28, 28, 20, 5, 5, 1, 0))).isNull();
      if (Tile.WIDE) {
        assertThat(plans.of(ConvShape.of(Tile.LANES, 128, 16, 16, 256, 3, 3, 2, 1))).isNotNull();
      }
    }
  }

  private static void compare(String what, float[] expected, float[] actual, int terms) {
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs((double) expected[i] - actual[i]);
      assertThat(error).as("%s, element %d", what, i).isLessThan(2e-6 * (3 + Math.sqrt(terms)));
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
