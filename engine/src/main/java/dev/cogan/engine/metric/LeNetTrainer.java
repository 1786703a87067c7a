package dev.cogan.engine.metric;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.loss.SoftmaxCrossEntropy;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.optim.Adam;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a {@link LeNet} on labelled images of one or more domains: a batch of each in turn, Adam
 * at 1e-3 falling to zero along a quarter of a cosine. The same seed gives the same bits.
 */
public final class LeNetTrainer {
  private static final int BATCH = 64;
  private static final AdamOptions ADAM =
      new AdamOptions(1e-3f, 0.9f, 0.999f, 1e-8f, 0f, AdamOptions.Decay.COUPLED_ALL);

  private final LeNet net;
  private final Workspace workspace;
  private final List<ImageStream> data = new ArrayList<>();
  private final Pass pass;
  private final Tensor images;
  private final Tensor dlogits;
  private final int[] labels = new int[BATCH];
  private final long steps;
  private Adam adam;
  private long step;

  /**
   * Plans the training and, in memory that does not only count, sets the net's parameters.
   *
   * @param domains labelled images of the net's shape
   * @param epochs how often every image is seen
   * @throws ConfigException if a domain has no labels, other images, or a class too high
   */
  public LeNetTrainer(
      LeNet net, List<DomainData> domains, int epochs, long seed, Workspace workspace) {
    this.net = net;
    this.workspace = workspace;
    long count = 0;
    for (DomainData domain : domains) {
      requireFitting(domain);
      data.add(ImageStream.of(domain, seed));
      count += domain.count();
    }
    steps = Math.max(1, epochs * count / BATCH);
    if (workspace.memory().isReal()) {
      net.initialise(seed);
    }
    adam = new Adam(net.store(), ADAM);
    pass = new Pass(net.network(), BATCH, true, workspace);
    Shape shape = net.image().prepend(BATCH);
    images = new Tensor(workspace.memory().floats("activations", shape.count()), 0, shape);
    Shape out = Shape.of(BATCH, net.classes());
    dlogits = new Tensor(workspace.memory().floats("backward", out.count()), 0, out);
  }

  private void requireFitting(DomainData domain) {
    if (!domain.shape().equals(net.image())) {
      throw new ConfigException(
          "the classifier takes images " + net.image() + ", " + domain + " has others");
    }
    if (!domain.hasLabels()) {
      throw new ConfigException("a classifier needs labels, " + domain + " has none");
    }
    for (int i = 0; i < domain.count(); i++) {
      if (domain.label(i) >= net.classes()) {
        throw new ConfigException(
            domain
                + ": image "
                + i
                + " has label "
                + domain.label(i)
                + ", the classifier knows 0 to "
                + (net.classes() - 1));
      }
    }
  }

  /** What is trained. */
  public LeNet net() {
    return net;
  }

  /** Steps of the whole training. */
  public long steps() {
    return steps;
  }

  /** Steps done. */
  public long stepsDone() {
    return step;
  }

  /**
   * One step on the next batch of the domain whose turn it is.
   *
   * @return the loss
   */
  public double step() {
    if (step % 100 == 0) {
      double rate = ADAM.rate() * StrictMath.cos(0.5 * Math.PI * step / steps);
      adam = new Adam(net.store(), ADAM.withRate((float) Math.max(rate, 1e-6)));
      adam.restore(step);
    }
    ImageStream stream = data.get((int) (step % data.size()));
    stream.next(images.data(), 0, labels, 0, BATCH);
    step++;
    net.store().zeroGrad();
    Tensor logits = net.network().forward(pass, images, Mode.TRAIN);
    final double loss = SoftmaxCrossEntropy.forward(logits, labels);
    SoftmaxCrossEntropy.backward(dlogits, logits, labels, 1f);
    net.network().backward(pass, null, dlogits, true);
    adam.step(workspace.kernels());
    return loss;
  }

  /** Share of a domain's images whose class the extractor names right. */
  public static double accuracy(FeatureExtractor extractor, DomainData domain) {
    int piece = 500;
    int right = 0;
    for (int from = 0; from < domain.count(); from += piece) {
      int n = Math.min(piece, domain.count() - from);
      int[] classes = extractor.extract(RealImages.inOrder(domain, from, n)).classes();
      for (int i = 0; i < n; i++) {
        right += classes[i] == domain.label(from + i) ? 1 : 0;
      }
    }
    return (double) right / domain.count();
  }
}
