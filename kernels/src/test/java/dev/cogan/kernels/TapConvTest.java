package dev.cogan.kernels;

import static dev.cogan.kernels.Fences.GAP;
import static dev.cogan.kernels.Fences.compare;
import static dev.cogan.kernels.Fences.fenced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.kernel.ThreadPool;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The convolutions that pack no patches by themselves, whether they would pay or not. */
class TapConvTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "digits' discriminator,       5,  1,  28, 28, 20, 5, 5, 1, 0",
    "digits' generator,           3,  1,  28, 28, 19, 6, 6, 1, 1",
    "faces' discriminator,        3,  3,  32, 32, 10, 5, 5, 2, 2",
    "wide rows and odd sizes,     2,  3,  9,  71, 7,  3, 5, 2, 2",
    "many channels,               17, 19, 12, 20, 37, 5, 5, 2, 2",
    "rows of 13,                  43, 9,  25, 25, 5,  3, 3, 2, 1",
    "several blocks along K,      2,  33, 11, 13, 9,  5, 5, 2, 2",
    "rows of two panels,          2,  5,  11, 64, 13, 5, 5, 2, 2",
    "rows of four panels,         3,  3,  6,  128, 6, 4, 4, 2, 1",
    "the same with all pixels,    2,  2,  5,  64, 7,  3, 3, 1, 1",
    "channels left over,          9,  2,  13, 10, 5,  4, 3, 1, 1",
    "several blocks of positions, 2,  1,  41, 43, 6,  4, 5, 1, 1",
    "the same in whole vectors,   2,  2,  35, 64, 6,  3, 3, 1, 1",
    "one channel each,            2,  1,  6,  5,  1,  2, 2, 1, 0",
    "stride 3,                    3,  2,  17, 16, 6,  4, 5, 3, 2",
    "kernel smaller than stride,  3,  2,  9,  10, 5,  1, 1, 2, 0",
    "kernel flatter than stride,  3,  2,  13, 11, 5,  2, 7, 3, 3",
    "rows left over,              2,  3,  10, 12, 5,  3, 3, 4, 0",
    "padding beyond the kernel,   3,  4,  5,  6,  5,  2, 2, 1, 3",
    "padding beyond the image,    3,  2,  1,  2,  5,  3, 3, 2, 4",
    "one pixel,                   4,  2,  1,  1,  3,  3, 3, 1, 1"
  })
  void agreesWithTheReference(
      String what, int n, int cin, int h, int w, int cout, int kh, int kw, int stride, int pad) {
    ConvShape s = ConvShape.of(n, cin, h, w, cout, kh, kw, stride, pad);
    Random random = new Random(5);
    ReferenceKernels reference = new ReferenceKernels();
    Workers workers = new Workers(Parallel.none());
    float[] x = fenced(random, s.inputSize());
    float[] y = fenced(random, s.outputSize());
    float[] weights = fenced(random, s.weightSize());
    float[] bias = fenced(random, cout);

    ConvTapForward forward = new ConvTapForward(workers);
    float[] expected = y.clone();
    float[] actual = y.clone();
    reference.convForward(s, expected, GAP, x, GAP, weights, GAP, bias, GAP);
    forward.run(s, actual, GAP, x, GAP, weights, GAP, bias, GAP);
    compare("forward", expected, actual, cin * kh * kw);
    reference.convForward(s, expected, GAP, x, GAP, weights, GAP, null, 0);
    forward.run(s, actual, GAP, x, GAP, weights, GAP, null, 0);
    compare("forward without bias", expected, actual, cin * kh * kw);

    FewPositions columns = new FewPositions(workers);
    ConvFewPositions few = new ConvFewPositions(workers, columns);
    few.run(s, actual, GAP, x, GAP, weights, GAP, null, 0);
    compare("forward of few positions without bias", expected, actual, cin * kh * kw);
    reference.convForward(s, expected, GAP, x, GAP, weights, GAP, bias, GAP);
    few.run(s, actual, GAP, x, GAP, weights, GAP, bias, GAP);
    compare("forward of few positions", expected, actual, cin * kh * kw);

    if (ConvRowForward.isPossible(s)) {
      ConvRowForward byRows = new ConvRowForward(workers);
      byRows.run(s, actual, GAP, x, GAP, weights, GAP, bias, GAP);
      compare("forward by rows", expected, actual, cin * kh * kw);
      reference.convForward(s, expected, GAP, x, GAP, weights, GAP, null, 0);
      byRows.run(s, actual, GAP, x, GAP, weights, GAP, null, 0);
      compare("forward by rows without bias", expected, actual, cin * kh * kw);
    }

    expected = x.clone();
    actual = x.clone();
    float[] cinBias = fenced(random, cin);
    reference.convInputGrad(s, expected, GAP, y, GAP, weights, GAP, cinBias, GAP);
    ConvFewPositionsInputGrad fewGrad =
        new ConvFewPositionsInputGrad(workers, new VectorGemm(workers), columns);
    fewGrad.run(s, actual, GAP, y, GAP, weights, GAP, cinBias, GAP);
    compare("input gradient of few positions", expected, actual, cout * kh * kw);
    new ConvColumns(workers).run(s, actual, GAP, y, GAP, weights, GAP, cinBias, GAP);
    compare("input gradient by columns", expected, actual, cout * kh * kw);
    new ConvImageLanes(workers).run(s, actual, GAP, y, GAP, weights, GAP, cinBias, GAP);
    compare("input gradient by lanes of images", expected, actual, cout * kh * kw);
    reference.convInputGrad(s, expected, GAP, y, GAP, weights, GAP, null, 0);
    fewGrad.run(s, actual, GAP, y, GAP, weights, GAP, null, 0);
    compare("input gradient of few positions without bias", expected, actual, cout * kh * kw);

    expected = weights.clone();
    actual = weights.clone();
    ConvTapGrad weightGrad = new ConvTapGrad(workers);
    ConvFewPositionsWeightGrad fewWeightGrad =
        new ConvFewPositionsWeightGrad(new VectorGemm(workers), columns);
    ConvPairGrad pairGrad = new ConvPairGrad(workers);
    for (int i = 0; i < 2; i++) {
      reference.convWeightGrad(s, expected, GAP, x, GAP, y, GAP);
      fewWeightGrad.run(s, actual, GAP, x, GAP, y, GAP);
      compare("weight gradient of few positions", expected, actual, n * s.oh() * s.ow());
      reference.convWeightGrad(s, expected, GAP, x, GAP, y, GAP);
      weightGrad.run(s, actual, GAP, x, GAP, y, GAP);
      compare("weight gradient", expected, actual, n * s.oh() * s.ow());
      reference.convWeightGrad(s, expected, GAP, x, GAP, y, GAP);
      pairGrad.run(s, actual, GAP, x, GAP, y, GAP);
      compare("weight gradient by pairs of rows", expected, actual, n * s.oh() * s.ow());
    }
    if (ConvRowGrad.isPossible(s)) {
      new ConvRowGrad(workers).run(s, actual, GAP, x, GAP, y, GAP);
      reference.convWeightGrad(s, expected, GAP, x, GAP, y, GAP);
      compare("weight gradient by rows", expected, actual, n * s.oh() * s.ow());
    }
  }

  /** No tap is left out or summed twice, and hardly any is computed in vain. */
  @Test
  void tilesOfSomeTapsCoverAll() {
    for (int taps = 1; taps <= 200; taps++) {
      int tiles = DotTile.tiles(taps);
      assertThat(DotTile.firstTap(0, taps)).isZero();
      for (int tile = 0; tile < tiles; tile++) {
        int count = DotTile.firstTap(tile + 1, taps) - DotTile.firstTap(tile, taps);
        assertThat(count).as("tile %d of %d taps", tile, taps).isBetween(5, Tile.WIDE ? 6 : 5);
      }
      int inVain = DotTile.firstTap(tiles, taps) - taps;
      assertThat(inVain).as("%d taps", taps).isBetween(0, 4);
      if (Tile.WIDE && taps >= 20) {
        assertThat(inVain).as("%d taps", taps).isZero();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "faces' discriminator,      3, 13, 32, 32, 20, 5, 5, 2",
    "rows of half a vector,     2, 9,  16, 16, 33, 5, 5, 2",
    "several blocks along K,    2, 10, 12, 12, 70, 3, 3, 1",
    "even kernel,               3, 5,  14, 10, 6,  4, 4, 1",
    "rows of two panels,        2, 11, 10, 64, 7,  5, 5, 2",
    "rows of four panels,       3, 6,  6, 128, 5,  4, 4, 1",
    "not square,                2, 9,  6,  22, 5,  4, 3, 1",
    "padding beyond the kernel, 2, 3,  8,  10, 4,  2, 2, 0",
    "large kernel,              2, 3,  14, 18, 4,  7, 7, 3",
    "one position,              3, 9,  2,  2,  5,  3, 3, 1"
  })
  void inputGradientAgrees(
      String what, int n, int cin, int h, int w, int cout, int kh, int kw, int pad) {
    int oh = h / 2;
    int ow = w / 2;
    assertThat((h + 2 * pad - kh) / 2 + 1).isEqualTo(oh);
    ConvShape s = new ConvShape(n, cin, h, w, cout, kh, kw, 2, pad, oh, (w + 2 * pad - kw) / 2 + 1);
    if (s.ow() != ow) {
      assertThat(ConvTapInputGrad.isPossible(s)).isFalse();
      return;
    }
    assertThat(ConvTapInputGrad.isPossible(s)).isTrue();
    Random random = new Random(7);
    float[] dy = fenced(random, s.outputSize());
    float[] weights = fenced(random, s.weightSize());
    float[] bias = fenced(random, cin);
    float[] expected = fenced(random, s.inputSize());
    float[] actual = fenced(random, s.inputSize());
    ReferenceKernels reference = new ReferenceKernels();
    ConvTapInputGrad inputGrad = new ConvTapInputGrad(new Workers(Parallel.none()));
    reference.convInputGrad(s, expected, GAP, dy, GAP, weights, GAP, bias, GAP);
    inputGrad.run(s, actual, GAP, dy, GAP, weights, GAP, bias, GAP);
    compare("input gradient", expected, actual, cout * kh * kw);
    reference.convInputGrad(s, expected, GAP, dy, GAP, weights, GAP, null, 0);
    inputGrad.run(s, actual, GAP, dy, GAP, weights, GAP, null, 0);
    compare("input gradient without bias", expected, actual, cout * kh * kw);
    if (ConvRowInputGrad.isPossible(s)) {
      ConvRowInputGrad byRows = new ConvRowInputGrad(new Workers(Parallel.none()));
      byRows.run(s, actual, GAP, dy, GAP, weights, GAP, null, 0);
      compare("input gradient by rows without bias", expected, actual, cout * kh * kw);
      reference.convInputGrad(s, expected, GAP, dy, GAP, weights, GAP, bias, GAP);
      byRows.run(s, actual, GAP, dy, GAP, weights, GAP, bias, GAP);
      compare("input gradient by rows", expected, actual, cout * kh * kw);
    }
  }

  @Test
  void everyNumberOfThreadsGivesTheSameBits() {
    ConvShape s = ConvShape.of(11, 3, 31, 33, 21, 5, 5, 2, 2);
    ConvShape even = ConvShape.of(11, 3, 30, 32, 21, 5, 5, 2, 2);
    ConvShape small = ConvShape.of(11, 3, 12, 14, 21, 5, 5, 2, 2);
    Random random = new Random(6);
    float[] x = fenced(random, s.inputSize());
    float[] y = fenced(random, s.outputSize());
    float[] weights = fenced(random, s.weightSize());
    float[][] forward = new float[2][];
    float[][] rowForward = new float[2][];
    float[][] rowInputGrad = new float[2][];
    float[][] inputGrad = new float[2][];
    float[][] fewInputGrad = new float[2][];
    float[][] columns = new float[2][];
    float[][] fewWeightGrad = new float[2][];
    float[][] weightGrad = new float[2][];
    float[][] pairGrad = new float[2][];
    float[][] rowGrad = new float[2][];
    for (int threads = 1; threads <= 2; threads++) {
      try (ThreadPool pool = new ThreadPool(threads)) {
        Workers workers = new Workers(pool);
        forward[threads - 1] = y.clone();
        new ConvTapForward(workers)
            .run(s, forward[threads - 1], GAP, x, GAP, weights, GAP, null, 0);
        rowForward[threads - 1] = y.clone();
        new ConvRowForward(workers)
            .run(small, rowForward[threads - 1], GAP, x, GAP, weights, GAP, null, 0);
        rowInputGrad[threads - 1] = x.clone();
        new ConvRowInputGrad(workers)
            .run(small, rowInputGrad[threads - 1], GAP, y, GAP, weights, GAP, null, 0);
        inputGrad[threads - 1] = x.clone();
        new ConvTapInputGrad(workers)
            .run(even, inputGrad[threads - 1], GAP, y, GAP, weights, GAP, null, 0);
        fewInputGrad[threads - 1] = x.clone();
        new ConvFewPositionsInputGrad(workers, new VectorGemm(workers), new FewPositions(workers))
            .run(small, fewInputGrad[threads - 1], GAP, y, GAP, weights, GAP, null, 0);
        columns[threads - 1] = x.clone();
        new ConvColumns(workers).run(s, columns[threads - 1], GAP, y, GAP, weights, GAP, null, 0);
        fewWeightGrad[threads - 1] = weights.clone();
        new ConvFewPositionsWeightGrad(new VectorGemm(workers), new FewPositions(workers))
            .run(s, fewWeightGrad[threads - 1], GAP, x, GAP, y, GAP);
        weightGrad[threads - 1] = weights.clone();
        new ConvTapGrad(workers).run(s, weightGrad[threads - 1], GAP, x, GAP, y, GAP);
        pairGrad[threads - 1] = weights.clone();
        new ConvPairGrad(workers).run(s, pairGrad[threads - 1], GAP, x, GAP, y, GAP);
        rowGrad[threads - 1] = weights.clone();
        new ConvRowGrad(workers).run(s, rowGrad[threads - 1], GAP, x, GAP, y, GAP);
      }
    }
    assertThat(forward[1]).isEqualTo(forward[0]);
    assertThat(rowForward[1]).isEqualTo(rowForward[0]);
    assertThat(rowInputGrad[1]).isEqualTo(rowInputGrad[0]);
    assertThat(inputGrad[1]).isEqualTo(inputGrad[0]);
    assertThat(fewInputGrad[1]).isEqualTo(fewInputGrad[0]);
    assertThat(columns[1]).isEqualTo(columns[0]);
    assertThat(fewWeightGrad[1]).isEqualTo(fewWeightGrad[0]);
    assertThat(weightGrad[1]).isEqualTo(weightGrad[0]);
    assertThat(pairGrad[1]).isEqualTo(pairGrad[0]);
    assertThat(rowGrad[1]).isEqualTo(rowGrad[0]);
  }

  /** What scratch memory holds from before must not get into sums, not even times zero. */
  @Test
  void numbersOfTheCallBeforeAreForgotten() {
    ConvShape s = ConvShape.of(3, 3, 19, 19, 5, 5, 5, 2, 2);
    float[] x = new float[(int) s.inputSize()];
    float[] dy = new float[(int) s.outputSize()];
    float[] dw = new float[(int) s.weightSize()];
    Workers workers = new Workers(Parallel.none());
    ConvPairGrad byPairs = new ConvPairGrad(workers);
    ConvTapGrad byTaps = new ConvTapGrad(workers);
    Arrays.fill(x, Float.NaN);
    Arrays.fill(dy, Float.NaN);
    byPairs.run(s, dw, 0, x, 0, dy, 0);
    byTaps.run(s, dw, 0, x, 0, dy, 0);
    assertThat(dw).containsOnly(Float.NaN);
    Arrays.fill(x, 1f);
    Arrays.fill(dy, 1f);
    for (int i = 0; i < 2; i++) {
      Arrays.fill(dw, 0f);
      if (i == 0) {
        byPairs.run(s, dw, 0, x, 0, dy, 0);
      } else {
        byTaps.run(s, dw, 0, x, 0, dy, 0);
      }
      // Three images of 10x10 positions; the central tap is inside at each of them.
      assertThat(dw[2 * 5 + 2]).isEqualTo(300f);
      assertThat(dw).doesNotContain(Float.NaN);
    }
  }

  @Test
  void isUsedWhereItPays() {
    ConvShape digits = ConvShape.of(64, 1, 28, 28, 20, 5, 5, 1, 0);
    assertThat(ConvTapForward.suits(digits)).isTrue();
    assertThat(ConvTapGrad.suits(digits)).isTrue();
    assertThat(ConvPairGrad.suits(digits)).isFalse();
    assertThat(ConvPairGrad.suits(ConvShape.of(32, 3, 64, 64, 32, 5, 5, 2, 2))).isTrue();
    assertThat(ConvPairGrad.suits(ConvShape.of(32, 3, 64, 64, 8, 5, 5, 2, 2))).isFalse();
    // One tap per phase: nothing to combine.
    assertThat(ConvPairGrad.suits(ConvShape.of(32, 4, 64, 64, 32, 4, 6, 4, 0))).isFalse();
    ConvShape faces = ConvShape.of(32, 32, 32, 32, 64, 5, 5, 2, 2);
    assertThat(ConvRowForward.suits(faces)).isTrue();
    assertThat(ConvRowInputGrad.suits(faces)).isTrue();
    assertThat(ConvRowForward.suits(digits)).isFalse();
    assertThat(ConvTapInputGrad.suits(faces)).isTrue();
    assertThat(ConvTapGrad.suits(faces)).isFalse();
    assertThat(ConvRowGrad.suits(faces)).isTrue();
    assertThat(ConvRowGrad.suits(digits)).isFalse();
    assertThat(ConvFewPositions.suits(faces)).isFalse();
    assertThat(ConvFewPositions.suits(ConvShape.of(16, 512, 4, 4, 1024, 3, 3, 2, 1))).isTrue();
    ConvShape fewImages = ConvShape.of(Tile.LANES, 128, 8, 8, 256, 3, 3, 2, 1);
    boolean longBlocks = Tile.WIDE && Tile.PAIR_STEPS >= 256;
    assertThat(ConvFewPositions.suits(fewImages)).isEqualTo(!longBlocks);
    ConvShape halfRows = ConvShape.of(2 * Tile.LANES, 64, 16, 16, 128, 5, 5, 2, 2);
    assertThat(ConvRowForward.suits(halfRows)).isEqualTo(!Tile.WIDE);
    ConvShape fewHalfRows = ConvShape.of(Tile.LANES, 64, 16, 16, 128, 5, 5, 2, 2);
    assertThat(ConvRowForward.suits(fewHalfRows)).isTrue();
    assertThat(ConvFewPositions.suits(ConvShape.of(64, 128, 4, 4, 256, 3, 3, 2, 1))).isFalse();
    assertThat(ConvFewPositionsInputGrad.suits(faces)).isFalse();
    ConvShape last = ConvShape.of(32, 256, 4, 4, 512, 3, 3, 2, 1);
    assertThat(ConvFewPositions.suits(last)).isEqualTo(!Tile.WIDE);
    assertThat(ConvFewPositionsInputGrad.suits(last)).isTrue();
    assertThat(ConvFewPositionsInputGrad.suits(ConvShape.of(33, 256, 4, 4, 512, 3, 3, 2, 1)))
        .isFalse();
    assertThat(ConvFewPositionsInputGrad.suits(ConvShape.of(1, 64, 7, 7, 128, 4, 4, 2, 1)))
        .isTrue();
    assertThat(ConvFewPositionsWeightGrad.suits(faces)).isFalse();
    assertThat(ConvFewPositionsWeightGrad.suits(last)).isTrue();
    ConvShape manyWeights = ConvShape.of(16, 128, 16, 16, 256, 3, 3, 2, 1);
    assertThat(ConvTapForward.suits(manyWeights)).isFalse();
    assertThat(ConvTapInputGrad.suits(manyWeights)).isFalse();
    assertThat(ConvTapForward.suits(ConvShape.of(1, 512, 7, 7, 1024, 3, 3, 2, 1))).isFalse();
  }

  /** Tables as large as an array can be: no memory for them, in the second call neither. */
  @Test
  void whatCouldNotBePreparedIsPreparedAnew() {
    ShiftedRows rows = new ShiftedRows(true);
    ConvShape huge = ConvShape.of(1, Integer.MAX_VALUE / 9, 3, 3, 1, 3, 3, 1, 0);
    for (int call = 0; call < 2; call++) {
      assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> rows.prepare(huge));
    }
    rows.prepare(ConvShape.of(1, 2, 3, 3, 1, 3, 3, 1, 0));
    assertThat(rows.taps).isEqualTo(18);
  }
}
