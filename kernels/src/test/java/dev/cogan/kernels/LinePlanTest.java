package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinePlanTest {

  /** Every pixel meets every tap as often as in the convolution's definition, to the last bit. */
  @ParameterizedTest(name = "size {0}, kernel {1}, stride {2}, padding {3}: {4} products")
  @CsvSource({
    "7,  3, 2, 1, 8",
    "13, 3, 2, 1, 15",
    "25, 3, 2, 1, 29",
    "8,  4, 2, 1, 10",
    "16, 4, 2, 1, 22",
    "32, 4, 2, 1, 42",
    "64, 5, 2, 2, -1",
    "33, 5, 2, 2, -1",
    "12, 3, 1, 1, -1",
    "5,  3, 1, 0, -1",
    "11, 5, 3, 1, -1",
    "9,  2, 1, 0, -1",
    "4,  2, 1, 3, -1",
    "9,  1, 2, 0, -1",
    "10, 6, 3, 2, -1",
    "9,  6, 1, 1, -1",
    "8,  2, 3, 0, -1"
  })
  void isTheConvolution(int size, int kernel, int stride, int pad, int products) {
    int small = (size + 2 * pad - kernel) / stride + 1;
    LineWeights weights = new LineWeights(kernel);
    LinePlan plan = new LinePlan(weights, stride, pad, size, small, 0, size, 0, small);
    if (products > 0) {
      assertThat(plan.products).isEqualTo(products);
    }
    check(plan, weights, size, stride, pad, 0, size, 0, small);
    // Parts of either side.
    int cut = size / 3;
    check(
        new LinePlan(weights, stride, pad, size, small, cut, size - 1, 0, small),
        weights,
        size,
        stride,
        pad,
        cut,
        size - 1,
        0,
        small);
    int half = small / 2;
    check(
        new LinePlan(weights, stride, pad, size, small, 0, size, half, small),
        weights,
        size,
        stride,
        pad,
        0,
        size,
        half,
        small);
  }

  private static void check(
      LinePlan plan,
      LineWeights weights,
      int size,
      int stride,
      int pad,
      int largeFrom,
      int largeTo,
      int smallFrom,
      int smallTo) {
    Combination taps = weights.combination();
    for (int x = 0; x < size; x++) {
      for (int y = 0; y < plan.toSmall.outputs; y++) {
        boolean asked = x >= largeFrom && x < largeTo && y >= smallFrom && y < smallTo;
        for (int tap = 0; tap < taps.inputs; tap++) {
          double sum = 0;
          for (int i = 0; i < plan.products; i++) {
            double coef = at(plan.large, i, x) * at(plan.small, i, y);
            sum += coef * at(taps, plan.weightOf[i], tap);
          }
          boolean meets = asked && x == y * stride - pad + tap;
          assertThat(sum).as("pixel %d, result %d, tap %d", x, y, tap).isEqualTo(meets ? 1 : 0);
        }
      }
    }
  }

  private static double at(Combination map, int output, int input) {
    double sum = 0;
    for (int t = map.start[output]; t < map.start[output + 1]; t++) {
      sum += map.index[t] == input ? map.coef[t] : 0;
    }
    return sum;
  }
}
