package dev.cogan.engine.model;

import dev.cogan.engine.tensor.Shape;
import java.util.List;

/**
 * A family of networks: the layer tables of one generator and one discriminator. Which rows the
 * domains share is not decided here but in {@link CoupledGenerators} and {@link
 * CoupledDiscriminators}.
 */
public interface Architecture {

  /** Shape of one z as the first layer wants it: {@code [latent, 1, 1]} or {@code [latent]}. */
  Shape latentShape(ModelConfig config);

  /**
   * A generator, from z to the image. Only the last row may depend on the image's channels.
   *
   * @param image {@code [channels, height, width]}
   * @throws ConfigException if the family cannot make such images
   */
  List<Block> generator(ModelConfig config, Shape image);

  /**
   * A discriminator, from the image to {@link ModelConfig#logits} logits. Only the first row may
   * depend on the image's channels.
   *
   * @param image {@code [channels, height, width]}
   * @throws ConfigException if the family cannot take such images
   */
  List<Block> discriminator(ModelConfig config, Shape image);
}
