package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;
import java.lang.reflect.Proxy;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A benchmark must not time wrong results. */
class ComparisonTest {

  @Test
  void rounding_passes() {
    assertThatCode(
            () -> Comparison.require("x", new float[] {1000, 0}, new float[] {1000.05f, 0.05f}))
        .doesNotThrowAnyException();
  }

  @Test
  void difference_is_refused() {
    assertThatThrownBy(
            () -> Comparison.require("vector gemm", new float[] {1, 2}, new float[] {1, 2.01f}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("vector gemm: value 1 of 2 is 2.01, expected 2.0");
  }

  @Test
  void losses_after_an_update_may_differ_more() {
    float[] losses = {1, 2};
    assertThatCode(() -> Comparison.requireLosses("x", losses, new float[] {1, 2.001f}))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> Comparison.requireLosses("x", losses, new float[] {1, 2.003f}))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Comparison.requireLosses("x", losses, new float[] {1.001f, 2}))
        .isInstanceOf(IllegalStateException.class);
  }

  /** A sum of 10,000 terms that came to almost nothing is as exact as its terms. */
  @Test
  void the_scale_of_a_sum_may_be_told() {
    float[] sum = {0.001f};
    float[] other = {0.0011f};
    assertThatCode(() -> Comparison.require("x", sum, other, 100)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Comparison.require("x", sum, other))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Comparison.require("x", sum, new float[] {0.02f}, 100))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("within 0.0100");
    // A scale below what came out takes nothing away.
    assertThatCode(() -> Comparison.require("x", new float[] {1000}, new float[] {1000.05f}, 1))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"addBias", "axpy", "scaleShift", "multiply", "biasGrad", "sum"})
  void a_kernel_that_does_nothing_is_found(String kernel) {
    requireFound(kernel, (kernels, arguments) -> 0.0);
  }

  @Test
  void a_search_that_never_finds_anything_is_found() {
    requireFound("firstNonFinite", (kernels, arguments) -> -1);
  }

  @Test
  void a_search_that_leaves_the_last_value_out_is_found() {
    requireFound(
        "firstNonFinite",
        (kernels, arguments) ->
            kernels.firstNonFinite(
                (int) arguments[0] - 1, (float[]) arguments[1], (int) arguments[2]));
  }

  /** Runs a call of {@code Elements} with one kernel replaced, and expects it to be refused. */
  private static void requireFound(String name, BiFunction<Kernels, Object[], Object> wrong) {
    ElementsProblem problem = ElementsProblem.parse("3x5x7");
    Kernels right = new ReferenceKernels();
    Kernels damaged =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, arguments) ->
                    method.getName().equals(name)
                        ? wrong.apply(right, arguments)
                        : method.invoke(right, arguments));
    KernelCall expected = ElementsBenchmark.call(name, right, problem);
    KernelCall again = ElementsBenchmark.call(name, right, problem);
    KernelCall call = ElementsBenchmark.call(name, damaged, problem);
    expected.run();
    again.run();
    call.run();
    assertThatCode(() -> again.requireAs(name, expected)).doesNotThrowAnyException();
    assertThatThrownBy(() -> call.requireAs(name, expected))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Benchmarks call for minutes: what is updated in place stays what it was. */
  @ParameterizedTest
  @ValueSource(strings = {"addBias", "axpy"})
  void what_is_updated_in_place_stays_bounded(String kernel) {
    ElementsProblem problem = ElementsProblem.parse("3x5x7");
    KernelCall once = ElementsBenchmark.call(kernel, new ReferenceKernels(), problem);
    KernelCall often = ElementsBenchmark.call(kernel, new ReferenceKernels(), problem);
    once.run();
    for (int i = 0; i < 100_001; i++) {
      often.run();
    }
    assertThatCode(() -> often.requireAs(kernel, once)).doesNotThrowAnyException();
  }

  @Test
  void nan_and_infinity_are_refused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Comparison.require("x", new float[] {1}, new float[] {bad}))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void other_length_is_refused() {
    assertThatThrownBy(() -> Comparison.require("x", new float[2], new float[3]))
        .hasMessage("x: expected 2 values, got 3");
  }

  @Test
  void whatever_a_kernel_writes_is_compared() {
    float[] y = {1};
    float[] mean = {2};
    int[] argmax = {3, 4};
    KernelCall right =
        new KernelCall(() -> {}).writes("y", y).writes("mean", mean).writes("argmax", argmax);
    assertThatCode(() -> call(1, 2, 4).requireAs("vector against scalar", right))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> call(1.1f, 2, 4).requireAs("vector against scalar", right))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("vector against scalar, y: value 0 of 1 is 1.1, expected 1.0");
    assertThatThrownBy(() -> call(1, 2.1f, 4).requireAs("vector against scalar", right))
        .hasMessageContaining("vector against scalar, mean: value 0 of 1 is 2.1, expected 2.0");
    assertThatThrownBy(() -> call(1, 2, 5).requireAs("vector against scalar", right))
        .hasMessage("vector against scalar, argmax: value 1 of 2 is 5, expected 4");
    assertThatThrownBy(() -> Comparison.requireEqual("argmax", new int[2], new int[3]))
        .hasMessage("argmax: expected 2 values, got 3");
  }

  private static KernelCall call(float y, float mean, int second) {
    return new KernelCall(() -> {})
        .writes("y", new float[] {y})
        .writes("mean", new float[] {mean})
        .writes("argmax", new int[] {3, second});
  }

  /** Kernels that write all but what is looked at beside the main result. */
  @Test
  void a_wrong_second_array_stops_a_benchmark() {
    assertThatThrownBy(
            () ->
                CheckedKernels.open(
                    "vector",
                    1,
                    k -> {
                      float[] invStd = new float[2];
                      float[] y = new float[8];
                      float[] x = {1, 2, 3, 4, 5, 6, 7, 9};
                      float damage = k instanceof ReferenceKernels ? 0.01f : 0;
                      return new KernelCall(
                              () -> {
                                k.batchNormForward(
                                    2,
                                    2,
                                    2,
                                    1e-5f,
                                    y,
                                    0,
                                    x,
                                    0,
                                    null,
                                    0,
                                    null,
                                    0,
                                    new float[2],
                                    0,
                                    invStd,
                                    0);
                                invStd[1] += damage;
                              })
                          .writes("y", y)
                          .writes("invStd", invStd);
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("vector against reference, invStd: value 1 of 2");
  }

  @Test
  void a_wrong_row_of_a_product_is_found() {
    GemmProblem problem = GemmProblem.parse("5x7x3-tn");
    for (int row : new int[] {0, 2, 4}) {
      Operation operation = KernelOperations.gemm(new ReferenceKernels(), problem);
      operation.run();
      operation.result()[row * 7 + 6] += 0.1f;
      assertThatThrownBy(() -> ReferenceSlices.requireGemm("gemm", problem, operation.result()))
          .hasMessageContaining("gemm, row " + row + ": value 6");
    }
  }

  @Test
  void a_wrong_image_or_channel_of_a_convolution_is_found() {
    for (String layer : new String[] {"digits.d2@2", "digits-small.g4@2"}) {
      for (Pass pass : Pass.values()) {
        ConvProblem problem = new ConvProblem(ConvLayer.named(layer), pass);
        Operation operation = KernelOperations.conv(new ReferenceKernels(), problem);
        operation.run();
        float[] result = operation.result();
        assertThatCode(() -> ReferenceSlices.requireConv("conv", problem, result))
            .doesNotThrowAnyException();
        result[result.length - 1] += 1;
        assertThatThrownBy(() -> ReferenceSlices.requireConv("conv", problem, result))
            .isInstanceOf(IllegalStateException.class);
      }
    }
  }
}
