package dev.cogan.engine.model;

import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.ShapeException;
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
  private final int batch;
  private final Tensor coded;
  private final Tensor dcoded;
  private final List<Tensor> parts = new ArrayList<>();
  private final List<Tensor> dparts = new ArrayList<>();
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
    this.batch = batch;
    int trunkBatch = batch * generators.trunkBatches();
    trunk = new Pass(generators.trunk(), trunkBatch, training, workspace);
    for (int d = 0; d < generators.domains(); d++) {
      heads.add(new Pass(generators.head(d), batch, training, workspace));
    }
    boolean hasGradient = training && !generators.trunk().layers().isEmpty();
    boolean conditional = generators.codes() > 0;
    Shape features = generators.trunk().outputShape().prepend(trunkBatch);
    featureSum = hasGradient ? floats("backward", features) : null;
    featurePart = hasGradient && !conditional ? floats("backward", features) : null;
    Shape input = generators.trunk().inputShape().prepend(trunkBatch);
    coded = conditional ? floats("activations", input) : null;
    dcoded = conditional && training ? floats("backward", input) : null;
    if (conditional && workspace.memory().isReal()) {
      planParts();
    }
  }

  private Tensor floats(String purpose, Shape shape) {
    return new Tensor(workspace.memory().floats(purpose, shape.count()), 0, shape);
  }

  /** Writes the codes, which stay, and cuts the trunk's batch into the domains' parts. */
  private void planParts() {
    int width = coded.count() / coded.size(0);
    int codes = generators.codes();
    Tensor out = trunk.activation(generators.trunk().layers().size());
    for (int d = 0; d < generators.domains(); d++) {
      for (int n = 0; d > 0 && n < batch; n++) {
        coded.set((d * batch + n) * width + width - codes + d - 1, 1f);
      }
      parts.add(out.slice(d * batch, batch));
      dparts.add(featureSum == null ? null : featureSum.slice(d * batch, batch));
    }
  }

  /** What a head reads of the trunk's output: all of it, or the part of its domain. */
  Tensor features(Tensor trunkOutput, int domain) {
    return coded == null ? trunkOutput : parts.get(domain);
  }

  /** Where a head's input gradient goes. */
  Tensor dfeatures(int domain) {
    if (coded != null) {
      return dparts.get(domain);
    }
    return domain == 0 ? featureSum : featurePart;
  }

  /** Gradient to z with the codes, for every domain; only in a conditional GAN. */
  Tensor dcoded() {
    return dcoded;
  }

  /** Takes the gradient to z, without the code, out of a domain's part. */
  void copyLatentGradient(Tensor dlatent, int domain) {
    int width = coded.count() / coded.size(0);
    int latent = width - generators.codes();
    for (int n = 0; n < batch; n++) {
      int from = dcoded.offset() + (domain * batch + n) * width;
      System.arraycopy(dcoded.data(), from, dlatent.data(), dlatent.offset() + n * latent, latent);
    }
  }

  private Tensor code(Tensor z) {
    int width = coded.count() / coded.size(0);
    int latent = width - generators.codes();
    for (int row = 0; row < coded.size(0); row++) {
      int from = z.offset() + row % batch * latent;
      System.arraycopy(z.data(), from, coded.data(), coded.offset() + row * width, latent);
    }
    return coded;
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

  /**
   * Reads {@code [n, latent]} as {@code [n, latent, 1, 1]}; remembers it, to allocate nothing. In a
   * conditional GAN: z with its code, once for each domain.
   */
  Tensor asLatent(Tensor z, Shape latentShape) {
    if (coded != null) {
      requireLatents(z, latentShape);
      return code(z);
    }
    if (z != lastZ) {
      lastZ = z;
      boolean flat = z.shape().rank() == 2 && z.size(1) == latentShape.count();
      lastLatent = flat ? z.reshape(latentShape.prepend(z.size(0))) : z;
    }
    return lastLatent;
  }

  private void requireLatents(Tensor z, Shape latentShape) {
    if (z.count() != batch * latentShape.count() || z.size(0) != batch) {
      throw new ShapeException(
          "generators.shared: expected input " + latentShape.prepend(batch) + ", got " + z.shape());
    }
  }

  /** Vectors z in every batch. */
  public int batch() {
    return batch;
  }

  /** The last forward's images of a domain, {@code [n, channels, height, width]}. */
  public Tensor image(int domain) {
    return heads.get(domain).activation(generators.head(domain).layers().size());
  }
}
