package dev.cogan.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Linear by gemm, Conv2d, and ConvTranspose2d as the convolution read backwards. */
interface LinearGolden extends Golden {

  static List<String> linears() {
    return LAYERS.cases("linear.");
  }

  static List<String> convolutions() {
    return LAYERS.cases("conv2d.");
  }

  static List<String> transposed() {
    return LAYERS.cases("convtranspose2d.");
  }

  @ParameterizedTest
  @MethodSource("dev.cogan.engine.golden.LinearGolden#linears")
  default void linear(String name) {
    Kernels kernels = kernels();
    int n = Golden.shape(name, "input")[0];
    int in = LAYERS.integer(name, "in");
    int out = LAYERS.integer(name, "out");
    float[] x = Golden.floats(name, "input");
    float[] w = Golden.floats(name, "weight");
    float[] bias = Golden.floatsOrNull(name, "bias");
    float[] dy = Golden.floats(name, "dout");

    float[] y = new float[n * out];
    kernels.gemm(false, true, n, out, in, x, 0, in, w, 0, in, 0, y, 0, out);
    if (bias != null) {
      kernels.addBias(n, out, 1, y, 0, bias, 0);
    }
    Golden.check(name, "output", y);

    float[] dx = new float[n * in];
    kernels.gemm(false, false, n, in, out, dy, 0, out, w, 0, in, 0, dx, 0, in);
    Golden.check(name, "dinput", dx);

    float[] dw = new float[out * in];
    kernels.gemm(true, false, out, in, n, dy, 0, out, x, 0, in, 1, dw, 0, in);
    Golden.check(name, "dweight", dw);
    checkBiasGrad(kernels, name, n, out, 1);
  }

  @ParameterizedTest
  @MethodSource("dev.cogan.engine.golden.LinearGolden#convolutions")
  default void conv2d(String name) {
    Kernels kernels = kernels();
    ConvShape shape = shape(name, "input", LAYERS.integer(name, "in"), LAYERS.integer(name, "out"));
    int[] output = Golden.shape(name, "output");
    assertThat(new int[] {shape.n(), shape.cout(), shape.oh(), shape.ow()}).isEqualTo(output);
    float[] x = Golden.floats(name, "input");
    float[] w = Golden.floats(name, "weight");
    float[] dy = Golden.floats(name, "dout");

    float[] y = new float[shape.outputSize()];
    kernels.convForward(shape, y, 0, x, 0, w, 0, Golden.floatsOrNull(name, "bias"), 0);
    Golden.check(name, "output", y);

    float[] dx = new float[shape.inputSize()];
    kernels.convInputGrad(shape, dx, 0, dy, 0, w, 0, null, 0);
    Golden.check(name, "dinput", dx);

    float[] dw = new float[shape.weightSize()];
    kernels.convWeightGrad(shape, dw, 0, x, 0, dy, 0);
    Golden.check(name, "dweight", dw);
    checkBiasGrad(kernels, name, shape.n(), shape.cout(), Golden.pixels(output));
  }

  @ParameterizedTest
  @MethodSource("dev.cogan.engine.golden.LinearGolden#transposed")
  default void convTranspose2d(String name) {
    Kernels kernels = kernels();
    ConvShape shape =
        shape(name, "output", LAYERS.integer(name, "out"), LAYERS.integer(name, "in"));
    assertThat(new int[] {shape.n(), shape.cout(), shape.oh(), shape.ow()})
        .isEqualTo(Golden.shape(name, "input"));
    float[] x = Golden.floats(name, "input");
    float[] w = Golden.floats(name, "weight");
    float[] dy = Golden.floats(name, "dout");

    float[] y = new float[shape.inputSize()];
    kernels.convInputGrad(shape, y, 0, x, 0, w, 0, Golden.floatsOrNull(name, "bias"), 0);
    Golden.check(name, "output", y);

    float[] dx = new float[shape.outputSize()];
    kernels.convForward(shape, dx, 0, dy, 0, w, 0, null, 0);
    Golden.check(name, "dinput", dx);

    float[] dw = new float[shape.weightSize()];
    kernels.convWeightGrad(shape, dw, 0, dy, 0, x, 0);
    Golden.check(name, "dweight", dw);
    checkBiasGrad(kernels, name, shape.n(), shape.cin(), shape.h() * shape.w());
  }

  private static ConvShape shape(String name, String large, int cin, int cout) {
    int[] image = Golden.shape(name, large);
    int kernel = LAYERS.integer(name, "kernel");
    return ConvShape.of(
        image[0],
        cin,
        image[2],
        image[3],
        cout,
        kernel,
        kernel,
        LAYERS.integer(name, "stride"),
        LAYERS.integer(name, "pad"));
  }

  private static void checkBiasGrad(Kernels kernels, String name, int n, int c, int s) {
    boolean bias = Boolean.parseBoolean(LAYERS.setting(name, "bias"));
    assertThat(LAYERS.has(name + "/dbias")).isEqualTo(bias);
    if (bias) {
      float[] dbias = new float[c];
      kernels.biasGrad(n, c, s, dbias, 0, Golden.floats(name, "dout"), 0);
      Golden.check(name, "dbias", dbias);
    }
  }
}
