package dev.cogan.engine.model;

import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The team of generators: a shared trunk, the FIRST k rows of every generator, and one head per
 * domain, the rest. The trunk's layers exist once, so theta(g1^i) = theta(g2^i) for i = 1..k holds
 * by construction (Liu and Tuzel 2016, section 3, a constraint of the minimax game), and one z
 * gives one image in each domain.
 *
 * <p>In a conditional GAN the trunk is the whole network. It runs once on the z of every domain,
 * each followed by the domain's code, in one batch, so that its batch norms see all domains at
 * once.
 *
 * <p>Parameter paths: {@code generators.shared.<i>...} and {@code generators.<domain>.<i>...}.
 */
public final class CoupledGenerators {
  private final ParameterStore store = new ParameterStore("generators");
  private final Shape latentShape;
  private final int codes;
  private final Sequential trunk;
  private final List<Sequential> heads = new ArrayList<>();

  /**
   * Builds the networks and allocates their parameters (all zero; see {@link
   * dev.cogan.engine.nn.Initializer}).
   *
   * @param trainable whether there will be gradients
   * @throws ConfigException if the architecture cannot be as the config says
   */
  public CoupledGenerators(
      ModelConfig config, Architecture architecture, Memory memory, boolean trainable) {
    latentShape = architecture.latentShape(config);
    codes = config.codes();
    ModelConfig coded = config.withLatent(config.latent() + codes);
    List<Layer> shared = new ArrayList<>();
    PathCounter sharedPaths = new PathCounter("generators.shared");
    List<Block> first = architecture.generator(coded, config.domains().get(0).image());
    requirePrivate("generator", "k", config.sharedGenerator(), first.size());
    int k = codes > 0 ? first.size() : config.sharedGenerator();
    for (Block block : first.subList(0, k)) {
      shared.addAll(block.layers(store, sharedPaths));
    }
    trunk = new Sequential("generators.shared", architecture.latentShape(coded), shared);
    for (DomainShape domain : config.domains()) {
      String path = "generators." + domain.name();
      PathCounter paths = new PathCounter(path);
      List<Layer> layers = new ArrayList<>();
      List<Block> blocks = architecture.generator(coded, domain.image());
      for (Block block : blocks.subList(k, blocks.size())) {
        layers.addAll(block.layers(store, paths));
      }
      heads.add(new Sequential(path, trunk.outputShape(), layers));
    }
    store.allocate(memory, trainable);
    if (memory.isReal()) {
      batchNorms().forEach(BatchNorm2d::resetRunningStatistics);
    }
  }

  static void resetStatistics(List<Sequential> networks) {
    for (Sequential network : networks) {
      for (Layer layer : network.layers()) {
        if (layer instanceof BatchNorm2d norm) {
          norm.resetRunningStatistics();
        }
      }
    }
  }

  static void requirePrivate(String team, String letter, int shared, int rows) {
    if (shared >= rows) {
      throw new ConfigException(
          "shared "
              + team
              + " layers ("
              + letter
              + ") must be 0 to "
              + (rows - 1)
              + ", got "
              + shared);
    }
  }

  /** All parameters of the team. */
  public ParameterStore store() {
    return store;
  }

  /** Shape of one z. */
  public Shape latentShape() {
    return latentShape;
  }

  /** Numbers that follow z and tell the domain, in a conditional GAN; else 0. */
  int codes() {
    return codes;
  }

  /** How many times the trunk's batch is that of z. */
  int trunkBatches() {
    return codes > 0 ? heads.size() : 1;
  }

  /** Number of domains. */
  public int domains() {
    return heads.size();
  }

  /** The shared rows; without layers if k = 0. */
  public Sequential trunk() {
    return trunk;
  }

  /** The private rows of a domain. */
  public Sequential head(int domain) {
    return heads.get(domain);
  }

  /** Multiply-adds of one z's images, of all domains. */
  public long multiplyAdds() {
    return trunk.multiplyAdds() + heads.stream().mapToLong(Sequential::multiplyAdds).sum();
  }

  /** Every batch norm of the team. */
  public List<BatchNorm2d> batchNorms() {
    List<BatchNorm2d> norms = new ArrayList<>();
    List<Sequential> networks = new ArrayList<>(heads);
    networks.add(0, trunk);
    for (Sequential network : networks) {
      for (Layer layer : network.layers()) {
        if (layer instanceof BatchNorm2d norm) {
          norms.add(norm);
        }
      }
    }
    return norms;
  }

