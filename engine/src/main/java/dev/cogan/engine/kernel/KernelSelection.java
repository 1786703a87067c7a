package dev.cogan.engine.kernel;

import java.util.function.Function;

/** The kernels that {@link KernelSelector} chose, and why. */
public final class KernelSelection {
  private final String name;
  private final String description;
  private final Function<Parallel, Kernels> factory;

  KernelSelection(String name, String description, Function<Parallel, Kernels> factory) {
    this.name = name;
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

  @Override
  public String toString() {
    return description;
  }
}
