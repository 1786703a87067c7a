package dev.cogan.engine.train;

import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.GeneratorPass;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.optim.Adam;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Trains a coupled GAN (Liu and Tuzel 2016, section 3): one step of the discriminators, then one of
 * the generators, which play against the updated discriminators in the non-saturating form (fakes
 * carry the label "real"). One batch of z per iteration drives both steps, where the paper's
 * released code draws one for each.
 *
 * <p>All memory is planned in the constructor; {@link #step} allocates nothing. The order of every
 * sum is fixed, so equal seeds give equal bits for every number of threads.
 *
 * <p>For one thread at a time. Another one that samples meanwhile finds parameters half updated: a
 * {@link TrainingListener} is called between the steps. An interrupt ends no training; a listener
 * may ask for it in {@link TrainingListener#stopRequested}.
 */
public final class Trainer {
  private final CoupledModel model;
  private final CoupledGenerators generators;
  private final TrainOptions options;
  private final List<ImageStream> data;
  private final Workspace workspace;
  private final Adam generatorAdam;
  private final Adam discriminatorAdam;
  private final WeightAverage average;
  private final RandomStream noise;
  private final GeneratorPass generatorPass;
  private final Game game;
  private final RunningStatistics statistics;
  private final Tensor z;
  private final List<Tensor> reals = new ArrayList<>();
  private long step;

  /**
   * Plans the training; parameters stay as they are.
   *
   * @param model for training, with real memory initialised ({@link CoupledModel#initialise}, or
   *     weights from elsewhere) before the first step or picture: the average of weights, if there
   *     is one, starts at what they are then
   * @param data one endless stream of images per domain
   * @param workspace with a counting memory, only the plan is made
   * @throws ConfigException if a stream's images are not what its domain expects
   * @throws IllegalArgumentException if the model was made for sampling
   */
  public Trainer(
      CoupledModel model, TrainOptions options, List<ImageStream> data, Workspace workspace) {
    if (model.discriminators() == null) {
      throw new IllegalArgumentException(
          "the model was made for sampling and has no discriminators; a training needs one of"
              + " CoupledModel.forTraining");
    }
    this.model = model;
    this.generators = model.generators();
    this.options = options;
    this.data = List.copyOf(data);
    this.workspace = workspace;
    options.noise().requireFitting(model.config().latent());
    requireFittingData();
    generatorAdam = new Adam(generators.store(), options.generator());
    discriminatorAdam = new Adam(model.discriminators().store(), options.discriminator());
    average = options.remedies().averages() ? newAverage() : null;
    noise = RandomStream.of(options.seed(), "noise");
    int batch = options.batch();
    generators.reserveGradients(workspace, batch);
    model.discriminators().reserveGradients(workspace, batch, 2 * generators.domains());
    generatorPass = new GeneratorPass(generators, batch, true, workspace);
    statistics = new RunningStatistics(generators, generatorPass);
    z = floats("activations", Shape.of(batch, generators.latentShape().count()));
    for (DomainShape domain : model.config().domains()) {
      reals.add(floats("activations", domain.image().prepend(batch)));
    }
    game = new Game(model, options, generatorPass, workspace);
  }

  private WeightAverage newAverage() {
    CoupledGenerators averaged =
        CoupledModel.forSampling(model.config(), workspace.memory()).generators();
    return new WeightAverage(options.remedies().ema(), averaged, generators.store());
  }

  /**
   * Not in the constructor: a model that is initialised after it would leave an average of zeros.
   */
  private void startAverage() {
    if (average != null && !average.started() && workspace.memory().isReal()) {
      average.start();
    }
  }

  /** For a training that averages its weights from here on and did not before. */
  void startAverageAmidst() {
    if (average != null) {
      average.startAmidst();
    }
  }

  private Tensor floats(String purpose, Shape shape) {
    return new Tensor(workspace.memory().floats(purpose, shape.count()), 0, shape);
  }

  private void requireFittingData() {
    List<DomainShape> domains = model.config().domains();
    if (data.size() != domains.size()) {
      throw new ConfigException(
          "the model has " + domains.size() + " domains, the data " + data.size());
    }
    for (int d = 0; d < domains.size(); d++) {
      Shape given = data.get(d).data().shape();
      if (!given.equals(domains.get(d).image())) {
        throw new ConfigException(
            "domain "
                + domains.get(d).name()
                + ": the model expects images "
                + domains.get(d).image()
                + ", the data has "
                + given);
      }
      for (int other = 0; other < d; other++) {
        if (data.get(d).data().name().equals(data.get(other).data().name())) {
          throw new ConfigException(
              "two domains have data of the name '"
                  + data.get(d).data().name()
                  + "': the name decides in which order images come, and they would come in pairs");
        }
      }
    }
  }

  /**
   * Trains until {@code lastStep} steps are done, all runs together.
   *
   * @param snapshotEvery steps between snapshots, at least 1; there is one before the first step,
   *     too, unless this continues an earlier run, and one after the last
   * @throws IllegalArgumentException if {@code snapshotEvery} is below 1
   * @throws DivergedException if a number is no longer finite
   */
  public void run(long lastStep, long snapshotEvery, TrainingListener listener) {
    Objects.requireNonNull(listener, "listener");
    if (snapshotEvery < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 step between snapshots, got " + snapshotEvery);
    }
    listener.onStart(this, lastStep);
    if (step == 0) {
      snapshot(listener);
    }
    while (step < lastStep) {
      listener.beforeStep(this);
      listener.onStep(this, step());
      boolean atSnapshot = step % snapshotEvery == 0 || step == lastStep;
      if (atSnapshot) {
        snapshot(listener);
      }
      if (step < lastStep && listener.stopRequested()) {
        if (!atSnapshot) {
          prepareToSave();
          listener.onStop(this);
        }
        return;
      }
    }
  }

  private void snapshot(TrainingListener listener) {
    prepareToSave();
    listener.onSnapshot(this);
  }

  private void prepareToSave() {
    refreshStatistics();
    Divergence.requireFinite(this);
  }

  /**
   * One iteration: a step of the discriminators, then one of the generators. After any exception
   * the step is done in part: what is wanted of it is in the last checkpoint.
   *
   * @return the losses; overwritten by the next step
   * @throws DivergedException if a loss is no longer finite
   */
  public StepStats step() {
    startAverage();
    step++;
    for (int i = 1; i < options.remedies().discriminatorSteps(); i++) {
      draw();
      generators.forward(generatorPass, z, Mode.TRAIN);
      discriminatorStep(reals);
    }
    draw();
    return bothSteps(z, reals);
  }

  private void draw() {
    options.noise().fill(noise, z);
    for (int d = 0; d < data.size(); d++) {
      data.get(d).next(reals.get(d).data(), reals.get(d).offset(), options.batch());
    }
  }

  /** One iteration on given z {@code [batch, latent]} and real images; see {@link #step()}. */
  StepStats step(Tensor latents, List<Tensor> images) {
    startAverage();
    step++;
    return bothSteps(latents, images);
  }

  private StepStats bothSteps(Tensor latents, List<Tensor> images) {
    generators.forward(generatorPass, latents, Mode.TRAIN);
    discriminatorStep(images);
    generatorStep();
    if (average != null) {
      average.add(step);
    }
    return game.stats();
  }

  private void discriminatorStep(List<Tensor> images) {
    game.discriminatorsTurn(images, step, rateFactor());
    requireFinite(game.stats().discriminatorLoss() + game.stats().penalty());
    update(discriminatorAdam);
  }

  private void generatorStep() {
    generators.store().zeroGrad();
    List<Tensor> dimages = game.generatorsTurn(rateFactor());
    requireFinite(game.stats().generatorLoss());
    generators.backward(generatorPass, dimages);
    update(generatorAdam);
  }

  /** Before the optimiser spreads one bad number over all weights: later nobody knows its place. */
  private void requireFinite(double loss) {
    if (!Double.isFinite(loss)) {
      Divergence.throwFirst(this);
    }
  }

  private void update(Adam adam) {
    double factor = rateFactor();
    float most = options.remedies().clipUpdates();
    if (most > 0) {
      double surprise = adam.surprise();
      factor = surprise > most ? factor * most / surprise : factor;
    }
    adam.step(workspace.kernels(), factor);
  }

  private double rateFactor() {
    return options.remedies().rateDecay().factor(step);
  }

  /**
   * Makes the running statistics of the generators that make pictures those of their current
   * weights; before sampling and saving. Where weights are averaged, the trained ones keep their
   * moving statistics: nobody draws with them.
   */
  public void refreshStatistics() {
    if (average == null) {
      statistics.refresh(options.noise(), options.seed(), z);
    } else {
      startAverage();
      average.refresh(() -> statistics.refresh(options.noise(), options.seed(), z));
    }
  }

  /**
   * The generators that make pictures: those with averaged weights if the training averages them,
   * else the trained ones themselves.
   */
  public CoupledGenerators sampledGenerators() {
    startAverage();
    return average == null ? generators : average.generators();
  }

  /**
   * Draws z from another random stream from now on, as a training that went back to a checkpoint
   * must, so that it does not walk the same way again.
   *
   * @param number names the stream; equal numbers give equal streams
   */
  public void useOtherNoise(long number) {
    noise.restore(RandomStream.of(options.seed(), "noise.other." + number).state());
  }

  /** Steps done, all runs together. */
  public long stepsDone() {
    return step;
  }

  /** The model that is trained. */
  public CoupledModel model() {
    return model;
  }

  /** The settings. */
  public TrainOptions options() {
    return options;
  }

  /** The streams of images, one per domain. */
  public List<ImageStream> data() {
    return data;
  }

  /** Kernels, memory and dropout stream. */
  public Workspace workspace() {
    return workspace;
  }

  /**
   * The last step's generated images of a domain, {@code [batch, channels, height, width]}. They
   * hold until {@link #refreshStatistics}, which {@link #run} calls before every snapshot: it draws
   * images of its own in the same memory.
   */
  public Tensor fakes(int domain) {
    return generatorPass.image(domain);
  }

  /** The last step's judgement of a domain's generated images, {@code [batch, logits]}. */
  public Tensor logits(int domain) {
    return game.logits(domain);
  }

  /** The random stream of z. */
  RandomStream noise() {
    return noise;
  }

  /** The random stream of the noise on images, or null. */
  RandomStream instanceNoise() {
    return game.instanceNoise();
  }

  Adam generatorAdam() {
    return generatorAdam;
  }

  Adam discriminatorAdam() {
    return discriminatorAdam;
  }

  void restoreStep(long value) {
    step = value;
  }
}
