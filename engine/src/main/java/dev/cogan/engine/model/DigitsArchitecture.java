package dev.cogan.engine.model;

import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.ConvTranspose2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Flatten;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.MaxPool2d;
import dev.cogan.engine.nn.PRelu;
import dev.cogan.engine.nn.Sigmoid;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The paper's convolutional nets for digits of 28x28, tasks A and B (layer tables of the released
 * code).
 *
 * <p>Generator, widths 1024-512-256-128, feature maps 4, 7, 13, 25, 28: one fractional convolution
 * from z (kernel 4) and three of kernel 3, stride 2, padding 1, each with batch norm without scale
 * and PReLU; then one of kernel 6, padding 1, to the image, with a sigmoid. A bias before a batch
 * norm would be subtracted again, so those rows have none.
 *
 * <p>Discriminator, widths 20-50-500: two convolutions of kernel 5 with 2x2 max-pooling (and no
 * other non-linearity), a linear layer with PReLU, a linear layer to one logit.
 */
final class DigitsArchitecture implements Architecture {
  private static final int SIDE = 28;

  @Override
  public Shape latentShape(ModelConfig config) {
    return Shape.of(config.latent(), 1, 1);
  }

  static void requireDigits(ModelConfig config, Shape image, int generatorRows) {
    if (image.size(1) != SIDE || image.size(2) != SIDE) {
      throw new ConfigException(
          "family "
              + config.family()
              + " works on images of 28x28, got "
              + image.size(1)
              + "x"
              + image.size(2));
    }
    if (config.generatorWidths().size() != generatorRows) {
      throw new ConfigException(
          "family "
              + config.family()
              + " has "
              + generatorRows
              + " generator widths, got "
              + config.generatorWidths());
    }
    if (config.discriminatorWidths().size() != 3) {
      throw new ConfigException(
          "family "
              + config.family()
              + " has 3 discriminator widths, got "
              + config.discriminatorWidths());
    }
  }

  @Override
  public List<Block> generator(ModelConfig config, Shape image) {
    requireDigits(config, image, 4);
    List<Integer> widths = config.generatorWidths();
    List<Block> blocks = new ArrayList<>();
    int in = config.latent();
    for (int row = 0; row < widths.size(); row++) {
      blocks.add(upsample(config, in, widths.get(row), row == 0));
      in = widths.get(row);
    }
    int last = in;
    blocks.add(
        (store, paths) ->
            List.of(
                new ConvTranspose2d(store, paths.get(), last, image.size(0), 6, 1, 1, true),
                new Sigmoid(paths.get())));
    return blocks;
  }

  private static Block upsample(ModelConfig config, int in, int out, boolean fromLatent) {
    return (store, paths) ->
        List.of(
            fromLatent
                ? new ConvTranspose2d(store, paths.get(), in, out, 4, 1, 0, false)
                : new ConvTranspose2d(store, paths.get(), in, out, 3, 2, 1, false),
            new BatchNorm2d(store, paths.get(), out, false),
            new PRelu(store, paths.get(), config.slopePerChannel() ? out : 1));
  }

  @Override
  public List<Block> discriminator(ModelConfig config, Shape image) {
    requireDigits(config, image, config.generatorWidths().size());
    int conv1 = config.discriminatorWidths().get(0);
    int conv2 = config.discriminatorWidths().get(1);
    int features = config.discriminatorWidths().get(2);
    // 28 -> conv 24 -> pool 12 -> conv 8 -> pool 4
    int flat = conv2 * 4 * 4;
    return List.of(
        convPool(image.size(0), conv1),
        convPool(conv1, conv2),
        (store, paths) -> {
          List<Layer> layers = new ArrayList<>();
          layers.add(new Flatten(paths.get()));
          layers.add(new Linear(store, paths.get(), flat, features, true));
          layers.add(new PRelu(store, paths.get(), config.slopePerChannel() ? features : 1));
          if (config.dropout() > 0) {
            layers.add(new Dropout(paths.get(), config.dropout()));
          }
          return layers;
        },
        (store, paths) -> List.of(new Linear(store, paths.get(), features, config.logits(), true)));
  }

  private static Block convPool(int in, int out) {
    return (store, paths) ->
        List.of(
            new Conv2d(store, paths.get(), in, out, 5, 1, 0, true), new MaxPool2d(paths.get(), 2));
  }
}
