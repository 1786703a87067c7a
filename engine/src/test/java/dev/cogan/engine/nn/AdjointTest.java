package dev.cogan.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.check.LayerCase;
import dev.cogan.engine.check.LayerRun;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;
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
