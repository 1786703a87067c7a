package dev.cogan.engine.kernel;

/** The scalar kernels against the contract. */
class ScalarKernelsTest extends KernelParityTests {

  @Override
  protected Kernels kernels(Parallel parallel) {
    return new ScalarKernels(parallel);
  }
}
