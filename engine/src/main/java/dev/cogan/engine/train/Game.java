package dev.cogan.engine.train;

import dev.cogan.engine.loss.AdversarialLoss;
import dev.cogan.engine.loss.AdversarialLoss.Role;
import dev.cogan.engine.loss.ClassLoss;
import dev.cogan.engine.loss.GanLoss;
import dev.cogan.engine.model.Algorithm;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledDiscriminators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.GeneratorPass;
import dev.cogan.engine.model.GradientPenalty;
import dev.cogan.engine.model.JointDiscriminatorPass;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The game of the two teams (Liu and Tuzel 2016, section 3, the constrained minimax game and its
 * value function V): what the discriminators say of a batch, the losses of both teams, and their
 * gradients, to the discriminators' parameters in their turn, to the generated images in the
 * generators'. The parameters stay as they are: a {@link Trainer} updates them.
 */
final class Game {
  private final CoupledDiscriminators discriminators;
  private final TrainOptions options;
  private final AdversarialLoss loss;
  private final GeneratorPass generated;
  private final JointDiscriminatorPass onAll;
  private final JointDiscriminatorPass onFakes;
  private final List<Tensor> dimages = new ArrayList<>();
  private final Tensor dlogits;
  private final List<Tensor> dlogitsOfParts = new ArrayList<>();
  private final Tensor dlogitsOnFakes;
  // What the discriminators get to see of each part of the batch.
  private final List<Tensor> seen = new ArrayList<>();
  private final List<Tensor> seenFakes;
  private final StepStats stats;
  private final List<GradientPenalty> penalties = new ArrayList<>();
  private final SpectralNorm spectralNorm;
  private final InstanceNoise instanceNoise;

  /**
   * Plans the memory.
   *
   * @param model whose gradient buffers are reserved, of the discriminators for two batches per
   *     domain
   * @param generated whose images are judged
   */
  Game(CoupledModel model, TrainOptions options, GeneratorPass generated, Workspace workspace) {
    this.discriminators = model.discriminators();
    this.options = options;
    this.generated = generated;
    loss = lossOf(model.config(), options);
    int batch = options.batch();
    int domains = model.generators().domains();
    // Domains of the batches judged together: real ones first, so that the fakes end the memory.
    List<Integer> order = new ArrayList<>();
    List<Shape> shapes = new ArrayList<>();
    for (int d = 0; d < domains; d++) {
      shapes.add(model.config().domains().get(d).image().prepend(batch));
      dimages.add(floats(workspace, "backward", shapes.get(d)));
      order.add(d);
    }
    order.addAll(List.copyOf(order));
    onAll = new JointDiscriminatorPass(discriminators, order, batch, workspace);
    onFakes = onAll.partsFrom(domains);
    int logits = model.config().logits();
    dlogits = floats(workspace, "backward", Shape.of(2 * domains * batch, logits));
    for (int part = 0; part < order.size(); part++) {
      dlogitsOfParts.add(dlogits.slice(part * batch, batch));
      seen.add(null);
    }
    dlogitsOnFakes = dlogits.slice(0, domains * batch);
    seenFakes = seen.subList(domains, 2 * domains);
    stats = new StepStats(domains);
    Remedies remedies = options.remedies();
    for (int d = 0; d < domains && remedies.r1() > 0; d++) {
      penalties.add(new GradientPenalty(discriminators, onAll.parts().get(d), workspace));
    }
    spectralNorm = remedies.spectralNorm() ? newSpectralNorm(workspace) : null;
    instanceNoise = remedies.instanceNoise() > 0 ? newInstanceNoise(shapes, workspace) : null;
  }

  private static Tensor floats(Workspace workspace, String purpose, Shape shape) {
    return new Tensor(workspace.memory().floats(purpose, shape.count()), 0, shape);
  }

  private static AdversarialLoss lossOf(ModelConfig config, TrainOptions options) {
    if (config.algorithm() != Algorithm.CGAN) {
      return options.remedies().loss();
    }
    if (options.remedies().loss() != GanLoss.BCE) {
      throw new ConfigException(
          "algorithm cgan has a loss of its own (cross-entropy of its classes), got "
              + options.remedies().loss().label());
    }
    return new ClassLoss(options.batch());
  }

  private SpectralNorm newSpectralNorm(Workspace workspace) {
    float[] copy = workspace.memory().floats("parameters", discriminators.store().count());
    return SpectralNorm.forTraining(discriminators.store(), copy);
  }

