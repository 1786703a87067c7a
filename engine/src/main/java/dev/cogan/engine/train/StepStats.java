package dev.cogan.engine.train;

/**
 * Losses of one training step, averaged over the batch, for a domain or summed over all: what the
 * training's adversarial loss computes. Cross-entropies are in nats, others have no unit. One
 * object is reused for all steps.
 */
public final class StepStats {
  private final double[] realLoss;
  private final double[] fakeLoss;
  private final double[] generatorLoss;
  private final double[] accuracy;
  private final double[] penalty;

  StepStats(int domains) {
    realLoss = new double[domains];
    fakeLoss = new double[domains];
    generatorLoss = new double[domains];
    accuracy = new double[domains];
    penalty = new double[domains];
  }

  void discriminator(int domain, double real, double fake, double right) {
    realLoss[domain] = real;
    fakeLoss[domain] = fake;
    accuracy[domain] = right;
  }

  void penalty(int domain, double value) {
    penalty[domain] = value;
  }

  void generator(int domain, double loss) {
    generatorLoss[domain] = loss;
  }

  /** Number of domains. */
  public int domains() {
    return realLoss.length;
  }

  /** The discriminator's loss on real and generated images of a domain. */
  public double discriminatorLoss(int domain) {
    return realLoss[domain] + fakeLoss[domain];
  }

  /** The generator's loss in a domain. */
  public double generatorLoss(int domain) {
    return generatorLoss[domain];
  }

  /** Share of a domain's images, real and generated, that its discriminator judged right. */
  public double accuracy(int domain) {
    return accuracy[domain];
  }

  /** Sum over the domains of the penalty R1, of the last step that had it; not in the losses. */
  public double penalty() {
    double sum = 0;
    for (double value : penalty) {
      sum += value;
    }
    return sum;
  }

  /** Sum over the domains of {@link #discriminatorLoss(int)}. */
  public double discriminatorLoss() {
    double sum = 0;
    for (int d = 0; d < domains(); d++) {
      sum += discriminatorLoss(d);
    }
    return sum;
  }

  /** Sum over the domains of {@link #generatorLoss(int)}. */
  public double generatorLoss() {
    double sum = 0;
    for (int d = 0; d < domains(); d++) {
      sum += generatorLoss(d);
    }
    return sum;
  }

  /** Mean over the domains of {@link #accuracy(int)}. */
  public double accuracy() {
    double sum = 0;
    for (int d = 0; d < domains(); d++) {
      sum += accuracy[d];
    }
    return sum / domains();
  }
}
