package dev.cogan.engine.adapt;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.loss.BceWithLogits;
import dev.cogan.engine.loss.SoftmaxCrossEntropy;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.GeneratorPass;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.optim.Adam;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.DivergedException;
import dev.cogan.engine.train.Noise;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains the coupled GAN and the classifier together (Liu and Tuzel 2016, section 5). One
 * iteration:
 *
 * <pre>
 *   discriminators   adversarial loss of both domains
 *                    + classWeight * cross-entropy of the source's real images and labels
 *                    + matchWeight * mean |feature of g1(z) - feature of g2(z)|^2
 *                    + labelWeight * cross-entropy of g2(z), labelled as the classifier labels g1(z)
 *                    + selfWeight * cross-entropy of the target's real images, labelled as the
 *                      averaged classifier labels them, where it is sure
 *   generators       the non-saturating adversarial loss
 * </pre>
 *
 * <p>The target's labels are used by {@link #targetAccuracy} alone. Memory is planned in the
 * constructor; equal seeds give equal bits for every number of threads. For one thread at a time.
 */
public final class AdaptTrainer {
  private static final int SOURCE = 0;
  private static final int TARGET = 1;

  private final AdaptOptions options;
  private final AdaptNets nets;
  private final Workspace workspace;
  private final List<ImageStream> data;
  private final Adam generatorAdam;
  private final Adam discriminatorAdam;
  private final RandomStream noise;
  private final GeneratorPass generatorPass;
  private final List<FeaturePass> both = new ArrayList<>();
  private final List<FeaturePass> fakes = new ArrayList<>();
  private final List<Tensor> images = new ArrayList<>();
  private final List<Tensor> dimages = new ArrayList<>();
  private final Pass sourceClasses;
  private final Pass fakeClasses;
  private final Pass askedClasses;
  private final Tensor z;
  private final Tensor dlogits;
  private final Tensor dclasses;
  private final Tensor dclassFeatures;
  private final int[] labels;
  private final int[] asked;
  private final Pass selfClasses;
  private final int[] trusted;
  private final float[] clean;
  private final AffineJitter jitter;
  private final TargetClassifier teacher;
  private final TargetClassifier classifier;
  private final float[] average;
  private long step;
  private double discriminatorLoss;
  private double generatorLoss;
  private double classLoss;

  /**
   * Plans the training and, in memory that does not only count, sets the parameters from the seed.
   *
   * @param source labelled images {@code [1, 28, 28]}
   * @param target images {@code [1, 28, 28]}; their labels, if any, are only for measuring
   * @param classCount number of classes
   */
  public AdaptTrainer(
      AdaptOptions options,
      DomainData source,
      DomainData target,
      int classCount,
      long seed,
      Workspace workspace) {
    this.options = options;
    this.workspace = workspace;
    requireFitting(source, target);
    nets = new AdaptNets(options, classCount, workspace.memory());
    if (workspace.memory().isReal()) {
      nets.initialise(seed);
    }
    data = List.of(ImageStream.of(source, seed), ImageStream.of(target, seed));
    generatorAdam = new Adam(nets.generators.store(), adam(options.generatorRate(), options));
    discriminatorAdam = new Adam(nets.store, adam(options.discriminatorRate(), options));
    noise = RandomStream.of(seed, "noise");
    int batch = options.batch();
    nets.generators.reserveGradients(workspace, batch);
    workspace.reserveGradients(nets.fronts.get(0).largestActivation(2 * batch));
    workspace.reserveGradients(nets.body.largestActivation(2 * batch));
    generatorPass = new GeneratorPass(nets.generators, batch, true, workspace);
    Shape image = source.shape();
    for (int d = SOURCE; d <= TARGET; d++) {
      both.add(new FeaturePass(nets, d, 2 * batch, workspace));
      fakes.add(new FeaturePass(nets, d, batch, workspace));
      images.add(FeaturePass.floats(workspace, image.prepend(2 * batch)));
      dimages.add(FeaturePass.floats(workspace, image.prepend(batch)));
    }
    sourceClasses = new Pass(nets.classes, batch, true, workspace);
    fakeClasses = new Pass(nets.classes, batch, true, workspace);
    askedClasses = new Pass(nets.classes, batch, true, workspace);
    z = FeaturePass.floats(workspace, Shape.of(batch, options.latent()));
    dlogits = FeaturePass.floats(workspace, Shape.of(2 * batch, 1));
    dclasses = FeaturePass.floats(workspace, Shape.of(batch, classCount));
    dclassFeatures = FeaturePass.floats(workspace, Shape.of(batch, AdaptNets.FEATURES));
    labels = new int[batch];
    asked = new int[batch];
    average = options.average() > 0 ? firstAverage() : null;
    classifier = new TargetClassifier(nets, TARGET, workspace);
    boolean self = options.selfWeight() > 0;
    selfClasses = self ? new Pass(nets.classes, batch, true, workspace) : null;
    trusted = new int[batch];
    clean = self ? workspace.memory().floats("activations", (long) batch * image.count()) : null;
    teacher = self ? new TargetClassifier(nets, TARGET, batch, workspace) : null;
    jitter =
        options.jitter() > 0
            ? new AffineJitter(options.jitter(), RandomStream.of(seed, "jitter"))
            : null;
  }

