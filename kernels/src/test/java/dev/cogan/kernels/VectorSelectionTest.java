package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.kernel.KernelSelector;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import org.junit.jupiter.api.Test;

class VectorSelectionTest {

  /**
   * The module is on the class path and the Vector API is on: nothing may end in scalar kernels.
   */
  @Test
  void theSelectorFindsTheVectorKernels() {
    KernelSelection selection = KernelSelector.select("vector");
    assertThat(selection.name()).isEqualTo("vector");
    assertThat(selection.describe()).contains("vector kernels").contains("-bit");
    Kernels kernels = selection.create(Parallel.none());
    assertThat(kernels).isInstanceOf(VectorKernels.class);
    float[] c = new float[1];
    kernels.gemm(
        false, false, 1, 1, 2, new float[] {1, 2}, 0, 2, new float[] {3, 4}, 0, 1, 0f, c, 0, 1);
    assertThat(c[0]).isEqualTo(11f);
  }

  /** What the property asks for is what this run of the tests has. */
  @Test
  void thePropertyDecides() {
    String asked = System.getProperty("cogan.kernels", "auto");
    String expected = asked.equals("auto") ? "vector" : asked;
    assertThat(KernelSelector.select().name()).isEqualTo(expected);
  }
}
