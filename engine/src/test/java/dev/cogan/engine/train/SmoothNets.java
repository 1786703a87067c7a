package dev.cogan.engine.train;

import dev.cogan.engine.model.Architecture;
import dev.cogan.engine.model.Block;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.ConvTranspose2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Flatten;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.Sigmoid;
import dev.cogan.engine.nn.Tanh;
import dev.cogan.engine.tensor.Shape;
import java.util.List;

/**
 * Nets for images of 6x6 with the rows of the digit nets, five and four, but without kinks: tanh in
 * place of PReLU, strides in place of pooling. A gradient check of a whole training needs that:
 * among thousands of activations some would always be at a kink.
 */
final class SmoothNets implements Architecture {
  @Override
  public Shape latentShape(ModelConfig config) {
    return Shape.of(config.latent(), 1, 1);
  }

  @Override
  public List<Block> generator(ModelConfig config, Shape image) {
    List<Integer> w = config.generatorWidths();
    return List.of(
        upsample(config.latent(), w.get(0), 2, 1, 0),
        upsample(w.get(0), w.get(1), 3, 2, 1),
        upsample(w.get(1), w.get(2), 3, 2, 1),
        upsample(w.get(2), w.get(3), 3, 1, 1),
        (store, paths) ->
            List.of(
                new ConvTranspose2d(store, paths.get(), w.get(3), image.size(0), 4, 1, 1, true),
                new Sigmoid(paths.get())));
  }

  private static Block upsample(int in, int out, int kernel, int stride, int pad) {
    return (store, paths) ->
        List.of(
            new ConvTranspose2d(store, paths.get(), in, out, kernel, stride, pad, false),
            new BatchNorm2d(store, paths.get(), out, true),
            new Tanh(paths.get()));
  }

  @Override
  public List<Block> discriminator(ModelConfig config, Shape image) {
    List<Integer> w = config.discriminatorWidths();
    return List.of(
        conv(image.size(0), w.get(0), 3, 1, 1),
        conv(w.get(0), w.get(1), 4, 2, 1),
        (store, paths) ->
            List.of(
                new Flatten(paths.get()),
                new Linear(store, paths.get(), w.get(1) * 9, w.get(2), true),
                new Tanh(paths.get()),
                new Dropout(paths.get(), 0.3f)),
        (store, paths) -> List.of(new Linear(store, paths.get(), w.get(2), config.logits(), true)));
  }

  private static Block conv(int in, int out, int kernel, int stride, int pad) {
    return (store, paths) ->
        List.of(
            new Conv2d(store, paths.get(), in, out, kernel, stride, pad, true),
            new Tanh(paths.get()));
  }
}
