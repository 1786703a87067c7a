package dev.cogan.engine.metric;

import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.Arrays;

/** A trained {@link LeNet} at work: 500 features and a class per image. */
public final class LeNetExtractor implements FeatureExtractor {
  private static final int BATCH = 100;

  private final LeNet net;
  private final String name;
  private final Pass pass;
  private final Tensor batch;

  /**
   * @param name what {@link #name()} says
   */
  public LeNetExtractor(LeNet net, String name, Workspace workspace) {
    this.net = net;
    this.name = name;
    pass = new Pass(net.network(), BATCH, false, workspace);
    Shape shape = net.image().prepend(BATCH);
    batch = new Tensor(workspace.memory().floats("activations", shape.count()), 0, shape);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape image() {
    return net.image();
  }

  @Override
  public int features() {
    return LeNet.FEATURES;
  }

  @Override
  public int classes() {
    return net.classes();
  }

  @Override
  public Features extract(Tensor images) {
    if (images.shape().rank() != 4 || !images.shape().dropFirst().equals(net.image())) {
      throw new IllegalArgumentException(
          name + " takes images of " + net.image() + ", got " + images.shape());
    }
    int count = images.size(0);
    float[] values = new float[count * LeNet.FEATURES];
    int[] classes = new int[count];
    for (int from = 0; from < count; from += BATCH) {
      int n = Math.min(BATCH, count - from);
      // Rows beyond the last image are computed from zeros and thrown away.
      Arrays.fill(batch.data(), 0f);
      Tensor part = images.slice(from, n);
      System.arraycopy(part.data(), part.offset(), batch.data(), 0, part.count());
      Tensor logits = net.network().forward(pass, batch, Mode.INFERENCE);
      Tensor features = pass.activation(net.featureActivation());
      int length = n * LeNet.FEATURES;
      System.arraycopy(features.data(), features.offset(), values, from * LeNet.FEATURES, length);
      for (int i = 0; i < n; i++) {
        classes[from + i] = largest(logits, i);
      }
    }
    return new Features(values, count, LeNet.FEATURES, classes);
  }

  /** Index of the largest value in row {@code row}; the first of equals. */
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
}
