package dev.cogan.engine.loss;

import dev.cogan.engine.tensor.Tensor;

/**
 * Binary cross-entropy of a sigmoid, from logits (the loss of both players, the terms of the
 * paper's value function V, section 3; the generators use it in its non-saturating form, with fakes
 * labelled real).
 *
 * <pre>
 *   p = sigmoid(x)      loss = mean of -t log p - (1 - t) log(1 - p)      dx = scale (p - t) / count
 * </pre>
 *
 * computed as {@code max(x, 0) - x t + log(1 + exp(-|x|))}, which no logit overflows.
 */
public final class BceWithLogits {
  private BceWithLogits() {}

  /**
   * The mean loss.
   *
   * @param logits any shape
   * @param target 1 for "real", 0 for "generated"; one value for all
   */
  public static double forward(Tensor logits, float target) {
    double sum = 0;
    for (int i = 0; i < logits.count(); i++) {
      double x = logits.get(i);
      sum += Math.max(x, 0) - x * target + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }
    return sum / logits.count();
  }

  /**
   * The gradient to the logits.
   *
   * @param dlogits overwritten, same shape as logits
   * @param scale factor of the loss
   */
  public static void backward(Tensor dlogits, Tensor logits, float target, float scale) {
    double factor = (double) scale / logits.count();
    for (int i = 0; i < logits.count(); i++) {
      double p = 1 / (1 + StrictMath.exp(-(double) logits.get(i)));
      dlogits.set(i, (float) (factor * (p - target)));
    }
  }

  /** Share of logits on the right side of zero: above for target 1, at or below for target 0. */
  public static double accuracy(Tensor logits, float target) {
    int right = 0;
    for (int i = 0; i < logits.count(); i++) {
      if (logits.get(i) > 0 == target > 0.5f) {
        right++;
      }
    }
    return (double) right / logits.count();
  }
}