  /** The weights that the average begins with. */
  private float[] firstAverage() {
    float[] values = nets.store.values();
    float[] first = workspace.memory().floats("averages", nets.store.count());
    System.arraycopy(values, 0, first, 0, first.length);
    return first;
  }

  private static AdamOptions adam(float rate, AdaptOptions options) {
    return new AdamOptions(
        rate, 0.5f, 0.999f, 1e-8f, options.weightDecay(), AdamOptions.Decay.COUPLED_ALL);
  }

  private static void requireFitting(DomainData source, DomainData target) {
    Shape expected = Shape.of(1, AdaptNets.SIDE, AdaptNets.SIDE);
    for (DomainData domain : List.of(source, target)) {
      if (!domain.shape().equals(expected)) {
        throw new ConfigException("adapt works on images " + expected + ", got " + domain);
      }
    }
    if (!source.hasLabels()) {
      throw new ConfigException("adapt needs labels of the source, got " + source);
    }
  }

  /** One iteration on the next images. */
  public void step() {
    int batch = options.batch();
    Noise.NORMAL.fill(noise, z);
    data.get(SOURCE).next(images.get(SOURCE).data(), 0, labels, 0, batch);
    data.get(TARGET).next(images.get(TARGET).data(), 0, batch);
    if (clean != null) {
      System.arraycopy(images.get(TARGET).data(), 0, clean, 0, clean.length);
    }
    if (jitter != null) {
      Shape image = data.get(SOURCE).data().shape();
      jitter.apply(images.get(SOURCE).data(), image, batch);
      jitter.apply(images.get(TARGET).data(), image, batch);
    }
    stepOnBatch();
  }

  /** One iteration on what is in the buffers. */
  void stepOnBatch() {
    step++;
    nets.generators.forward(generatorPass, z, Mode.TRAIN);
    for (int d = SOURCE; d <= TARGET; d++) {
      Tensor fake = generatorPass.image(d);
      float[] all = images.get(d).data();
      System.arraycopy(fake.data(), fake.offset(), all, fake.count(), fake.count());
    }
    discriminatorStep();
    generatorStep();
    if (!Double.isFinite(discriminatorLoss + generatorLoss)) {
      throw DivergedException.ofLoss(step, "the loss");
    }
    updateAverage();
  }

  private void discriminatorStep() {
    int batch = options.batch();
    nets.store.zeroGrad();
    if (teacher != null) {
      withAverage(() -> teacher.label(clean, options.confidence(), trusted));
    }
    discriminatorLoss = 0;
    for (int d = SOURCE; d <= TARGET; d++) {
      Tensor logits = both.get(d).forward(images.get(d));
      Tensor real = logits.slice(0, batch);
      Tensor fake = logits.slice(batch, batch);
      discriminatorLoss += BceWithLogits.forward(real, 1f) + BceWithLogits.forward(fake, 0f);
      BceWithLogits.backward(dlogits.slice(0, batch), real, 1f, 1f);
      BceWithLogits.backward(dlogits.slice(batch, batch), fake, 0f, 1f);
      both.get(d).judgeBackward(dlogits, true);
    }
    FeaturePass source = both.get(SOURCE);
    classLoss = classify(sourceClasses, source, 0, labels, options.classWeight());
    discriminatorLoss += options.classWeight() * classLoss;
    if (options.labelWeight() > 0) {
      Tensor guess =
          nets.classes.forward(fakeClasses, source.features().slice(batch, batch), Mode.TRAIN);
      for (int i = 0; i < batch; i++) {
        asked[i] = largest(guess, i);
      }
      discriminatorLoss +=
          options.labelWeight()
              * classify(askedClasses, both.get(TARGET), batch, asked, options.labelWeight());
    }
    if (teacher != null) {
      discriminatorLoss +=
          options.selfWeight()
              * classify(selfClasses, both.get(TARGET), 0, trusted, options.selfWeight());
    }
    if (options.matchWeight() > 0) {
      discriminatorLoss += matchFeatures();
    }
    source.backward(null, true);
    both.get(TARGET).backward(null, true);
    discriminatorAdam.step(workspace.kernels());
  }

