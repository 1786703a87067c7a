package dev.cogan.engine.model;

import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The memory of one run of {@link CoupledGenerators} on batches of one size. */
public final class GeneratorPass {
  private final Workspace workspace;
  private final Pass trunk;
  private final List<Pass> heads = new ArrayList<>();
  private final CoupledGenerators generators;
  private final Tensor featureSum;
  private final Tensor featurePart;
  private Tensor lastZ;
  private Tensor lastLatent;

  /**
   * Plans the memory.
   *
   * @param batch vectors z in every batch
   * @param training whether there will be a backward
   */
  public GeneratorPass(
      CoupledGenerators generators, int batch, boolean training, Workspace workspace) {
    this.generators = generators;
    this.workspace = workspace;
    trunk = new Pass(generators.trunk(), batch, training, workspace);
    for (int d = 0; d < generators.domains(); d++) {
      heads.add(new Pass(generators.head(d), batch, training, workspace));
    }
    if (training && !generators.trunk().layers().isEmpty()) {
      Shape features = generators.trunk().outputShape().prepend(batch);
      float[] sum = workspace.memory().floats("backward", features.count());
      float[] part = workspace.memory().floats("backward", features.count());
      featureSum = new Tensor(sum, 0, features);
      featurePart = new Tensor(part, 0, features);
    } else {
      featureSum = null;
      featurePart = null;
    }
  }

  /** Memory of the trunk. */
  public Pass trunk() {
    return trunk;
  }

  /** Memory of a head. */
  public Pass head(int domain) {
    return heads.get(domain);
  }

  Tensor featureSum() {
    return featureSum;
  }

  Tensor featurePart() {
    return featurePart;
  }

  void addFeaturePart() {
    workspace
        .kernels()
        .axpy(
            featureSum.count(),
            1f,
            featureSum.data(),
            featureSum.offset(),
            featurePart.data(),
            featurePart.offset());
  }

  /** Reads {@code [n, latent]} as {@code [n, latent, 1, 1]}; remembers it, to allocate nothing. */
  Tensor asLatent(Tensor z, Shape latentShape) {
    if (z != lastZ) {
      lastZ = z;
      boolean flat = z.shape().rank() == 2 && z.size(1) == latentShape.count();
      lastLatent = flat ? z.reshape(latentShape.prepend(z.size(0))) : z;
    }
    return lastLatent;
  }

  /** Vectors z in every batch. */
  public int batch() {
    return trunk.batch();
  }

  /** The last forward's images of a domain, {@code [n, channels, height, width]}. */
  public Tensor image(int domain) {
    return heads.get(domain).activation(generators.head(domain).layers().size());
  }
}
