package dev.cogan.engine.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LbfgsTest {
  private interface Function {
    double at(double[] x, double[] gradient);
  }

  private static Lbfgs minimise(Function f, int iterations, double... start) {
    Lbfgs search = new Lbfgs(start, 8, iterations, 1e-12);
    double[] gradient = new double[start.length];
    int calls = 0;
    while (!search.done()) {
      double value = f.at(search.trial(), gradient);
      search.report(value, gradient);
      assertThat(calls++).as("calls").isLessThan(10_000);
    }
    return search;
  }

  /** (1 - x)^2 + 100 (y - x^2)^2, whose curved valley gradient descent needs thousands of steps. */
  private static double rosenbrock(double[] p, double[] gradient) {
    double a = 1 - p[0];
    double b = p[1] - p[0] * p[0];
    gradient[0] = -2 * a - 400 * p[0] * b;
    gradient[1] = 200 * b;
    return a * a + 100 * b * b;
  }

  @Test
  void findsTheEndOfTheValley() {
    Lbfgs search = minimise(LbfgsTest::rosenbrock, 200, -1.2, 1);
    assertThat(search.best()).usingComparatorWithPrecision(1e-5).containsExactly(1, 1);
    assertThat(search.value()).isLessThan(1e-10);
    assertThat(search.iterations()).isLessThan(80);
  }

  @Test
  void aBowlOfManyVariablesTakesFewSteps() {
    Lbfgs search =
        minimise(
            (x, gradient) -> {
              double sum = 0;
              for (int i = 0; i < x.length; i++) {
                double weight = 1 + i % 10;
                gradient[i] = 2 * weight * (x[i] - i);
                sum += weight * (x[i] - i) * (x[i] - i);
              }
              return sum;
            },
            100,
            new double[50]);
    for (int i = 0; i < 50; i++) {
      assertThat(search.best()[i]).isCloseTo(i, within(1e-4));
    }
    assertThat(search.iterations()).isLessThan(40);
  }

  @Test
  void valuesThatAreNotFiniteAreSteppedBackFrom() {
    // log x - log is only defined for x > 0, and the first steps overshoot: -log x + x, minimum 1.
    Lbfgs search =
        minimise(
            (x, gradient) -> {
              gradient[0] = 1 - 1 / x[0];
              return x[0] <= 0 ? Double.NaN : x[0] - Math.log(x[0]);
            },
            100,
            0.01);
    assertThat(search.best()[0]).isCloseTo(1, within(1e-5));
  }

  @Test
  void endsAtOnceWhereNothingCanBeDone() {
    Lbfgs flat = minimise((x, gradient) -> 3, 100, 1, 2);
    assertThat(flat.iterations()).isZero();
    assertThat(flat.best()).containsExactly(1, 2);
    assertThat(flat.value()).isEqualTo(3);
    Lbfgs limited = minimise(LbfgsTest::rosenbrock, 0, -1.2, 1);
    assertThat(limited.best()).containsExactly(-1.2, 1);
    Lbfgs broken = minimise((x, gradient) -> Double.NaN, 5, 1);
    assertThat(broken.value()).isNaN();
    double[] gradient = {0};
    assertThatIllegalStateException().isThrownBy(() -> broken.report(0, gradient));
  }

  @Test
  void aGradientThatLiesEndsTheSearchInsteadOfLooping() {
    Lbfgs search =
        minimise(
            (x, gradient) -> {
              gradient[0] = -2 * x[0];
              return x[0] * x[0];
            },
            100,
            1);
    assertThat(search.done()).isTrue();
    assertThat(search.value()).isLessThanOrEqualTo(1);
  }

  @Test
  void settingsAreChecked() {
    double[] start = {0};
    assertThatIllegalArgumentException().isThrownBy(() -> new Lbfgs(start, 0, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lbfgs(start, 1, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lbfgs(start, 1, 1, Double.NaN));
  }
}
