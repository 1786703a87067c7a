package dev.cogan.engine.model;

import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/** The memory of one run of one domain's discriminator on batches of one size. */
public final class DiscriminatorPass {
  private final int domain;
  private final Pass front;
  private final Pass tail;
  private final Tensor dfeatures;

  /**
   * Plans the memory.
   *
   * @param domain index of the domain
   * @param batch images in every batch
   * @param training whether there will be a backward
   */
  public DiscriminatorPass(
      CoupledDiscriminators discriminators,
      int domain,
      int batch,
      boolean training,
      Workspace workspace) {
    this.domain = domain;
    front = new Pass(discriminators.front(domain), batch, training, workspace);
    tail = new Pass(discriminators.tail(), batch, training, workspace);
    Shape features = discriminators.tail().inputShape().prepend(batch);
    dfeatures =
        training
            ? new Tensor(workspace.memory().floats("backward", features.count()), 0, features)
            : null;
  }

  /** A part of a {@link JointDiscriminatorPass}. */
  DiscriminatorPass(int domain, Pass front, Pass tail, Tensor dfeatures) {
    this.domain = domain;
    this.front = front;
    this.tail = tail;
    this.dfeatures = dfeatures;
  }

  /** Index of the domain. */
  public int domain() {
    return domain;
  }

  /** Images in every batch. */
  public int batch() {
    return front.batch();
  }

  Pass front() {
    return front;
  }

  Pass tail() {
    return tail;
  }

  Tensor dfeatures() {
    return dfeatures;
  }
}
