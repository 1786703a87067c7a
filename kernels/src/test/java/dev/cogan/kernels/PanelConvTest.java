package dev.cogan.kernels;

import static dev.cogan.kernels.Fences.GAP;
import static dev.cogan.kernels.Fences.compare;
import static dev.cogan.kernels.Fences.fenced;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.kernel.ThreadPool;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The convolutions whose right factor is copied panel by panel, whether they would pay or not. */
class PanelConvTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "digits' generator,           19, 9,  25, 25, 13, 3, 3, 2, 1",
    "whole tiles and panels,      17, 32, 13, 13, 16, 3, 3, 2, 1",
    "two panels of channels,      9,  37, 11, 12, 9,  3, 3, 2, 1",
    "several images in a block,   23, 5,  13, 13, 6,  4, 4, 2, 1",
    "several blocks along K,      3,  31, 12, 14, 10, 5, 3, 2, 2",
    "stride 1,                    5,  3,  12, 13, 7,  3, 2, 1, 0",
    "stride 3,                    5,  4,  20, 19, 5,  4, 5, 3, 2",
    "kernel smaller than stride,  4,  2,  13, 14, 5,  1, 1, 2, 0",
    "padding beyond the kernel,   3,  4,  7,  8,  5,  2, 2, 1, 3",
    "a single image,              1,  3,  13, 15, 4,  3, 3, 2, 1"
  })
  void agreesWithTheReference(
      String what, int n, int cin, int h, int w, int cout, int kh, int kw, int stride, int pad) {
    ConvShape s = ConvShape.of(n, cin, h, w, cout, kh, kw, stride, pad);
    assertThat(ConvPanelForward.isPossible(s)).isTrue();
    assertThat(ConvPanelGrad.isPossible(s)).isTrue();
    Random random = new Random(5);
    ReferenceKernels reference = new ReferenceKernels();
    Workers workers = new Workers(Parallel.none());
    float[] x = fenced(random, s.inputSize());
    float[] y = fenced(random, s.outputSize());
    float[] weights = fenced(random, s.weightSize());
    float[] bias = fenced(random, cout);

    ConvPanelForward forward = new ConvPanelForward(workers);
    float[] expected = fenced(random, s.outputSize());
    float[] actual = fenced(random, s.outputSize());
    reference.convForward(s, expected, GAP, x, GAP, weights, GAP, bias, GAP);
    forward.run(s, actual, GAP, x, GAP, weights, GAP, bias, GAP);
    compare("forward", expected, actual, cin * kh * kw);
    reference.convForward(s, expected, GAP, x, GAP, weights, GAP, null, 0);
    forward.run(s, actual, GAP, x, GAP, weights, GAP, null, 0);
    compare("forward without bias", expected, actual, cin * kh * kw);

    expected = weights.clone();
    actual = weights.clone();
    ConvPanelGrad weightGrad = new ConvPanelGrad(workers);
    for (int i = 0; i < 2; i++) {
      reference.convWeightGrad(s, expected, GAP, x, GAP, y, GAP);
      weightGrad.run(s, actual, GAP, x, GAP, y, GAP);
      compare("weight gradient", expected, actual, n * s.oh() * s.ow());
    }
  }

  @Test
  void everyNumberOfThreadsGivesTheSameBits() {
    ConvShape s = ConvShape.of(19, 21, 17, 15, 29, 3, 3, 2, 1);
    Random random = new Random(6);
    float[] x = fenced(random, s.inputSize());
    float[] y = fenced(random, s.outputSize());
    float[] weights = fenced(random, s.weightSize());
    float[][] forward = new float[3][];
    float[][] weightGrad = new float[3][];
    for (int threads = 1; threads <= 3; threads++) {
      try (ThreadPool pool = new ThreadPool(threads)) {
        Workers workers = new Workers(pool);
        forward[threads - 1] = y.clone();
        new ConvPanelForward(workers)
            .run(s, forward[threads - 1], GAP, x, GAP, weights, GAP, null, 0);
        weightGrad[threads - 1] = weights.clone();
        new ConvPanelGrad(workers).run(s, weightGrad[threads - 1], GAP, x, GAP, y, GAP);
      }
    }
    for (int i = 1; i < 3; i++) {
      assertThat(forward[i]).isEqualTo(forward[0]);
      assertThat(weightGrad[i]).isEqualTo(weightGrad[0]);
    }
  }

  @Test
  void isUsedWhereItPays() {
    ConvShape best = ConvShape.of(32, 64, 25, 25, 48, 3, 3, 2, 1);
    assertThat(ConvPanelForward.suits(best)).isEqualTo(Tile.WIDE);
    assertThat(ConvPanelGrad.suits(best)).isTrue();
    ConvShape digits = ConvShape.of(64, 128, 25, 25, 256, 3, 3, 2, 1);
    assertThat(ConvPanelForward.suits(digits)).isFalse();
    assertThat(ConvPanelGrad.suits(digits)).isFalse();
  }
}
