package dev.cogan.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.golden.GoldenFile;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.PRelu;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.optim.AdamOptions.Decay;
import dev.cogan.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Adam against libtorch, which parameters decay, and the settings' ranges. */
class AdamTest {
  private static final GoldenFile FILE = GoldenFile.open("layers.safetensors");

  /** Of the way gone: the last bit of a parameter near 1 is 6e-6 of a step of 0.01. */
  private static final double TOLERANCE = 3e-5;

  private final Kernels kernels = new ReferenceKernels();

  /** By hand: the first step expects just what comes; quiet times expect nothing. */
  @Test
  void surpriseComparesGradientsWithWhatTheirMomentsExpect() {
    ParameterStore store = new ParameterStore("test");
    store.parameter("w", Shape.of(2), Parameter.Role.WEIGHT, 1, 1);
    store.allocate(Memory.heap(), true);
    Adam adam = new Adam(store, new AdamOptions(1e-3f, 0.5f, 0.999f, 1e-8f, 0f, Decay.COUPLED_ALL));
    store.gradients()[0] = 3f;
    store.gradients()[1] = -1e-3f;
    assertThat(adam.surprise()).isCloseTo(1, within(1e-6));
    adam.restore(1_000_000);
    store.secondMoments()[0] = 9f;
    store.secondMoments()[1] = 0f;
    // The first is as expected, the second as large as it can be: 1 / (1 - beta2) = 1000.
    assertThat(adam.surprise()).isCloseTo(Math.sqrt((1 + 1000) / 2.0), within(1e-2));
    store.gradients()[0] = 0f;
    store.gradients()[1] = 0f;
    assertThat(adam.surprise()).isZero();
  }

