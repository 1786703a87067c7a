package dev.cogan.kernels;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.train.CoupledGoldenTests;

/** Whole trainings with the vector kernels against libtorch. */
class VectorCoupledGoldenTest extends CoupledGoldenTests {
  @Override
  protected Kernels kernels() {
    return new VectorKernels(Parallel.none());
  }
}
