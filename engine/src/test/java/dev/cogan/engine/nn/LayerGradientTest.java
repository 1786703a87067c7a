package dev.cogan.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.check.LayerCase;
import dev.cogan.engine.check.LayerRun;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hand-written backward of every layer against central differences. */
class LayerGradientTest {

  static List<LayerCase> cases() {
    return LayerCase.ALL;
  }

  static List<LayerCase> withParameters() {
    return LayerCase.ALL.stream().filter(c -> !c.run().layer.parameters().isEmpty()).toList();
  }

  static List<LayerCase> inPlace() {
    return LayerCase.ALL.stream().filter(c -> c.run().layer.backwardInPlace()).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputAndParameters(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    Tensor din = run.newDin();
    run.backward(din, true);

    GradientCheck.check(layer + ": input", run.in, din.toArray(), run::loss);
    for (Parameter p : run.layer.parameters()) {
      GradientCheck.check(p.name(), p.value(), p.gradient().toArray(), run::loss);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputGradientAloneIsTheSameAndTouchesNoParameterGradient(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    Tensor both = run.newDin();
    run.backward(both, true);

    java.util.Arrays.fill(run.store.gradients(), 0.5f);
    Tensor alone = run.newDin();
    run.backward(alone, false);

    assertThat(alone.toArray()).containsExactly(both.toArray());
    assertThat(run.store.gradients()).containsOnly(0.5f);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputGradientWithFrozenStatistics(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    run.forward(Mode.INFERENCE);
    Tensor din = run.newDin();
    run.backward(din, false);

    GradientCheck.check(
        layer + ": input of an inference",
        run.in,
        din.toArray(),
        () -> {
          run.forward(Mode.INFERENCE);
          return GradientCheck.dot(run.out, run.dout);
        });
  }

  @ParameterizedTest
  @MethodSource("withParameters")
  void parameterGradientsAloneAreTheSame(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    run.backward(run.newDin(), true);
    final float[] both = run.store.gradients().clone();

    run.store.zeroGrad();
    run.backward(null, true);

    assertThat(run.store.gradients()).containsExactly(both);
  }

  @ParameterizedTest
  @MethodSource("withParameters")
  void parameterGradientsAdd(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    run.backward(null, true);
    float[] once = run.store.gradients().clone();
    run.backward(null, true);
    run.backward(run.newDin(), true);

    float[] thrice = run.store.gradients();
    for (int i = 0; i < once.length; i++) {
      assertThat(thrice[i]).isCloseTo(3 * once[i], within(once[i]));
    }
  }

  private static org.assertj.core.data.Offset<Float> within(float value) {
    return org.assertj.core.data.Offset.offset(1e-5f * (1 + Math.abs(value)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputGradientOverwrites(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    Tensor first = TestTensors.filled(run.in.shape(), Float.NaN);
    Tensor second = TestTensors.filled(run.in.shape(), 1e6f);
    run.backward(first, false);
    run.backward(second, false);

    assertThat(second.toArray()).containsExactly(first.toArray()).doesNotContain(Float.NaN);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingElseIsWritten(LayerCase layer) {
    LayerRun run = layer.run();
    float[] in = run.in.data().clone();
    run.forward();
    final float[] out = run.out.data().clone();
    final float[] dout = run.dout.data().clone();
    final float[] values = run.store.values().clone();
    Tensor din = run.newDin();
    run.backward(din, true);

    assertThat(run.in.data()).as("in").containsExactly(in);
    assertThat(run.out.data()).as("out").containsExactly(out);
    assertThat(run.dout.data()).as("dout").containsExactly(dout);
    assertThat(run.store.values()).as("parameters").containsExactly(values);
    assertNanAround(run.out);
    assertNanAround(din);
    for (int i = 0; i < 7; i++) {
      assertThat(run.store.gradients()[i]).as("gradient of another layer").isZero();
    }
  }

  private static void assertNanAround(Tensor tensor) {
    for (int i = 0; i < tensor.data().length; i++) {
      boolean inside = i >= tensor.offset() && i < tensor.offset() + tensor.count();
      assertThat(Float.isNaN(tensor.data()[i])).as("NaN at " + i).isEqualTo(!inside);
    }
  }

  @ParameterizedTest
  @MethodSource("inPlace")
  void inPlaceIsTheSame(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    Tensor din = run.newDin();
    run.backward(din, true);
    final float[] gradients = run.store.gradients().clone();

    run.store.zeroGrad();
    Tensor both = new Tensor(run.dout.data().clone(), run.dout.offset(), run.dout.shape());
    run.backward(both, both, true);

    assertThat(both.toArray()).containsExactly(din.toArray());
    assertThat(run.store.gradients()).containsExactly(gradients);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twoForwardsGiveTheSameBits(LayerCase layer) {
    LayerRun run = layer.run();
    run.forward();
    float[] first = run.out.toArray();
    run.out.fill(Float.NaN);
    run.forward();

    assertThat(run.out.toArray()).containsExactly(first).doesNotContain(Float.NaN);
  }
}
