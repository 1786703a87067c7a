package dev.cogan.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cogan.engine.check.LayerCase;
import dev.cogan.engine.check.LayerRun;
import dev.cogan.engine.check.RandomTensors;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is linear has an adjoint: {@code <L(x), v> = <x, L'(v)>} for the input, and, because a
 * weight layer without bias is linear in its weights too, {@code <L(x), v> = <w, dw>}. Needs no
 * step width and no golden file, so the tolerance is that of float arithmetic.
 */
class AdjointTest {
  private static final double TOLERANCE = 1e-6;

  static List<LayerCase> linear() {
    return LayerCase.ALL.stream().filter(c -> isLinear(c.run().layer)).toList();
  }

  static List<LayerCase> weighted() {
    return linear().stream().filter(c -> !c.run().layer.parameters().isEmpty()).toList();
  }

  private static boolean isLinear(Layer layer) {
    return layer instanceof Linear
        || layer instanceof Conv2d
        || layer instanceof ConvTranspose2d
        || layer instanceof Reshape
        || layer instanceof Dropout;
  }

  /** With biases at zero, which makes the layer linear. */
  private static LayerRun runWithoutBias(LayerCase layer) {
    LayerRun run = layer.run();
    for (Parameter p : run.layer.parameters()) {
      if (p.role() == Parameter.Role.BIAS) {
        p.value().fill(0f);
      }
    }
    run.forward();
    return run;
  }

  @ParameterizedTest
  @MethodSource("linear")
  void input(LayerCase layer) {
    LayerRun run = runWithoutBias(layer);
    Tensor din = run.newDin();
    run.backward(din, false);

    assertClose(run, GradientCheck.dot(run.in, din));
  }

  @ParameterizedTest
  @MethodSource("weighted")
  void weight(LayerCase layer) {
    LayerRun run = runWithoutBias(layer);
    run.backward(null, true);
    Parameter weight = run.layer.parameters().get(0);

    assertClose(run, GradientCheck.dot(weight.value(), weight.gradient()));
  }

  static List<LayerCase> piecewiseLinear() {
    return LayerCase.ALL.stream().filter(c -> c.run().layer.hasTangent()).toList();
  }

  @Test
  void whatIsPiecewiseLinearHasATangent() {
    assertThat(piecewiseLinear().stream().map(c -> c.run().layer.getClass().getSimpleName()))
        .containsOnly(
            "Linear",
            "Conv2d",
            "MaxPool2d",
            "PRelu",
            "LeakyRelu",
            "Relu",
            "Dropout",
            "Rescale",
            "Reshape",
            "Flatten");
    LayerRun batchNorm =
        LayerCase.ALL.stream()
            .map(LayerCase::run)
            .filter(run -> run.layer instanceof BatchNorm2d)
            .findFirst()
            .orElseThrow();
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> batchNorm.tangent(batchNorm.out, batchNorm.in))
        .withMessageEndingWith("has no tangent");
  }

  /** {@code <J a, v> = <a, J' v>}, with kinks and biases as they are. */
  @ParameterizedTest
  @MethodSource("piecewiseLinear")
  void tangent(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    Tensor along = TestTensors.normal(new Random(9), run.in.shape());
    Tensor dalong = emptyLike(run.out);
    run.tangent(dalong, along);
    Tensor din = run.newDin();
    run.backward(din, false);
    double scale = norm(dalong) * norm(run.dout);
    assertThat(
            Math.abs(GradientCheck.dot(along, din) - GradientCheck.dot(dalong, run.dout)) / scale)
        .isLessThanOrEqualTo(TOLERANCE);
    assertThat(scale).isPositive();
  }

  /** The tangent is linear in a weight: {@code <J a, v> = <w, dw>}; a bias has no part in it. */
  @ParameterizedTest
  @MethodSource("piecewiseLinear")
  void gradientOfTheTangent(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    Tensor along = TestTensors.normal(new Random(9), run.in.shape());
    Tensor dalong = emptyLike(run.out);
    run.tangent(dalong, along);
    run.tangentGradient(along);
    double product = 0;
    for (Parameter p : run.layer.parameters()) {
      if (p.role() == Parameter.Role.BIAS) {
        assertThat(p.gradient().toArray()).containsOnly(0f);
      } else {
        product += GradientCheck.dot(p.value(), p.gradient());
      }
    }
    if (run.layer instanceof PRelu) {
      // The part above the kink depends on no slope.
      for (int i = 0; i < run.in.count(); i++) {
        product += run.in.get(i) > 0 ? (double) run.dout.get(i) * along.get(i) : 0;
      }
    } else if (run.layer.parameters().isEmpty()) {
      return;
    }
    double scale = norm(dalong) * norm(run.dout);
    assertThat(Math.abs(product - GradientCheck.dot(dalong, run.dout)) / scale)
        .isLessThanOrEqualTo(TOLERANCE);
  }

  private static Tensor emptyLike(Tensor tensor) {
    return RandomTensors.filled(tensor.shape(), Float.NaN);
  }

  private static void assertClose(LayerRun run, double product) {
    // Relative to the size of the summands, not of the sum, which may be near zero.
    double scale = norm(run.out) * norm(run.dout);
    assertThat(Math.abs(product - GradientCheck.dot(run.out, run.dout)) / scale)
        .isLessThanOrEqualTo(TOLERANCE);
    assertThat(Math.abs(product) / scale).as("the product is not just zero").isGreaterThan(1e-4);
  }

  private static double norm(Tensor tensor) {
    return Math.sqrt(GradientCheck.dot(tensor, tensor));
  }
}
