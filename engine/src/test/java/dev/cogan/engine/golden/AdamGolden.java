package dev.cogan.engine.golden;

import dev.cogan.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adam and AdamW, ten steps. */
interface AdamGolden extends Golden {

  static List<String> optimizers() {
    return LAYERS.cases("adam");
  }

  @ParameterizedTest
  @MethodSource("dev.cogan.engine.golden.AdamGolden#optimizers")
  default void adam(String name) {
    Kernels kernels = kernels();
    double rate = LAYERS.number(name, "rate");
    double beta1 = LAYERS.number(name, "beta1");
    double beta2 = LAYERS.number(name, "beta2");
    double decay = LAYERS.number(name, "weight_decay");
    boolean decoupled = Boolean.parseBoolean(LAYERS.setting(name, "decoupled"));
    float[] init = Golden.floats(name, "init");
    float[] gradients = Golden.floats(name, "gradients");
    float[] parameters = Golden.floats(name, "parameters");
    int size = init.length;
    float[] w = init.clone();
    float[] m = new float[size];
    float[] v = new float[size];
    for (int step = 1; step <= gradients.length / size; step++) {
      kernels.adam(
          size,
          w,
          0,
          gradients,
          (step - 1) * size,
          m,
          0,
          v,
          0,
          (float) beta1,
          (float) beta2,
          (float) LAYERS.number(name, "eps"),
          (float) (rate / (1 - Math.pow(beta1, step))),
          (float) (1 / Math.sqrt(1 - Math.pow(beta2, step))),
          decoupled ? 0 : (float) decay,
          decoupled ? (float) (rate * decay) : 0);
      float[] expected = Arrays.copyOfRange(parameters, (step - 1) * size, step * size);
      // The way gone, not the place: a step is small beside the parameter it moves. The last bit
      // of a parameter near 1 is 6e-6 of a step of 0.01.
      Assertions.assertThat(GoldenFile.relativeError(moved(w, init), moved(expected, init)))
          .as("relative error of %s, step %d", name, step)
          .isLessThanOrEqualTo(3 * TOLERANCE);
    }
  }

  private static float[] moved(float[] to, float[] from) {
    float[] difference = to.clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= from[i];
    }
    return difference;
  }
}
