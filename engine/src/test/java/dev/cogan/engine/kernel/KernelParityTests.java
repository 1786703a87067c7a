package dev.cogan.engine.kernel;

/**
 * The tests that every implementation of {@link Kernels} has to pass: comparison with {@link
 * ReferenceKernels} on awkward sizes, identities, NaN and infinity, determinism, allocation. Extend
 * it, and name the implementation:
 *
 * <pre>
 *   class ScalarKernelsTest extends KernelParityTests {
 *     protected Kernels kernels(Parallel parallel) { return new ScalarKernels(parallel); }
 *   }
 * </pre>
 */
public abstract class KernelParityTests
    implements GemmParity,
        ConvParity,
        PoolParity,
        NormParity,
        NormPreluParity,
        ActivationParity,
        ElementwiseParity,
        BehaviourParity {

  /** For subclasses. */
  protected KernelParityTests() {}

  /** A new instance of the implementation under test. */
  protected abstract Kernels kernels(Parallel parallel);

  @Override
  public final Kernels create(Parallel parallel) {
    return kernels(parallel);
  }
}
