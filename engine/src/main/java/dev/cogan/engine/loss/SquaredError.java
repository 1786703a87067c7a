package dev.cogan.engine.loss;

import dev.cogan.engine.tensor.Tensor;

/**
 * Mean squared error: {@code loss = mean of (x - t)^2}, {@code dx = scale * 2 (x - t) / count}
 * (PyTorch's {@code mse_loss}).
 */
public final class SquaredError {
  private SquaredError() {}

  /**
   * The mean loss.
   *
   * @param x any shape
   * @param target same shape
   * @throws IllegalArgumentException if it has another
   */
  public static double forward(Tensor x, Tensor target) {
    requireSameShape(x, target);
    double sum = 0;
    for (int i = 0; i < x.count(); i++) {
      double d = (double) x.get(i) - target.get(i);
      sum += d * d;
    }
    return sum / x.count();
  }

  /**
   * The gradient to x.
   *
   * @param dx overwritten, same shape as x
   * @param scale factor of the loss
   */
  public static void backward(Tensor dx, Tensor x, Tensor target, float scale) {
    requireSameShape(x, target);
    double factor = 2.0 * scale / x.count();
    for (int i = 0; i < x.count(); i++) {
      dx.set(i, (float) (factor * ((double) x.get(i) - target.get(i))));
    }
  }

  private static void requireSameShape(Tensor x, Tensor target) {
    if (!x.shape().equals(target.shape())) {
      throw new IllegalArgumentException(
          "squared error of " + x.shape() + " against " + target.shape());
    }
  }
}
