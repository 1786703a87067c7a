package dev.cogan.engine.golden;

import dev.cogan.engine.kernel.Kernels;

/**
 * Kernels against libtorch: every case of {@code layers.safetensors} that a kernel computes. Extend
 * it, and name the implementation.
 */
public abstract class KernelGoldenTests
    implements LinearGolden, NormGolden, ActivationGolden, AdamGolden {

  /** For subclasses. */
  protected KernelGoldenTests() {}

  /** A new instance of the implementation under test. */
  @Override
  public abstract Kernels kernels();
}
