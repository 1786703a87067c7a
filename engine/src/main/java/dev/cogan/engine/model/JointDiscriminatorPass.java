package dev.cogan.engine.model;

import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of several batches, of any domains, that the discriminators judge together: each goes
 * through its domain's private rows alone, all go through the shared rows at once. Batch norm there
 * still takes the statistics of each batch by itself.
 */
public final class JointDiscriminatorPass {
  private final List<DiscriminatorPass> parts;
  private final Pass tail;
  private final Tensor features;
  private final Tensor dfeatures;
  private final List<Tensor> logits;

  /**
   * Plans the memory for training, after {@link CoupledDiscriminators#reserveGradients} for as many
   * batches.
   *
   * @param domains index of each batch's domain
   * @param batch images in every one of them
   */
  public JointDiscriminatorPass(
      CoupledDiscriminators discriminators, List<Integer> domains, int batch, Workspace workspace) {
    Shape shape = discriminators.tail().inputShape().prepend(domains.size() * batch);
    features = new Tensor(workspace.memory().floats("activations", shape.count()), 0, shape);
    dfeatures = new Tensor(workspace.memory().floats("backward", shape.count()), 0, shape);
    tail = Pass.ofBatches(discriminators.tail(), domains.size(), batch, workspace);
    parts = new ArrayList<>();
    logits = new ArrayList<>();
    int last = discriminators.tail().layers().size();
    for (int part = 0; part < domains.size(); part++) {
      int row = part * batch;
      int domain = domains.get(part);
      Pass front =
          new Pass(
              discriminators.front(domain), batch, true, workspace, features.slice(row, batch));
      parts.add(
          new DiscriminatorPass(
              domain, front, tail.parts().get(part), dfeatures.slice(row, batch)));
      // Without shared rows, what the private ones give is the result.
      logits.add(last == 0 ? features.slice(row, batch) : tail.parts().get(part).activation(last));
    }
  }

  private JointDiscriminatorPass(JointDiscriminatorPass whole, int first) {
    tail = whole.tail.partsFrom(first);
    parts = whole.parts.subList(first, whole.parts.size());
    logits = whole.logits.subList(first, whole.logits.size());
    int row = whole.tail.batch() - tail.batch();
    features = whole.features.slice(row, tail.batch());
    dfeatures = whole.dfeatures.slice(row, tail.batch());
  }

  /**
   * The last batches alone, in the same memory: what one pass leaves behind, the other overwrites.
   *
   * @param first number of the first one
   */
  public JointDiscriminatorPass partsFrom(int first) {
    return new JointDiscriminatorPass(this, first);
  }

  /** The batches; after a forward, each is as after a forward of its own. */
  public List<DiscriminatorPass> parts() {
    return parts;
  }

  /** The logits of one batch, {@code [batch, logits]}, as the last forward left them. */
  public Tensor logits(int part) {
    return logits.get(part);
  }

  Pass tail() {
    return tail;
  }

  Tensor features() {
    return features;
  }

  Tensor dfeatures() {
    return dfeatures;
  }
}