  /** Cross-entropy of a batch of features from {@code from} on; adds its gradients. */
  private double classify(Pass pass, FeaturePass features, int from, int[] truth, float weight) {
    int batch = options.batch();
    Tensor logits = nets.classes.forward(pass, features.features().slice(from, batch), Mode.TRAIN);
    SoftmaxCrossEntropy.backward(dclasses, logits, truth, weight);
    nets.classes.backward(pass, dclassFeatures, dclasses, true);
    Tensor sum = features.dfeatures.slice(from, batch);
    for (int i = 0; i < sum.count(); i++) {
      sum.set(i, sum.get(i) + dclassFeatures.get(i));
    }
    return SoftmaxCrossEntropy.forward(logits, truth);
  }

  /** matchWeight * mean over the fakes of |f1 - f2|^2, and its gradients. */
  private double matchFeatures() {
    int batch = options.batch();
    Tensor a = both.get(SOURCE).features().slice(batch, batch);
    Tensor b = both.get(TARGET).features().slice(batch, batch);
    Tensor da = both.get(SOURCE).dfeatures.slice(batch, batch);
    Tensor db = both.get(TARGET).dfeatures.slice(batch, batch);
    double sum = 0;
    float factor = 2 * options.matchWeight() / batch;
    for (int i = 0; i < a.count(); i++) {
      float difference = a.get(i) - b.get(i);
      sum += (double) difference * difference;
      da.set(i, da.get(i) + factor * difference);
      db.set(i, db.get(i) - factor * difference);
    }
    return options.matchWeight() * sum / batch;
  }

  private void generatorStep() {
    int batch = options.batch();
    nets.generators.store().zeroGrad();
    generatorLoss = 0;
    for (int d = SOURCE; d <= TARGET; d++) {
      FeaturePass pass = fakes.get(d);
      Tensor logits = pass.forward(generatorPass.image(d));
      generatorLoss += BceWithLogits.forward(logits, 1f);
      Tensor half = dlogits.slice(0, batch);
      BceWithLogits.backward(half, logits, 1f, 1f);
      pass.judgeBackward(half, false);
      pass.backward(dimages.get(d), false);
    }
    nets.generators.backward(generatorPass, dimages);
    generatorAdam.step(workspace.kernels());
  }

  static int largest(Tensor logits, int row) {
    int classes = logits.size(1);
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits.get(row * classes + c) > logits.get(row * classes + best)) {
        best = c;
      }
    }
    return best;
  }

  private void updateAverage() {
    if (average == null) {
      return;
    }
    // Young averages forget faster: the first weights are random.
    float decay = Math.min(options.average(), (1f + step) / (10f + step));
    float[] values = nets.store.values();
    for (int i = 0; i < average.length; i++) {
      average[i] = decay * average[i] + (1 - decay) * values[i];
    }
  }

  /** Share of the target's images whose class the classifier names right. */
  public double targetAccuracy() {
    double[] share = new double[1];
    withAverage(() -> share[0] = classifier.accuracy(data.get(TARGET).data()));
    return share[0];
  }

  /** Runs something with the averaged weights in place, if there are any. */
  private void withAverage(Runnable what) {
    swapAverage();
    try {
      what.run();
    } finally {
      swapAverage();
    }
  }

  private void swapAverage() {
    if (average == null) {
      return;
    }
    float[] values = nets.store.values();
    for (int i = 0; i < average.length; i++) {
      float kept = values[i];
      values[i] = average[i];
      average[i] = kept;
    }
  }

  /** Steps done. */
  public long stepsDone() {
    return step;
  }

  /** The last step's loss of the discriminators, with the classifier's part. */
  public double discriminatorLoss() {
    return discriminatorLoss;
  }

  /** The last step's loss of the generators. */
  public double generatorLoss() {
    return generatorLoss;
  }

  /** The last step's cross-entropy on the source, without its factor. */
  public double classLoss() {
    return classLoss;
  }

  AdaptNets nets() {
    return nets;
  }

  /** The last step's fakes of a domain: 0 the source, 1 the target. */
  public Tensor fakes(int domain) {
    return generatorPass.image(domain);
  }
}
