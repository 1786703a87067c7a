package dev.cogan.cli.evaluation;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.metric.LeNet;
import dev.cogan.engine.metric.LeNetExtractor;
import dev.cogan.engine.metric.LeNetTrainer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.train.DivergedException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Trains a classifier with progress on standard error, and measures it. */
public final class ClassifierTraining {
  private static final double INTERVAL = 5;

  /** Epochs unless said otherwise. */
  public static final int EPOCHS = 5;

  /** The trained network. */
  public final LeNet net;

  /** Share of the test images named right, by transform; empty without test images. */
  public final Map<String, Double> accuracy = new LinkedHashMap<>();

  private ClassifierTraining(LeNet net) {
    this.net = net;
  }

  /**
   * Counts the memory of {@link #run} without allocating it, but for the images that are loaded
   * already: those as well.
   */
  public static Memory count(
      ImageSet train, List<DomainData> tests, List<ImageTransform> transforms) {
    Memory memory = Memory.counting();
    Kernels none = new ScalarKernels(Parallel.none());
    LeNet net = new LeNet(train.shape(), LabelledImages.classes(train), memory, true);
    DomainData domain = new DomainData("train", "train", train);
    trainer(net, List.of(domain), 1, 0, new Workspace(none, memory, RandomStream.of(0, "dropout")));
    new LeNetExtractor(net, "", new Workspace(none, memory, RandomStream.of(0, "dropout")));
    long images = train.bytes() * Math.max(1, transforms.size());
    for (DomainData test : tests) {
      images += test.bytes();
    }
    memory.claim("images", images);
    return memory;
  }

  private static LeNetTrainer trainer(
      LeNet net, List<DomainData> domains, int epochs, long seed, Workspace workspace) {
    workspace.reserveGradients(net.network().largestActivation(64));
    return new LeNetTrainer(net, domains, epochs, seed, workspace);
  }

  /**
   * Trains.
   *
   * @param train labelled
   * @param tests labelled sets of the same shape, each measured by itself; may be empty
   * @throws DivergedException at the first step whose loss is not finite
   */
  public static ClassifierTraining run(
      ImageSet train,
      List<DomainData> tests,
      List<ImageTransform> transforms,
      int epochs,
      long seed,
      Kernels kernels,
      PrintWriter err) {
    Memory memory = Memory.heap();
    LeNet net = new LeNet(train.shape(), LabelledImages.classes(train), memory, true);
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(seed, "dropout"));
    List<DomainData> domains = LabelledImages.domains(train, transforms);
    for (DomainData domain : domains) {
      if (!domain.shape().equals(train.shape())) {
        throw new InputException(
            "transform "
                + domain.name()
                + " changes the shape "
                + train.shape()
                + " of the images");
      }
    }
    LeNetTrainer trainer = trainer(net, domains, epochs, seed, workspace);
    ClassifierTraining result = new ClassifierTraining(net);
    long start = System.nanoTime();
    double next = INTERVAL;
    double loss = 0;
    while (trainer.stepsDone() < trainer.steps()) {
      double found = trainer.step();
      if (!Double.isFinite(found)) {
        throw DivergedException.ofLoss(trainer.stepsDone(), "the classifier's loss");
      }
      loss += 0.01 * (found - loss);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (seconds > next || trainer.stepsDone() == trainer.steps()) {
        next = seconds + INTERVAL;
        err.println(
            String.format(
                Locale.ROOT,
                "classifier step %d/%d  loss %.3f  %.0f s left",
                trainer.stepsDone(),
                trainer.steps(),
                loss,
                seconds / trainer.stepsDone() * (trainer.steps() - trainer.stepsDone())));
        err.flush();
      }
    }
    LeNetExtractor extractor = new LeNetExtractor(net, "classifier", Workspace.inference(kernels));
    for (DomainData test : tests) {
      result.accuracy.put(test.name(), LeNetTrainer.accuracy(extractor, test));
    }
    return result;
  }
}
