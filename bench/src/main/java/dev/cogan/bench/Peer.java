package dev.cogan.bench;

/**
 * Another library as a further value of the benchmarks' parameter {@code implementation}; found
 * with {@link java.util.ServiceLoader}. The constructor loads nothing: a peer that the machine
 * lacks may be listed.
 */
public interface Peer {

  /** Value of the parameter {@code implementation}. */
  String name();

  /**
   * The product on the problem's data.
   *
   * @param threads how many threads the library may use
   * @throws UnsupportedOperationException if the library has none, or not with so many threads
   */
  default Operation gemm(GemmProblem problem, int threads) {
    throw new UnsupportedOperationException(name() + " has no matrix product here");
  }

  /**
   * One pass of a convolution on the problem's data.
   *
   * @param threads how many threads the library may use
   * @throws UnsupportedOperationException if the library has none
   */
  default Operation conv(ConvProblem problem, int threads) {
    throw new UnsupportedOperationException(name() + " has no convolution here");
  }

  /**
   * Training steps from the problem's parameters, on its first z and images; the result is the
   * losses of the first step, discriminators' and generators'.
   *
   * @param threads how many threads the library may use
   * @throws UnsupportedOperationException if the library has none
   */
  default Operation step(StepProblem problem, int threads) {
    throw new UnsupportedOperationException(name() + " has no training step here");
  }

  /**
   * Pairs of images from the problem's parameters and z; the result is the images of domain a, then
   * those of b.
   *
   * @param threads how many threads the library may use
   * @throws UnsupportedOperationException if the library has none
   */
  default Operation sample(SampleProblem problem, int threads) {
    throw new UnsupportedOperationException(name() + " has no sampling here");
  }
}
