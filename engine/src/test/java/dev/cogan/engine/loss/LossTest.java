package dev.cogan.engine.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Losses by hand, on logits that overflow the plain formula, and on wrong input. */
class LossTest {

  @Test
  void bceOfUndecidedLogitsIsLogTwo() {
    Tensor zero = Tensor.zeros(4, 1);
    assertThat(BceWithLogits.forward(zero, 1f)).isCloseTo(Math.log(2), within(1e-15));
    assertThat(BceWithLogits.forward(zero, 0f)).isCloseTo(Math.log(2), within(1e-15));
  }

  @Test
  void bceOfHugeLogitsIsTheLogitAndNotInfinite() {
    Tensor x = Tensor.of(new float[] {1e30f, -1e30f}, 2, 1);
    assertThat(BceWithLogits.forward(x, 1f)).isEqualTo(1e30f / 2.0);
    assertThat(BceWithLogits.forward(x, 0f)).isEqualTo(1e30f / 2.0);
    Tensor dx = Tensor.zeros(2, 1);
    BceWithLogits.backward(dx, x, 1f, 1f);
    assertThat(dx.toArray()).containsExactly(0f, -0.5f);
  }

  @Test
  void nanIsNotHidden() {
    Tensor x = Tensor.of(new float[] {0, Float.NaN}, 2, 1);
    assertThat(BceWithLogits.forward(x, 1f)).isNaN();
    assertThat(SquaredError.forward(x, Tensor.zeros(2, 1))).isNaN();
    assertThat(SoftmaxCrossEntropy.forward(Tensor.of(new float[] {0, Float.NaN}, 1, 2), one(0)))
        .isNaN();
  }

  @Test
  void ignoredRowsAddNeitherLossNorGradient() {
    Tensor x = Tensor.of(new float[] {0.5f, -1, 3, 2}, 2, 2);
    int[] labels = {SoftmaxCrossEntropy.IGNORED, 1};
    double second = SoftmaxCrossEntropy.forward(Tensor.of(new float[] {3, 2}, 1, 2), one(1));
    assertThat(SoftmaxCrossEntropy.forward(x, labels)).isCloseTo(second / 2, within(1e-12));
    Tensor dx = Tensor.of(new float[] {9, 9, 9, 9}, 2, 2);
    SoftmaxCrossEntropy.backward(dx, x, labels, 1f);
    double p = SoftmaxCrossEntropy.probability(x, 1, 0);
    assertThat(p).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
    assertThat(dx.toArray())
        .containsExactly(new float[] {0, 0, (float) p / 2, (float) -p / 2}, within(1e-6f));
  }

  private static int[] one(int label) {
    return new int[] {label};
  }

  @Test
  void accuracyCountsTheRightSideOfZero() {
    Tensor x = Tensor.of(new float[] {3, 0, -1, 2}, 4, 1);
    assertThat(BceWithLogits.accuracy(x, 1f)).isEqualTo(0.5);
    assertThat(BceWithLogits.accuracy(x, 0f)).isEqualTo(0.5);
    assertThat(BceWithLogits.accuracy(x.slice(0, 1), 1f)).isEqualTo(1);
    assertThat(BceWithLogits.accuracy(x.slice(0, 1), 0f)).isZero();
  }

  @Test
  void crossEntropyOfEqualLogitsIsLogOfTheClasses() {
    Tensor x = Tensor.zeros(3, 10);
    x.fill(500f);
    int[] labels = {0, 9, 4};
    assertThat(SoftmaxCrossEntropy.forward(x, labels)).isCloseTo(Math.log(10), within(1e-12));
  }

  @Test
  void crossEntropyRefusesLabelsThatAreNoClass() {
    Tensor x = Tensor.zeros(1, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SoftmaxCrossEntropy.forward(x, one(3)))
        .withMessage("label 3 is not one of the 3 classes from 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SoftmaxCrossEntropy.backward(Tensor.zeros(1, 3), x, one(-1), 1f))
        .withMessage("label -1 is not one of the 3 classes from 0");
  }

  @Test
  void squaredErrorRefusesOtherShapes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SquaredError.forward(Tensor.zeros(2, 3), Tensor.zeros(3, 2)))
        .withMessage("squared error of [2, 3] against [3, 2]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SquaredError.backward(Tensor.zeros(2), Tensor.zeros(2), Tensor.zeros(1, 2), 1f))
        .withMessage("squared error of [2] against [1, 2]");
  }
}
