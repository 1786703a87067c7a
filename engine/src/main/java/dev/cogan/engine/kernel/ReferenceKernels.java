package dev.cogan.engine.kernel;

/**
 * The contract as its formulas read: naive loops, sums in double precision, no tricks. It is the
 * oracle of the tests and the text to learn from; it is slow. Each family of kernels stands in a
 * file of its own: {@code ReferenceGemm}, {@code ReferenceConv} (with the convolution's gradients),
 * {@code ReferencePool}, {@code ReferenceNorm}, {@code ReferenceActivations}, {@code
 * ReferenceElementwise} and {@code ReferenceAdam}.
 */
public final class ReferenceKernels
    implements ReferenceGemm,
        ReferenceConv,
        ReferencePool,
        ReferenceNorm,
        ReferenceActivations,
        ReferenceElementwise,
        ReferenceAdam {

  /** A new instance. It keeps no state. */
  public ReferenceKernels() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String describe() {
    return "reference kernels: naive loops in double precision, one thread";
  }

  /** None: the reference runs in the caller's thread. */
  @Override
  public Parallel parallel() {
    return Parallel.none();
  }
}
