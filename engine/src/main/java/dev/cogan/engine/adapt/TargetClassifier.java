package dev.cogan.engine.adapt;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.loss.SoftmaxCrossEntropy;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/** A domain's front, the shared body and the class layer, as a classifier. */
final class TargetClassifier {
  private static final int BATCH = 100;

  private final AdaptNets nets;
  private final int domain;
  private final int batch;
  private final Pass front;
  private final Pass body;
  private final Pass classes;
  private final Tensor images;

  TargetClassifier(AdaptNets nets, int domain, Workspace workspace) {
    this(nets, domain, BATCH, workspace);
  }

  TargetClassifier(AdaptNets nets, int domain, int batch, Workspace workspace) {
    this.batch = batch;
    this.nets = nets;
    this.domain = domain;
    front = new Pass(nets.fronts.get(domain), batch, false, workspace);
    body = new Pass(nets.body, batch, false, workspace);
    classes = new Pass(nets.classes, batch, false, workspace);
    Shape shape = nets.fronts.get(domain).inputShape().prepend(batch);
    images = new Tensor(workspace.memory().floats("activations", shape.count()), 0, shape);
  }

  /** Share of the images whose class it names right. */
  double accuracy(DomainData data) {
    int right = 0;
    for (int from = 0; from < data.count(); from += batch) {
      int n = Math.min(batch, data.count() - from);
      for (int i = 0; i < batch; i++) {
        // The last batch is filled up with images that are not counted.
        data.fill(images.data(), i * data.shape().count(), (from + i) % data.count());
      }
      Tensor logits = logits();
      for (int i = 0; i < n; i++) {
        right += AdaptTrainer.largest(logits, i) == data.label(from + i) ? 1 : 0;
      }
    }
    return (double) right / data.count();
  }

  private Tensor logits() {
    Tensor maps = nets.fronts.get(domain).forward(front, images, Mode.INFERENCE);
    Tensor features = nets.body.forward(body, maps, Mode.INFERENCE);
    return nets.classes.forward(classes, features, Mode.INFERENCE);
  }

  /**
   * Names the classes of one batch.
   *
   * @param pixels the images, one behind the other
   * @param confidence the least probability
   * @param labels overwritten; {@link SoftmaxCrossEntropy#IGNORED} where the classifier is less
   *     sure
   */
  void label(float[] pixels, float confidence, int[] labels) {
    System.arraycopy(pixels, 0, images.data(), images.offset(), images.count());
    Tensor logits = logits();
    for (int i = 0; i < batch; i++) {
      int best = AdaptTrainer.largest(logits, i);
      boolean sure = SoftmaxCrossEntropy.probability(logits, i, best) >= confidence;
      labels[i] = sure ? best : SoftmaxCrossEntropy.IGNORED;
    }
  }
}
