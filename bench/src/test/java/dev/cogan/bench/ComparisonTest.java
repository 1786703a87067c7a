package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.kernel.ReferenceKernels;
import org.junit.jupiter.api.Test;

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
