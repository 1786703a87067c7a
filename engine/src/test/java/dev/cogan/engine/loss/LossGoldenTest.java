package dev.cogan.engine.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.golden.GoldenFile;
import dev.cogan.engine.nn.TestTensors;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses and their gradients against libtorch, extreme logits too. */
class LossGoldenTest {
  private static final GoldenFile FILE = GoldenFile.open("layers.safetensors");
  private static final double TOLERANCE = 1e-5;

  static List<String> binary() {
    return FILE.cases("bce.");
  }

  static List<String> softmax() {
    return FILE.cases("crossentropy.");
  }

  private static Tensor load(String name) {
    Tensor tensor = TestTensors.filled(Shape.of(FILE.shape(name)), 0);
    float[] values = FILE.floats(name);
    System.arraycopy(values, 0, tensor.data(), tensor.offset(), values.length);
    return tensor;
  }

  private static void check(String name, double loss, Tensor dx) {
    float expected = FILE.floats(name + "/loss")[0];
    assertThat(loss).isCloseTo(expected, within(TOLERANCE * Math.max(1e-3, Math.abs(expected))));
    assertThat(GoldenFile.relativeError(dx.toArray(), FILE.floats(name + "/dinput")))
        .as("relative error of the gradient")
        .isLessThanOrEqualTo(TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("binary")
  void bceWithLogits(String name) {
    float target = FILE.integer(name, "target");
    Tensor x = load(name + "/input");
    Tensor dx = TestTensors.filled(x.shape(), Float.NaN);
    BceWithLogits.backward(dx, x, target, 1f);
    check(name, BceWithLogits.forward(x, target), dx);
  }

  @ParameterizedTest
  @MethodSource("softmax")
  void softmaxCrossEntropy(String name) {
    float[] target = FILE.floats(name + "/target");
    int[] labels = new int[target.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) target[i];
    }
    Tensor x = load(name + "/input");
    Tensor dx = TestTensors.filled(x.shape(), Float.NaN);
    SoftmaxCrossEntropy.backward(dx, x, labels, 1f);
    check(name, SoftmaxCrossEntropy.forward(x, labels), dx);
  }

  @Test
  void squaredError() {
    Tensor x = load("mse/input");
    Tensor target = load("mse/target");
    Tensor dx = TestTensors.filled(x.shape(), Float.NaN);
    SquaredError.backward(dx, x, target, 1f);
    check("mse", SquaredError.forward(x, target), dx);
  }
}
