package dev.cogan.engine.train;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;

class ScalarCoupledGoldenTest extends CoupledGoldenTests {
  @Override
  protected Kernels kernels() {
    return new ScalarKernels();
  }
}