  private InstanceNoise newInstanceNoise(List<Shape> shapes, Workspace workspace) {
    List<Tensor> noisy = new ArrayList<>();
    for (int part = 0; part < seen.size(); part++) {
      noisy.add(floats(workspace, "activations", shapes.get(part % shapes.size())));
    }
    return new InstanceNoise(options.seed(), noisy);
  }

  /**
   * The discriminators' turn, {@code max over f of E[log f(x)] + E[log(1 - f(g(z)))]} per domain:
   * their gradients, in place of what was in their store.
   *
   * @param reals one batch per domain
   * @param step number of the training's step
   * @param rateFactor that the training has for its rates by now
   */
  void discriminatorsTurn(List<Tensor> reals, long step, double rateFactor) {
    discriminators.store().zeroGrad();
    normalise();
    try {
      discriminatorGradients(reals, step, rateFactor);
    } finally {
      restore();
    }
  }

  private void discriminatorGradients(List<Tensor> reals, long step, double rateFactor) {
    int domains = reals.size();
    for (int d = 0; d < domains; d++) {
      see(d, reals.get(d), rateFactor);
      see(domains + d, generated.image(d), rateFactor);
    }
    discriminators.forward(onAll, seen, Mode.TRAIN);
    for (int d = 0; d < domains; d++) {
      Tensor onReal = onAll.logits(d);
      Tensor onFake = onAll.logits(domains + d);
      loss.backward(dlogitsOfParts.get(d), onReal, Role.REAL, d);
      loss.backward(dlogitsOfParts.get(domains + d), onFake, Role.FAKE, d);
      stats.discriminator(
          d,
          loss.forward(onReal, Role.REAL, d),
          loss.forward(onFake, Role.FAKE, d),
          (loss.accuracy(onReal, Role.REAL, d) + loss.accuracy(onFake, Role.FAKE, d)) / 2);
    }
    discriminators.backward(onAll, null, dlogits, true);
    for (int d = 0; d < domains; d++) {
      penalise(d, step);
    }
    if (spectralNorm != null) {
      spectralNorm.convertGradients();
    }
  }

  /** The penalty R1 at the real images of the last forward, in the steps that have it. */
  private void penalise(int domain, long step) {
    int every = options.remedies().r1Every();
    if (!penalties.isEmpty() && step % every == 0) {
      double penalty = penalties.get(domain).addGradient(options.remedies().r1() * every);
      stats.penalty(domain, penalty / every);
    }
  }

  /**
   * The generators' turn, {@code max over g of E[log f(g(z))]}: the non-saturating form of their
   * goal.
   *
   * @return its gradients to the generated images, one batch per domain; overwritten by the next
   */
  List<Tensor> generatorsTurn(double rateFactor) {
    normalise();
    try {
      imageGradients(rateFactor);
    } finally {
      restore();
    }
    return dimages;
  }

  private void imageGradients(double rateFactor) {
    int domains = dimages.size();
    for (int d = 0; d < domains; d++) {
      see(domains + d, generated.image(d), rateFactor);
    }
    discriminators.forward(onFakes, seenFakes, Mode.TRAIN);
    for (int d = 0; d < domains; d++) {
      stats.generator(d, loss.forward(onFakes.logits(d), Role.FOOL, d));
      loss.backward(dlogitsOfParts.get(d), onFakes.logits(d), Role.FOOL, d);
    }
    discriminators.backward(onFakes, dimages, dlogitsOnFakes, false);
  }

  private void normalise() {
    if (spectralNorm != null) {
      spectralNorm.apply();
    }
  }

  /** Undoes {@link #normalise}: nobody may take normalised weights for the trained ones. */
  private void restore() {
    if (spectralNorm != null) {
      spectralNorm.restore();
    }
  }

  /** Sets what a discriminator gets to see of its images. */
  private void see(int part, Tensor images, double rateFactor) {
    double deviation = options.remedies().instanceNoise() * rateFactor;
    seen.set(part, instanceNoise == null ? images : instanceNoise.over(images, part, deviation));
  }

  /** The losses of the last turns; overwritten by the next ones. */
  StepStats stats() {
    return stats;
  }

  /** The last judgement of a domain's generated images, {@code [batch, logits]}. */
  Tensor logits(int domain) {
    return onFakes.logits(domain);
  }

  /** The random stream of the noise on images, or null. */
  RandomStream instanceNoise() {
    return instanceNoise == null ? null : instanceNoise.random();
  }
}
