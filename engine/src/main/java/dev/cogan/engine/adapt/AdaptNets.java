package dev.cogan.engine.adapt;

import dev.cogan.engine.model.Architecture;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.Families;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Flatten;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.MaxPool2d;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.PRelu;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The digit CoGAN with a classifier on the discriminators' features.
 *
 * <pre>
 *   front (one per domain)   conv 5x5, 20    max-pool 2
 *   body (shared)            conv 5x5, 50    max-pool 2    linear 500    PReLU    (dropout)
 *   judge (shared)           linear 1
 *   classes (shared)         linear, one logit per class
 * </pre>
 *
 * <p>So the classifier of the target is its private front, the shared body and the class layer. All
 * but the generators are in one store.
 */
final class AdaptNets {
  static final int SIDE = 28;
  static final int FEATURES = 500;
  private static final int CONV_1 = 20;
  private static final int CONV_2 = 50;
  private static final int DOMAINS = 2;

  final CoupledGenerators generators;
  final ParameterStore store = new ParameterStore("discriminators");
  final List<Sequential> fronts = new ArrayList<>();
  final Sequential body;
  final Sequential judge;
  final Sequential classes;

  AdaptNets(AdaptOptions options, int classCount, Memory memory) {
    Shape image = Shape.of(1, SIDE, SIDE);
    List<DomainShape> domains = new ArrayList<>();
    for (int d = 0; d < DOMAINS; d++) {
      domains.add(new DomainShape(DomainShape.name(d), image));
    }
    ModelConfig config =
        new ModelConfig(
            "digits",
            options.latent(),
            options.widths(),
            List.of(CONV_1, CONV_2, FEATURES),
            4,
            3,
            options.dropout(),
            false,
            domains);
    Architecture architecture = Families.named(config.family());
    generators = new CoupledGenerators(config, architecture, memory, true);
    for (DomainShape domain : domains) {
      String path = "discriminators." + domain.name();
      List<Layer> layers =
          List.of(
              new Conv2d(store, path + ".0", 1, CONV_1, 5, 1, 0, true),
              new MaxPool2d(path + ".1", 2));
      fronts.add(new Sequential(path, image, layers));
    }
    List<Layer> layers = new ArrayList<>();
    String path = "discriminators.shared.";
    layers.add(new Conv2d(store, path + 0, CONV_1, CONV_2, 5, 1, 0, true));
    layers.add(new MaxPool2d(path + 1, 2));
    layers.add(new Flatten(path + 2));
    layers.add(new Linear(store, path + 3, CONV_2 * 16, FEATURES, true));
    layers.add(new PRelu(store, path + 4, 1));
    if (options.dropout() > 0) {
      layers.add(new Dropout(path + 5, options.dropout()));
    }
    body = new Sequential("discriminators.shared", fronts.get(0).outputShape(), layers);
    judge = last("discriminators.judge", 1);
    classes = last("discriminators.classes", classCount);
    store.allocate(memory, true);
  }

  private Sequential last(String path, int outputs) {
    Layer layer = new Linear(store, path + ".0", FEATURES, outputs, true);
    return new Sequential(path, Shape.of(FEATURES), List.of(layer));
  }

  void initialise(long seed) {
    Initializer.xavierUniform().apply(generators.store(), seed);
    Initializer.xavierUniform().apply(store, seed);
  }
}
