package dev.cogan.engine.kernel;

import java.util.function.Function;

/** The kernels that {@link KernelSelector} chose, and why. */
public final class KernelSelection {
  private final String name;
  private final String description;
  private final Function<Parallel, Kernels> factory;
  private final PeakProbe peakProbe;

  KernelSelection(String name, String description, Function<Parallel, Kernels> factory) {
    this(name, description, factory, null);
  }

  KernelSelection(
      String name, String description, Function<Parallel, Kernels> factory, PeakProbe peakProbe) {
    this.name = name;
    this.peakProbe = peakProbe;
    this.description = description;
    this.factory = factory;
  }

  /** {@code scalar}, {@code vector} or {@code reference}. */
  public String name() {
    return name;
  }

  /** What was chosen and why, in one sentence for people. */
  public String describe() {
    return description;
  }

  /**
   * A new instance of the chosen kernels. Each serves one caller at a time.
   *
   * @param parallel how the kernels spread their work; {@link Parallel#none()} for the caller's
   *     thread alone
   */
  public Kernels create(Parallel parallel) {
    return factory.apply(parallel);
  }

  /** Measures what the machine could do at most; null if the chosen kernels bring none. */
  public PeakProbe peakProbe() {
    return peakProbe;
  }

  @Override
  public String toString() {
    return description;
  }
}