  static List<String> cases() {
    return FILE.cases("adam");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tenStepsAsLibtorch(String name) {
    float[] init = FILE.floats(name + "/init");
    float[] gradients = FILE.floats(name + "/gradients");
    float[] expected = FILE.floats(name + "/parameters");
    int n = init.length;
    // Two parameters, so that the run over the whole array is seen to cover both.
    ParameterStore store = new ParameterStore("test");
    store.parameter("first", Shape.of(n - 4), Parameter.Role.WEIGHT, 1, 1);
    store.parameter("second", Shape.of(4), Parameter.Role.BIAS, 1, 1);
    store.allocate(Memory.heap(), true);
    System.arraycopy(init, 0, store.values(), 0, n);
    boolean decoupled = Boolean.parseBoolean(FILE.setting(name, "decoupled"));
    Adam adam =
        new Adam(
            store,
            new AdamOptions(
                (float) FILE.number(name, "rate"),
                (float) FILE.number(name, "beta1"),
                (float) FILE.number(name, "beta2"),
                (float) FILE.number(name, "eps"),
                (float) FILE.number(name, "weight_decay"),
                decoupled ? Decay.DECOUPLED_ALL : Decay.COUPLED_ALL));

    for (int step = 1; step <= 10; step++) {
      System.arraycopy(gradients, (step - 1) * n, store.gradients(), 0, n);
      adam.step(kernels);
      float[] there = Arrays.copyOfRange(expected, (step - 1) * n, step * n);
      assertThat(GoldenFile.relativeError(minus(store.values(), init), minus(there, init)))
          .as("relative error of the way gone in %d steps", step)
          .isLessThanOrEqualTo(TOLERANCE);
    }
    assertThat(adam.steps()).isEqualTo(10);
  }

  private static float[] minus(float[] a, float[] b) {
    float[] difference = a.clone();
    for (int i = 0; i < b.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }

  private static ParameterStore network() {
    ParameterStore store = new ParameterStore("test");
    new Linear(store, "0", 3, 2, true);
    new BatchNorm2d(store, "1", 2, true);
    new PRelu(store, "2", 2);
    new Linear(store, "3", 2, 1, true);
    store.allocate(Memory.heap(), true);
    Arrays.fill(store.values(), 1f);
    return store;
  }

  /** With a gradient of zero, only what decays moves. */
  @ParameterizedTest
  @EnumSource(Decay.class)
  void decayReachesWhatItShould(Decay decay) {
    ParameterStore store = network();
    AdamOptions options = new AdamOptions(0.1f, 0.5f, 0.999f, 1e-8f, 0.5f, decay);
    new Adam(store, options).step(kernels);

    boolean all = decay == Decay.COUPLED_ALL || decay == Decay.DECOUPLED_ALL;
    boolean coupled = decay == Decay.COUPLED_ALL || decay == Decay.COUPLED_WEIGHTS;
    // Coupled: the first step of Adam is the rate times the gradient's sign. Decoupled: rate times
    // decay times the value.
    float moved = coupled ? 0.9f : 0.95f;
    for (Parameter p : store.parameters()) {
      boolean decays = all || p.role() == Parameter.Role.WEIGHT;
      for (float value : p.value().toArray()) {
        assertThat(value).as(p.name()).isCloseTo(decays ? moved : 1f, offset());
      }
    }
  }

  private static org.assertj.core.data.Offset<Float> offset() {
    return org.assertj.core.data.Offset.offset(1e-6f);
  }

  /** As if the settings had that rate; the decay beside the moments is a share of the rate, too. */
  @ParameterizedTest
  @EnumSource(Decay.class)
  void factorIsThatOfTheRate(Decay decay) {
    AdamOptions options = new AdamOptions(0.25f, 0.5f, 0.999f, 1e-8f, 0.5f, decay);
    ParameterStore scaled = network();
    ParameterStore slow = network();
    Adam one = new Adam(scaled, options);
    Adam two = new Adam(slow, options.withRate(0.125f));
    for (int step = 0; step < 3; step++) {
      Arrays.fill(scaled.gradients(), step - 0.5f);
      Arrays.fill(slow.gradients(), step - 0.5f);
      one.step(kernels, 0.5);
      two.step(kernels);
    }
    assertThat(scaled.values()).containsExactly(slow.values());
  }

  @Test
  void withoutDecayNothingMovesWithoutGradient() {
    ParameterStore store = network();
    new Adam(store, AdamOptions.paper().withWeightDecay(0f)).step(kernels);
    assertThat(store.values()).containsOnly(1f);
  }

  @Test
  void restoredStepsGoOnWithTheSameBits() {
    ParameterStore straight = network();
    ParameterStore stopped = network();
    Adam one = new Adam(straight, AdamOptions.paper());
    Adam two = new Adam(stopped, AdamOptions.paper());
    for (int step = 0; step < 6; step++) {
      Arrays.fill(straight.gradients(), step - 2.5f);
      Arrays.fill(stopped.gradients(), step - 2.5f);
      if (step == 3) {
        Adam resumed = new Adam(stopped, AdamOptions.paper());
        resumed.restore(two.steps());
        two = resumed;
      }
      one.step(kernels);
      two.step(kernels);
    }
    assertThat(stopped.values()).containsExactly(straight.values());
    assertThat(two.steps()).isEqualTo(6);
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    refused("rate must be above 0, got 0.0", 0f, 0.5f, 0.9f, 1e-8f, 0f);
    refused("rate must be above 0, got Infinity", Float.POSITIVE_INFINITY, 0.5f, 0.9f, 1e-8f, 0f);
    refused("rate must be above 0, got NaN", Float.NaN, 0.5f, 0.9f, 1e-8f, 0f);
    refused("beta1 must be in [0, 1), got 1.0", 1f, 1f, 0.9f, 1e-8f, 0f);
    refused("beta2 must be in [0, 1), got -0.1", 1f, 0.5f, -0.1f, 1e-8f, 0f);
    refused("eps must be above 0, got 0.0", 1f, 0.5f, 0.9f, 0f, 0f);
    refused("weightDecay must be 0 or more, got -1.0", 1f, 0.5f, 0.9f, 1e-8f, -1f);
  }

  private static void refused(String end, float rate, float b1, float b2, float eps, float decay) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamOptions(rate, b1, b2, eps, decay, Decay.COUPLED_ALL))
        .withMessage("Adam's " + end);
  }
}
