package dev.cogan.engine.optim;

import java.util.Locale;

/**
 * Settings of {@link Adam}.
 *
 * @param rate learning rate, above 0
 * @param beta1 decay of the first moment, 0 or more and below 1
 * @param beta2 decay of the second moment, 0 or more and below 1
 * @param eps added to the root of the second moment, above 0
 * @param weightDecay strength of the decay, 0 for none
 * @param decay how and where the decay acts
 */
public record AdamOptions(
    float rate, float beta1, float beta2, float eps, float weightDecay, Decay decay) {

  /** How and where weight decay acts. */
  public enum Decay {
    /** Added to the gradient of every parameter (PyTorch's {@code Adam(weight_decay)}). */
    COUPLED_ALL,
    /** Added to the gradient of weights, not of biases, slopes and scales (the Caffe release). */
    COUPLED_WEIGHTS,
    /**
     * Taken off every parameter, {@code rate * weightDecay} of it in a step, beside the moments
     * (AdamW, Loshchilov and Hutter 2019).
     */
    DECOUPLED_ALL,
    /** Taken off weights only, beside the moments. */
    DECOUPLED_WEIGHTS;

    boolean coupled() {
      return this == COUPLED_ALL || this == COUPLED_WEIGHTS;
    }

    boolean weightsOnly() {
      return this == COUPLED_WEIGHTS || this == DECOUPLED_WEIGHTS;
    }
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range
   */
  public AdamOptions {
    require(rate > 0 && Float.isFinite(rate), "rate", rate, "above 0");
    require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "in [0, 1)");
    require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "in [0, 1)");
    require(eps > 0 && Float.isFinite(eps), "eps", eps, "above 0");
    require(
        weightDecay >= 0 && Float.isFinite(weightDecay), "weightDecay", weightDecay, "0 or more");
  }

  private static void require(boolean ok, String name, float value, String expected) {
    if (!ok) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Adam's %s must be %s, got %s", name, expected, value));
    }
  }

  /** The paper's: rate 2e-4, betas 0.5 and 0.999, decay 5e-4 added to the gradient of weights. */
  public static AdamOptions paper() {
    return new AdamOptions(2e-4f, 0.5f, 0.999f, 1e-8f, 5e-4f, Decay.COUPLED_WEIGHTS);
  }

  /** The same with another rate. */
  public AdamOptions withRate(float value) {
    return new AdamOptions(value, beta1, beta2, eps, weightDecay, decay);
  }

  /** The same with another weight decay. */
  public AdamOptions withWeightDecay(float value) {
    return new AdamOptions(rate, beta1, beta2, eps, value, decay);
  }
}
