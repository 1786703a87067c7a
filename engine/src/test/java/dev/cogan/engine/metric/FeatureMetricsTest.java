package dev.cogan.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The figures of feature sets, by hand and against numbers made with numpy and scipy. */
class FeatureMetricsTest {

  // By numpy 2.4 and scipy 1.17 (sqrtm) from the same numbers.
  private static final double FRECHET = 0.043910940725825354;
  private static final double FRECHET_FEW = 0.2628124197993809;
  private static final double PRECISION = 0.3825;
  private static final double RECALL = 0.7763636363636364;
  private static final double DENSITY = 0.3475;
  private static final double COVERAGE = 0.5127272727272727;

  /** Scattered numbers that numpy makes alike: {@code (k k 2654435761 + k 40503) mod 2^32}. */
  private static Features scattered(int count, int first, double scale, double shift) {
    int size = 4;
    float[] values = new float[count * size];
    for (int i = 0; i < values.length; i++) {
      long k = i + first;
      long v = (k * k * 2654435761L + k * 40503) & 0xffffffffL;
      values[i] = (float) (v / 0x1p32 * scale + shift);
    }
    return new Features(values, count, size, null);
  }

  private static Features line(float... values) {
    return new Features(values, values.length, 1, null);
  }

  private static Features withClasses(float[] values, int... classes) {
    return new Features(values, values.length, 1, classes);
  }

  @Test
  void frechetDistanceOfTwoNormalsOnALine() {
    // (m1 - m2)^2 + (s1 - s2)^2 with means 2 and 7, variances 1 and 9.
    FrechetDistance a = new FrechetDistance(line(1, 2, 3));
    FrechetDistance b = new FrechetDistance(line(4, 7, 10));
    assertThat(a.to(b)).isCloseTo(25 + 4, within(1e-9));
    assertThat(b.to(a)).isCloseTo(29, within(1e-9));
    assertThat(a.to(a)).isCloseTo(0, within(1e-9));
  }

  @Test
  void frechetDistanceAsScipyComputesIt() {
    Features x = scattered(400, 1, 1.0, 0.1);
    Features y = scattered(550, 5000, 0.8, 0.3);
    double distance = new FrechetDistance(x).to(new FrechetDistance(y));
    assertThat(distance).isCloseTo(FRECHET, within(1e-5));
    assertThat(new FrechetDistance(y).to(new FrechetDistance(x))).isCloseTo(FRECHET, within(1e-5));
  }

  @Test
  void frechetDistanceToOnePicture() {
    // All vectors alike but for rounding: |m1 - m2|^2 + tr(C2) is left.
    float[] same = new float[90 * 30];
    float[] other = new float[90 * 30];
    Random random = new Random(5);
    double expected = 0;
    for (int i = 0; i < same.length; i++) {
      same[i] = 1.1f + i % 30;
      other[i] = random.nextFloat();
    }
    for (int j = 0; j < 30; j++) {
      double mean = 0;
      double square = 0;
      for (int i = 0; i < 90; i++) {
        mean += other[i * 30 + j] / 90.0;
        square += (double) other[i * 30 + j] * other[i * 30 + j];
      }
      expected += (square - 90 * mean * mean) / 89 + Math.pow(1.1f + j - mean, 2);
    }
    FrechetDistance one = new FrechetDistance(new Features(same, 90, 30, null));
    FrechetDistance many = new FrechetDistance(new Features(other, 90, 30, null));
    assertThat(one.to(many)).isCloseTo(expected, within(1e-3));
    assertThat(many.to(one)).isCloseTo(expected, within(1e-3));
    assertThat(one.to(one)).isCloseTo(0, within(1e-9));
  }