  /** Tells the workspace how large the gradient buffers must be; before the first pass. */
  public void reserveGradients(Workspace workspace, int batch) {
    workspace.reserveGradients(trunk.largestActivation(batch * trunkBatches()));
    for (Sequential head : heads) {
      workspace.reserveGradients(head.largestActivation(batch));
    }
  }

  /**
   * Runs the trunk once and every head on its output; the results are {@link GeneratorPass#image}.
   *
   * @param z {@code [n, latentShape...]}, or {@code [n, latent]}
   */
  public void forward(GeneratorPass pass, Tensor z, Mode mode) {
    Tensor features = trunk.forward(pass.trunk(), pass.asLatent(z, latentShape), mode);
    for (int d = 0; d < heads.size(); d++) {
      heads.get(d).forward(pass.head(d), pass.features(features, d), mode);
    }
  }

  /**
   * Runs what has batch norms in it: the trunk, and heads that have some. For their statistics,
   * which need no images.
   *
   * @param z {@code [n, latentShape...]}, or {@code [n, latent]}
   */
  public void forwardNorms(GeneratorPass pass, Tensor z, Mode mode) {
    Tensor features = trunk.forward(pass.trunk(), pass.asLatent(z, latentShape), mode);
    for (int d = 0; d < heads.size(); d++) {
      if (heads.get(d).layers().stream().anyMatch(BatchNorm2d.class::isInstance)) {
        heads.get(d).forward(pass.head(d), pass.features(features, d), mode);
      }
    }
  }

  /**
   * Runs the trunk and the head of one domain only.
   *
   * @param z {@code [n, latentShape...]}, or {@code [n, latent]}
   * @return the domain's images, which belong to the pass
   */
  public Tensor forward(GeneratorPass pass, Tensor z, int domain, Mode mode) {
    Tensor features = trunk.forward(pass.trunk(), pass.asLatent(z, latentShape), mode);
    return heads.get(domain).forward(pass.head(domain), pass.features(features, domain), mode);
  }

  /**
   * The gradient to z of one domain's images, after a forward in either mode: what a search for the
   * z of a given image follows. Parameters get no gradient.
   *
   * @param dz {@code [n, latentShape...]} or {@code [n, latent]}, overwritten
   * @param dimage gradient to the domain's images
   */
  public void backwardToLatent(GeneratorPass pass, Tensor dz, Tensor dimage, int domain) {
    Tensor dlatent = dz.reshape(latentShape.prepend(dz.size(0)));
    if (trunk.layers().isEmpty()) {
      heads.get(domain).backward(pass.head(domain), dlatent, dimage, false);
      return;
    }
    if (codes > 0) {
      pass.featureSum().fill(0f);
      heads.get(domain).backward(pass.head(domain), pass.dfeatures(domain), dimage, false);
      trunk.backward(pass.trunk(), pass.dcoded(), pass.featureSum(), false);
      pass.copyLatentGradient(dlatent, domain);
      return;
    }
    heads.get(domain).backward(pass.head(domain), pass.featureSum(), dimage, false);
    trunk.backward(pass.trunk(), dlatent, pass.featureSum(), false);
  }

  /**
   * Adds the gradients of all parameters. The trunk's output went into every head, so its gradient
   * is the sum of the heads' input gradients, in the order of the domains. In a conditional GAN
   * every head has its own part of the trunk's batch.
   *
   * @param dimages gradient to each domain's images
   * @throws IllegalStateException without a forward of the same pass in {@link Mode#TRAIN}
   */
  public void backward(GeneratorPass pass, List<Tensor> dimages) {
    // Without a trunk nobody asks for the gradient to z.
    boolean hasTrunk = !trunk.layers().isEmpty();
    for (int d = 0; d < heads.size(); d++) {
      Tensor dfeatures = hasTrunk ? pass.dfeatures(d) : null;
      heads.get(d).backward(pass.head(d), dfeatures, dimages.get(d), true);
      if (hasTrunk && codes == 0 && d > 0) {
        pass.addFeaturePart();
      }
    }
    if (hasTrunk) {
      trunk.backward(pass.trunk(), null, pass.featureSum(), true);
    }
  }
}
