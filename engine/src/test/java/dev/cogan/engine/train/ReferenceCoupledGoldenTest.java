package dev.cogan.engine.train;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;

class ReferenceCoupledGoldenTest extends CoupledGoldenTests {
  @Override
  protected Kernels kernels() {
    return new ReferenceKernels();
  }
}
