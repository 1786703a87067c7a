package dev.cogan.engine.model;

import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.nn.ShapeException;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The team of discriminators: private first rows per domain, and the LAST l rows shared (Liu and
 * Tuzel 2016, section 3, a constraint of the minimax game). Sharing the first rows instead is a
 * frequent mistake of copies.
 *
 * <p>In a conditional GAN all rows are one.
 *
 * <p>Parameter paths: {@code discriminators.<domain>.<i>...} and {@code
 * discriminators.shared.<i>...}.
 */
public final class CoupledDiscriminators {
  private final ParameterStore store = new ParameterStore("discriminators");
  private final List<Sequential> fronts = new ArrayList<>();
  private final Sequential tail;

  /**
   * Builds the networks and allocates their parameters (all zero; see {@link
   * dev.cogan.engine.nn.Initializer}).
   *
   * @param trainable whether there will be gradients
   * @throws ConfigException if the architecture cannot be as the config says
   */
  public CoupledDiscriminators(
      ModelConfig config, Architecture architecture, Memory memory, boolean trainable) {
    List<Block> first = architecture.discriminator(config, config.domains().get(0).image());
    CoupledGenerators.requirePrivate(
        "discriminator", "l", config.sharedDiscriminator(), first.size());
    int l = config.algorithm() == Algorithm.CGAN ? first.size() : config.sharedDiscriminator();
    for (DomainShape domain : config.domains()) {
      String path = "discriminators." + domain.name();
      PathCounter paths = new PathCounter(path);
      List<Layer> layers = new ArrayList<>();
      List<Block> blocks = architecture.discriminator(config, domain.image());
      for (Block block : blocks.subList(0, blocks.size() - l)) {
        layers.addAll(block.layers(store, paths));
      }
      fronts.add(new Sequential(path, domain.image(), layers));
    }
    List<Layer> shared = new ArrayList<>();
    PathCounter sharedPaths = new PathCounter("discriminators.shared");
    for (Block block : first.subList(first.size() - l, first.size())) {
      shared.addAll(block.layers(store, sharedPaths));
    }
    tail = new Sequential("discriminators.shared", fronts.get(0).outputShape(), shared);
    for (Sequential front : fronts) {
      if (!front.outputShape().equals(tail.inputShape())) {
        throw new ConfigException(
            front.path()
                + " ends in "
                + front.outputShape()
                + ", but "
                + tail.path()
                + " starts from "
                + tail.inputShape()
                + " of "
                + fronts.get(0).path());
      }
    }
    int logits = (l == 0 ? fronts.get(0) : tail).outputShape().count();
    if (logits != config.logits()) {
      throw new ConfigException(
          "family "
              + config.family()
              + " has "
              + logits
              + " outputs of the discriminator; algorithm "
              + config.algorithm().label()
              + " needs "
              + config.logits());
    }
    store.allocate(memory, trainable);
    if (memory.isReal()) {
      CoupledGenerators.resetStatistics(fronts);
      CoupledGenerators.resetStatistics(List.of(tail));
    }
  }

  /** All parameters of the team. */
  public ParameterStore store() {
    return store;
  }

  /** Number of domains. */
  public int domains() {
    return fronts.size();
  }

  /** The private rows of a domain. */
  public Sequential front(int domain) {
    return fronts.get(domain);
  }

  /** The shared rows; without layers if l = 0. */
  public Sequential tail() {
    return tail;
  }

  /** Tells the workspace how large the gradient buffers must be; before the first pass. */
  public void reserveGradients(Workspace workspace, int batch) {
    reserveGradients(workspace, batch, 1);
  }

  /**
   * The same for batches that are judged together.
   *
   * @param together number of batches in a {@link JointDiscriminatorPass}
   */
  public void reserveGradients(Workspace workspace, int batch, int together) {
    workspace.reserveGradients(tail.largestActivation(together * batch));
    for (Sequential front : fronts) {
      workspace.reserveGradients(front.largestActivation(batch));
    }
  }

  /**
   * Judges images of the pass's domain.
   *
   * @param images {@code [n, channels, height, width]}
   * @return logits {@code [n, 1]}, above 0 means "real"; in a conditional GAN {@code [n, 1 +
   *     domains]}, the classes "generated" and "real" of each domain
   */
  public Tensor forward(DiscriminatorPass pass, Tensor images, Mode mode) {
    Tensor features = fronts.get(pass.domain()).forward(pass.front(), images, mode);
    return tail.forward(pass.tail(), features, mode);
  }

  /**
   * The backward of {@link #forward}.
   *
   * @param dimages gradient to the images, overwritten; null in a discriminator step, which sends
   *     nothing back into the generators
   * @param dlogits gradient to the logits
   * @param parameterGradients false in a generator step, which leaves the discriminators alone
   */
  public void backward(
      DiscriminatorPass pass, Tensor dimages, Tensor dlogits, boolean parameterGradients) {
    tail.backward(pass.tail(), pass.dfeatures(), dlogits, parameterGradients);
    fronts.get(pass.domain()).backward(pass.front(), dimages, pass.dfeatures(), parameterGradients);
  }

  /**
   * Judges several batches together; the results are {@link JointDiscriminatorPass#logits}.
   *
   * @param images a batch for every part
   */
  public void forward(JointDiscriminatorPass pass, List<Tensor> images, Mode mode) {
    requireParts(pass, "batches of images", images.size());
    for (int i = 0; i < pass.parts().size(); i++) {
      DiscriminatorPass part = pass.parts().get(i);
      Tensor features = fronts.get(part.domain()).forward(part.front(), images.get(i), mode);
      Tensor all = pass.features();
      if (features.data() != all.data()) {
        // Nothing private: the shared rows need the images themselves side by side.
        int place = all.offset() + i * features.count();
        System.arraycopy(features.data(), features.offset(), all.data(), place, features.count());
      }
    }
    tail.forward(pass.tail(), pass.features(), mode);
  }

  /**
   * The backward of that.
   *
   * @param dimages gradients to the images, overwritten; null in a discriminator step
   * @param dlogits gradients to all logits, {@code [parts * n, logits]}
   */
  public void backward(
      JointDiscriminatorPass pass,
      List<Tensor> dimages,
      Tensor dlogits,
      boolean parameterGradients) {
    int batch = pass.tail().batch();
    if (dlogits.size(0) != batch) {
      throw new ShapeException(
          "discriminators: expected the gradients to the logits of "
              + batch
              + " images, got "
              + dlogits.shape());
    }
    if (dimages != null) {
      requireParts(pass, "gradients to images", dimages.size());
    }
    tail.backward(pass.tail(), pass.dfeatures(), dlogits, parameterGradients);
    for (int i = 0; i < pass.parts().size(); i++) {
      DiscriminatorPass part = pass.parts().get(i);
      fronts
          .get(part.domain())
          .backward(
              part.front(),
              dimages == null ? null : dimages.get(i),
              part.dfeatures(),
              parameterGradients);
    }
  }

  private static void requireParts(JointDiscriminatorPass pass, String what, int found) {
    if (found != pass.parts().size()) {
      throw new IllegalArgumentException(
          "discriminators: expected " + pass.parts().size() + " " + what + ", got " + found);
    }
  }
}
