package dev.cogan.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations and max-pooling. */
interface ActivationGolden extends Golden {

  static List<String> prelus() {
    return LAYERS.cases("prelu.");
  }

  static List<String> pools() {
    return LAYERS.cases("maxpool2d.");
  }

  @ParameterizedTest
  @MethodSource("dev.cogan.engine.golden.ActivationGolden#prelus")
  default void prelu(String name) {
    Kernels kernels = kernels();
    int[] shape = Golden.shape(name, "input");
    int n = shape[0];
    int c = shape[1];
    int s = Golden.pixels(shape);
    float[] x = Golden.floats(name, "input");
    float[] slope = Golden.floats(name, "weight");
    assertThat(slope).hasSize(LAYERS.integer(name, "slopes"));

    float[] y = new float[x.length];
    kernels.preluForward(n, c, s, y, 0, x, 0, slope, 0, slope.length);
    Golden.check(name, "output", y);

    float[] dx = new float[x.length];
    float[] dslope = new float[slope.length];
    float[] dy = Golden.floats(name, "dout");
    kernels.preluBackward(n, c, s, dx, 0, dy, 0, x, 0, slope, 0, slope.length, dslope, 0);
    Golden.check(name, "dinput", dx);
    Golden.check(name, "dweight", dslope);
  }

  @Test
  default void leakyRelu() {
    leaky("leakyrelu", (float) LAYERS.number("leakyrelu", "slope"));
  }

  @Test
  default void relu() {
    leaky("relu", 0);
  }

  private void leaky(String name, float slope) {
    Kernels kernels = kernels();
    float[] x = Golden.floats(name, "input");
    float[] y = new float[x.length];
    kernels.leakyReluForward(x.length, slope, y, 0, x, 0);
    Golden.check(name, "output", y);
    float[] dx = new float[x.length];
    kernels.leakyReluBackward(x.length, slope, dx, 0, Golden.floats(name, "dout"), 0, x, 0);
    Golden.check(name, "dinput", dx);
  }

  @Test
  default void sigmoid() {
    Kernels kernels = kernels();
    float[] x = Golden.floats("sigmoid", "input");
    float[] y = new float[x.length];
    kernels.sigmoidForward(x.length, y, 0, x, 0);
    checkEach("sigmoid", y);
    float[] dx = new float[x.length];
    kernels.sigmoidBackward(x.length, dx, 0, Golden.floats("sigmoid", "dout"), 0, y, 0);
    Golden.check("sigmoid", "dinput", dx);
  }

  @Test
  default void tanh() {
    Kernels kernels = kernels();
    float[] x = Golden.floats("tanh", "input");
    float[] y = new float[x.length];
    kernels.tanhForward(x.length, y, 0, x, 0);
    checkEach("tanh", y);
    float[] dx = new float[x.length];
    kernels.tanhBackward(x.length, dx, 0, Golden.floats("tanh", "dout"), 0, y, 0);
    Golden.check("tanh", "dinput", dx);
  }

  /** The contract allows 1e-6 from the true value; libtorch's own rounding comes on top. */
  private static void checkEach(String name, float[] y) {
    assertThat(y).as(name).containsExactly(Golden.floats(name, "output"), within(1.2e-6f));
  }

  @ParameterizedTest
  @MethodSource("dev.cogan.engine.golden.ActivationGolden#pools")
  default void maxPool2d(String name) {
    Kernels kernels = kernels();
    int[] shape = Golden.shape(name, "input");
    int planes = shape[0] * shape[1];
    int size = LAYERS.integer(name, "size");
    float[] x = Golden.floats(name, "input");
    float[] dy = Golden.floats(name, "dout");
    float[] y = new float[dy.length];
    int[] argmax = new int[dy.length];
    kernels.maxPoolForward(planes, shape[2], shape[3], size, y, 0, argmax, 0, x, 0);
    assertThat(y).isEqualTo(Golden.floats(name, "output"));
    float[] dx = new float[x.length];
    kernels.maxPoolBackward(planes, shape[2], shape[3], size, dx, 0, dy, 0, argmax, 0);
    assertThat(dx).isEqualTo(Golden.floats(name, "dinput"));
  }
}
