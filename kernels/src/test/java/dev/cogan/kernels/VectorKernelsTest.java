package dev.cogan.kernels;

import dev.cogan.engine.kernel.KernelParityTests;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;

/** The vector kernels against the reference, at whatever vector width the JVM runs with. */
class VectorKernelsTest extends KernelParityTests {

  @Override
  protected Kernels kernels(Parallel parallel) {
    return new VectorKernels(parallel);
  }

  @Override
  public int callsUntilCompiled() {
    return 20_000;
  }
}
