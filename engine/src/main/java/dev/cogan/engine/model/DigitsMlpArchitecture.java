package dev.cogan.engine.model;

import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.PRelu;
import dev.cogan.engine.nn.Reshape;
import dev.cogan.engine.nn.Sigmoid;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The paper's nets for the rotation task, where the domains are not aligned in space: a fully
 * connected generator, widths 1024 four times, each row with batch norm without scale and PReLU,
 * then a linear layer to the pixels with a sigmoid. The discriminator is that of {@link
 * DigitsArchitecture}; the paper shares only its last row.
 */
final class DigitsMlpArchitecture implements Architecture {
  private final DigitsArchitecture conv = new DigitsArchitecture();

  @Override
  public Shape latentShape(ModelConfig config) {
    return Shape.of(config.latent());
  }

  @Override
  public List<Block> generator(ModelConfig config, Shape image) {
    DigitsArchitecture.requireDigits(config, image, config.generatorWidths().size());
    List<Block> blocks = new ArrayList<>();
    int in = config.latent();
    for (int width : config.generatorWidths()) {
      blocks.add(dense(config, in, width));
      in = width;
    }
    int last = in;
    blocks.add(
        (store, paths) ->
            List.of(
                new Linear(store, paths.get(), last, image.count(), true),
                new Sigmoid(paths.get()),
                new Reshape(paths.get(), image)));
    return blocks;
  }

  private static Block dense(ModelConfig config, int in, int out) {
    return (store, paths) ->
        List.of(
            new Linear(store, paths.get(), in, out, false),
            new BatchNorm2d(store, paths.get(), out, false),
            new PRelu(store, paths.get(), config.slopePerChannel() ? out : 1));
  }

  @Override
  public List<Block> discriminator(ModelConfig config, Shape image) {
    return conv.discriminator(config, image);
  }
}
