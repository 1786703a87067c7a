package dev.cogan.engine.train;

import dev.cogan.engine.tensor.Shape;

/** The training has left the numbers: a loss or a tensor is NaN or infinite. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long step;
  private final String tensor;

  DivergedException(long step, String tensor, String found) {
    super("diverged at step " + step + ": " + tensor + " " + found);
    this.step = step;
    this.tensor = tensor;
  }

  static DivergedException of(long step, String name, Shape shape, float value, int index) {
    return new DivergedException(step, name + " " + shape, "has " + value + " at element " + index);
  }

  /**
   * A loss that is no number.
   *
   * @param loss its name
   */
  public static DivergedException ofLoss(long step, String loss) {
    return new DivergedException(step, loss, "is not finite");
  }

  /** The step that failed, from 1. */
  public long step() {
    return step;
  }

  /** Name of the first bad tensor. */
  public String tensor() {
    return tensor;
  }
}
