package dev.cogan.engine.model;

import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.nn.Memory;

/**
 * A coupled GAN: both teams, built from one config.
 *
 * @param config what the model is
 * @param generators the team of generators
 * @param discriminators the team of discriminators; null in a model that only samples
 */
public record CoupledModel(
    ModelConfig config, CoupledGenerators generators, CoupledDiscriminators discriminators) {

  /**
   * A model to be trained. All parameters are zero until {@link #initialise}.
   *
   * @throws ConfigException if the family is unknown or cannot be as the config says
   */
  public static CoupledModel forTraining(ModelConfig config, Memory memory) {
    Architecture architecture = Families.named(config.family());
    return new CoupledModel(
        config,
        new CoupledGenerators(config, architecture, memory, true),
        new CoupledDiscriminators(config, architecture, memory, true));
  }

  /**
   * A model that only samples: generators without gradients, no discriminators. All parameters are
   * zero until they are read or copied from elsewhere.
   *
   * @throws ConfigException if the family is unknown or cannot be as the config says
   */
  public static CoupledModel forSampling(ModelConfig config, Memory memory) {
    Architecture architecture = Families.named(config.family());
    return new CoupledModel(
        config, new CoupledGenerators(config, architecture, memory, false), null);
  }

  /**
   * Sets the parameters of both teams from a seed.
   *
   * @throws IllegalStateException if the model was made for sampling: its weights are read
   */
  public void initialise(Initializer initializer, long seed) {
    if (discriminators == null) {
      throw new IllegalStateException(
          "the model was made for sampling and has no discriminators to initialise; make it with"
              + " CoupledModel.forTraining, or initialise generators().store() alone");
    }
    initializer.apply(generators.store(), seed);
    initializer.apply(discriminators.store(), seed);
  }
}
