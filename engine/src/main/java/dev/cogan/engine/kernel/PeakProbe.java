package dev.cogan.engine.kernel;

/**
 * Arithmetic on registers alone, as fast as the machine can: what kernels are measured against.
 * Several threads may run it at the same time.
 */
@FunctionalInterface
public interface PeakProbe {

  /**
   * Computes for some ten microseconds.
   *
   * @return floating-point operations done; a multiply-add counts as two
   */
  long run();
}