  @Test
  void frechetDistanceOfFewerVectorsThanFeatures() {
    Features few = scattered(400, 1, 1.0, 0.1).range(0, 3);
    double distance =
        new FrechetDistance(few).to(new FrechetDistance(scattered(550, 5000, 0.8, 0.3)));
    assertThat(distance).isCloseTo(FRECHET_FEW, within(1e-4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FrechetDistance(line(1)))
        .withMessageContaining("two vectors");
  }

  @Test
  void precisionAndRecallByHand() {
    // Real balls (k = 1): 0, 1, 2 of radius 1, 10 of radius 8. Generated: 0.5 and 0.6 of 0.1, 30.
    Features real = line(0, 1, 2, 10);
    Features generated = line(0.5f, 0.6f, 30);
    Manifold.Cover cover = Manifold.compare(generated, real, 1, 1, new ScalarKernels());
    assertThat(cover.precision()).isEqualTo(2 / 3.0);
    // 30's nearest generated neighbour is 29.4 away: its ball reaches 2 and 10, not 0 (30 away).
    assertThat(cover.recall()).isEqualTo(3 / 4.0);
    // 0.5 is in the balls of 0 and 1; 0.6 too; 2's reaches down to 1 only, 10's to 2.
    assertThat(cover.density()).isEqualTo(4 / 3.0);
    assertThat(cover.coverage()).isEqualTo(2 / 4.0);
  }

  @Test
  void precisionRecallDensityCoverageAsNumpyComputesThem() {
    Manifold.Cover cover =
        Manifold.compare(
            scattered(400, 1, 1.0, 0.1), scattered(550, 5000, 0.8, 0.3), new ScalarKernels());
    assertThat(cover.precision()).isCloseTo(PRECISION, within(1e-9));
    assertThat(cover.recall()).isCloseTo(RECALL, within(1e-9));
    assertThat(cover.density()).isCloseTo(DENSITY, within(1e-9));
    assertThat(cover.coverage()).isCloseTo(COVERAGE, within(1e-9));
  }

  @Test
  void tooFewNeighbours() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Manifold.compare(line(1, 2, 3), line(1, 2, 3), new ScalarKernels()))
        .withMessage("3 neighbours need more than 3 vectors, got 3");
  }

  @Test
  void eigenvaluesOfKnownMatrices() {
    // 2 on the diagonal, -1 beside it: 2 - 2 cos(pi k / (n + 1)).
    int n = 50;
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i][i] = 2;
      if (i > 0) {
        a[i][i - 1] = -1;
        a[i - 1][i] = -1;
      }
    }
    double[] values = new SymmetricEigen(a).values().clone();
    java.util.Arrays.sort(values);
    for (int k = 0; k < n; k++) {
      assertThat(values[k]).isCloseTo(2 - 2 * Math.cos(Math.PI * (k + 1) / (n + 1)), within(1e-13));
    }
    assertThat(new SymmetricEigen(new double[][] {{3}}).values()).containsExactly(3);
    assertThat(new SymmetricEigen(new double[4][4]).values()).containsOnly(0);
    assertThat(new SymmetricEigen(new double[][] {{2e-300, 0}, {0, 1e-300}}).values())
        .containsExactlyInAnyOrder(2e-300, 1e-300);
  }

  @Test
  void vectorsAndRootsOfRandomMatrices() {
    Random random = new Random(3);
    for (int n : new int[] {2, 3, 7, 40}) {
      for (int rank : new int[] {1, n / 2, n}) {
        double[][] a = new double[n][n];
        for (int r = 0; r < rank; r++) {
          double[] v = random.doubles(n).map(x -> x - 0.5).toArray();
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              a[i][j] += v[i] * v[j];
            }
          }
        }
        SymmetricEigen eigen = new SymmetricEigen(a);
        double[][] root = eigen.squareRoot();
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            double product = 0;
            double dot = 0;
            double back = 0;
            for (int k = 0; k < n; k++) {
              product += root[i][k] * root[k][j];
              dot += eigen.vector(i)[k] * eigen.vector(j)[k];
              back += eigen.values()[k] * eigen.vector(k)[i] * eigen.vector(k)[j];
            }
            String what = "n " + n + " rank " + rank + " at " + i + " " + j;
            assertThat(dot).as(what).isCloseTo(i == j ? 1 : 0, within(1e-12));
            assertThat(back).as(what).isCloseTo(a[i][j], within(1e-12));
            assertThat(product).as(what).isCloseTo(a[i][j], within(1e-12));
          }
        }
      }
    }
  }

  @Test
  void histogramsByHand() {
    ClassHistogram h = ClassHistogram.of(new int[] {0, 2, 2, 3}, 4);
    assertThat(h.counts()).containsExactly(1, 0, 2, 1);
    assertThat(h.smallest()).isZero();
    assertThat(h.largest()).isEqualTo(0.5);
    assertThat(h.distance(h)).isZero();
    assertThat(h.distance(ClassHistogram.of(new int[] {1, 1}, 4))).isEqualTo(1);
    assertThat(h.distance(ClassHistogram.of(new int[] {0, 1, 2, 3}, 4))).isEqualTo(0.25);
  }

  @Test
  void pairLabelsByHand() {
    PairLabels labels = PairLabels.of(new int[] {0, 1, 1, 2}, new int[] {0, 1, 2, 2}, 3);
    assertThat(labels.agreement()).isEqualTo(0.75);
    assertThat(labels.chance()).isEqualTo(0.25 * 0.25 + 0.5 * 0.25 + 0.25 * 0.5);
    assertThat(labels.perfect()).isNaN();
    PairLabels bound = labels.withPerfect(new int[] {0, 1, 1, 2}, new int[] {0, 1, 1, 1});
    assertThat(bound.perfect()).isEqualTo(0.75);
    assertThat(bound.agreement()).isEqualTo(labels.agreement());
    assertThatIllegalArgumentException().isThrownBy(() -> PairLabels.of(new int[1], new int[2], 3));
  }

  @Test
  void diversityByHand() {
    // Partners half the set away: (0,2) (1,3) (2,0) (3,1).
    assertThat(Diversity.of(line(0, 1, 4, 9), 1)).isEqualTo((4 + 8 + 4 + 8) / 4.0);
    assertThat(Diversity.of(line(5, 5, 5), 2)).isZero();
    assertThat(Diversity.of(withClasses(new float[] {0, 10, 1, 20}, 0, 1, 0, 1), 3))
        .isEqualTo((1 + 10 + 1 + 10) / 4.0);
    assertThat(Diversity.of(withClasses(new float[] {0, 10}, 0, 1), 3)).isZero();
  }

  @Test
  void blocksOfPixelsByHand() {
    Tensor images = Tensor.zeros(2, 2, 16, 9);
    images.slice(1, 1).fill(0.5f);
    images.set(0, 1); // Block (0, 0) of the first channel: 2 x 1 pixels.
    PixelFeatures pixels = new PixelFeatures(images.shape().dropFirst());
    Features features = pixels.extract(images);
    assertThat(features.size()).isEqualTo(128);
    assertThat(features.values()[0]).isEqualTo(0.5f);
    assertThat(features.range(0, 1).values()).contains(0f);
    assertThat(features.range(1, 1).values()).containsOnly(0.5f);
    assertThat(new PixelFeatures(Shape.of(3, 4, 5)).features()).isEqualTo(60);
    assertThatIllegalArgumentException().isThrownBy(() -> pixels.extract(Tensor.zeros(1, 1, 9, 9)));
  }
}
