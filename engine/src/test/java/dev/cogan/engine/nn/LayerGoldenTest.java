package dev.cogan.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.check.LayerRun;
import dev.cogan.engine.golden.GoldenFile;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers against libtorch: output, gradients, and the running statistics of batch norm. */
class LayerGoldenTest {
  private static final GoldenFile FILE = GoldenFile.open("layers.safetensors");
  private static final double TOLERANCE = 1e-5;
  private static final String PATH = "layer";

  /** Cases that are no layers. */
  private static final Set<String> OTHERS =
      Set.of("bce", "crossentropy", "mse", "adam", "adamw", "generator");

  static List<String> layers() {
    return allCases().filter(name -> !name.startsWith("batchnorm")).toList();
  }

  static List<String> norms() {
    return allCases().filter(name -> name.startsWith("batchnorm")).toList();
  }

  private static Stream<String> allCases() {
    return FILE.metadata().keySet().stream().filter(name -> !OTHERS.contains(kind(name)));
  }

  private static String kind(String name) {
    return name.split("\\.")[0];
  }

  private static Function<ParameterStore, Layer> maker(String name) {
    return store ->
        switch (kind(name)) {
          case "linear" ->
              new Linear(store, PATH, number(name, "in"), number(name, "out"), bias(name));
          case "conv2d" ->
              new Conv2d(
                  store,
                  PATH,
                  number(name, "in"),
                  number(name, "out"),
                  number(name, "kernel"),
                  number(name, "stride"),
                  number(name, "pad"),
                  bias(name));
          case "convtranspose2d" ->
              new ConvTranspose2d(
                  store,
                  PATH,
                  number(name, "in"),
                  number(name, "out"),
                  number(name, "kernel"),
                  number(name, "stride"),
                  number(name, "pad"),
                  bias(name));
          case "batchnorm1d", "batchnorm2d" ->
              new BatchNorm2d(
                  store,
                  PATH,
                  number(name, "channels"),
                  Boolean.parseBoolean(FILE.setting(name, "affine")));
          case "prelu" -> new PRelu(store, PATH, number(name, "slopes"));
          case "leakyrelu" -> new LeakyRelu(PATH, (float) FILE.number(name, "slope"));
          case "relu" -> new Relu(PATH);
          case "sigmoid" -> new Sigmoid(PATH);
          case "tanh" -> new Tanh(PATH);
          case "maxpool2d" -> new MaxPool2d(PATH, number(name, "size"));
          default -> throw new AssertionError("no layer for the golden case " + name);
        };
  }

  private static int number(String name, String key) {
    return FILE.integer(name, key);
  }

  private static boolean bias(String name) {
    return Boolean.parseBoolean(FILE.setting(name, "bias"));
  }

  private static void load(String name, Tensor tensor) {
    assertThat(FILE.shape(name)).as(name).containsExactly(tensor.shape().toArray());
    float[] values = FILE.floats(name);
    System.arraycopy(values, 0, tensor.data(), tensor.offset(), values.length);
  }

  private static LayerRun run(String name, String input) {
    Tensor in = TestTensors.filled(Shape.of(FILE.shape(name + input)), 0);
    load(name + input, in);
    LayerRun run = new LayerRun(maker(name), in);
    for (Parameter p : run.layer.parameters()) {
      load(name + p.name().replace(PATH + '.', "/"), p.value());
    }
    return run;
  }

  private static void check(String name, Tensor actual) {
    assertThat(FILE.shape(name)).as(name).containsExactly(actual.shape().toArray());
    assertThat(GoldenFile.relativeError(actual.toArray(), FILE.floats(name)))
        .as("relative error of " + name)
        .isLessThanOrEqualTo(TOLERANCE);
  }

  private static void forwardAndBackward(LayerRun run, String name, String pass) {
    load(name + "/dout" + pass, run.dout);
    run.store.zeroGrad();
    run.forward();
    Tensor din = run.newDin();
    run.backward(din, true);

    check(name + "/output" + pass, run.out);
    check(name + "/dinput" + pass, din);
    for (Parameter p : run.layer.parameters()) {
      check(name + p.name().replace(PATH + '.', "/d") + pass, p.gradient());
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void outputAndGradients(String name) {
    forwardAndBackward(run(name, "/input"), name, "");
  }

  @ParameterizedTest
  @MethodSource("norms")
  void batchNorm(String name) {
    LayerRun run = run(name, "/input1");
    BatchNorm2d norm = (BatchNorm2d) run.layer;
    norm.resetRunningStatistics();
    for (String pass : List.of("1", "2")) {
      load(name + "/input" + pass, run.in);
      forwardAndBackward(run, name, pass);
      check(name + "/running_mean" + pass, norm.runningMean());
      check(name + "/running_var" + pass, norm.runningVar());
    }
    load(name + "/eval_input", run.in);
    run.forward(Mode.INFERENCE);
    check(name + "/eval_output", run.out);
    check(name + "/running_mean2", norm.runningMean());
    check(name + "/running_var2", norm.runningVar());
  }
}
