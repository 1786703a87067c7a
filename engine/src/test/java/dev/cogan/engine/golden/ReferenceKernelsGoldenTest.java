package dev.cogan.engine.golden;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;

/** The oracle against libtorch. */
class ReferenceKernelsGoldenTest extends KernelGoldenTests {
  @Override
  public Kernels kernels() {
    return new ReferenceKernels();
  }
}
