package dev.cogan.kernels;

import dev.cogan.engine.golden.KernelGoldenTests;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;

/** The vector kernels against libtorch. */
class VectorKernelsGoldenTest extends KernelGoldenTests {
  @Override
  public Kernels kernels() {
    return new VectorKernels(Parallel.none());
  }
}
