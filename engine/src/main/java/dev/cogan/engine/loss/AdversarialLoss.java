package dev.cogan.engine.loss;

import dev.cogan.engine.tensor.Tensor;

/**
 * What the two teams play for: a loss of the discriminator's logits in each of their three roles.
 * The generators' is always the one that has a gradient when the discriminator is sure
 * (non-saturating, as in the paper's code).
 */
public interface AdversarialLoss {

  /** What the logits are of, and whose loss is asked for. */
  enum Role {
    /** The discriminator on real images. */
    REAL,
    /** The discriminator on generated images. */
    FAKE,
    /** The generator on its images. */
    FOOL
  }

  /**
   * The mean loss over the batch.
   *
   * @param logits {@code [n, outputs]}
   * @param domain index of the domain that the images are of, or were asked for
   */
  double forward(Tensor logits, Role role, int domain);

  /**
   * The gradient of {@link #forward} to the logits.
   *
   * @param dlogits overwritten, same shape as logits
   */
  void backward(Tensor dlogits, Tensor logits, Role role, int domain);

  /** Share of the batch that the discriminator judges right; for REAL and FAKE. */
  double accuracy(Tensor logits, Role role, int domain);
}
