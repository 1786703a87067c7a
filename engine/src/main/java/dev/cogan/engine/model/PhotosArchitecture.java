package dev.cogan.engine.model;

import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.ConvTranspose2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Flatten;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.PRelu;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Rescale;
import dev.cogan.engine.nn.Tanh;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The paper's convolutional nets for faces, and for colour and depth: square images of side 4 * 2^m
 * with m from 1 to 6, any channels. The nets work in [-1, 1]; the first and the last layer turn the
 * images' [0, 1] into that and back.
 *
 * <p>Generator, m + 1 widths (for 128x128 1024-512-256-128-64-32): one fractional convolution from
 * z to 4x4, then m of kernel 4, stride 2, padding 1, each doubling the side, all with batch norm
 * and PReLU; last one of kernel 3, padding 1, to the image, with tanh. The paper shares all but the
 * last two rows.
 *
 * <p>Discriminator, m + 2 widths (for 128x128 32-64-128-256-512-1024-2048): m + 1 convolutions of
 * stride 2, the first three of kernel 5, padding 2, the others of kernel 3, padding 1, down to 2x2;
 * a linear layer; a linear layer to one logit. All rows but the last have batch norm and PReLU. The
 * config's dropout is that of the deepest rows; the third row has a fifth of it, the fourth and
 * fifth three fifths (0.5 gives the paper's 0.1, 0.3, 0.3, 0.5, 0.5), the first two none. The paper
 * keeps the first two rows private.
 *
 * <p>Batch norms have no scale and the rows before them no bias, as in the digit nets.
 */
final class PhotosArchitecture implements Architecture {
  private static final int LARGEST = 6;

  @Override
  public Shape latentShape(ModelConfig config) {
    return Shape.of(config.latent(), 1, 1);
  }

  /**
   * How often 4 doubles to the image's side: m. The generator has m + 1 widths.
   *
   * @param discriminatorRows widths that the discriminator has beyond m
   */
  static int doublings(ModelConfig config, Shape image, int discriminatorRows) {
    int side = image.size(1);
    int m = 31 - Integer.numberOfLeadingZeros(Math.max(1, side / 4));
    if (image.size(2) != side || m < 1 || m > LARGEST || side != 4 << m) {
      throw new ConfigException(
          "family "
              + config.family()
              + " works on square images of side 8, 16, 32, 64, 128 or 256, got "
              + side
              + "x"
              + image.size(2));
    }
    requireWidths(config, "generator", config.generatorWidths(), m + 1, side);
    requireWidths(
        config, "discriminator", config.discriminatorWidths(), m + discriminatorRows, side);
    return m;
  }

  private static void requireWidths(
      ModelConfig config, String team, List<Integer> widths, int expected, int side) {
    if (widths.size() != expected) {
      throw new ConfigException(
          "family "
              + config.family()
              + " has "
              + expected
              + " "
              + team
              + " widths for images of "
              + side
              + "x"
              + side
              + ", got "
              + widths);
    }
  }

  @Override
  public List<Block> generator(ModelConfig config, Shape image) {
    doublings(config, image, 2);
    return generatorRows(config, image);
  }

  /** The generator's rows; the sizes are checked already. */
  static List<Block> generatorRows(ModelConfig config, Shape image) {
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
                new ConvTranspose2d(store, paths.get(), last, image.size(0), 3, 1, 1, true),
                new Tanh(paths.get()),
                Rescale.toUnit(paths.get())));
    return blocks;
  }

  private static Block upsample(ModelConfig config, int in, int out, boolean fromLatent) {
    return (store, paths) ->
        List.of(
            fromLatent
                ? new ConvTranspose2d(store, paths.get(), in, out, 4, 1, 0, false)
                : new ConvTranspose2d(store, paths.get(), in, out, 4, 2, 1, false),
            new BatchNorm2d(store, paths.get(), out, false),
            new PRelu(store, paths.get(), config.slopePerChannel() ? out : 1));
  }

  @Override
  public List<Block> discriminator(ModelConfig config, Shape image) {
    int m = doublings(config, image, 2);
    List<Integer> widths = config.discriminatorWidths();
    List<Block> blocks = new ArrayList<>();
    int in = image.size(0);
    for (int row = 0; row <= m; row++) {
      blocks.add(downsample(config, in, row));
      in = widths.get(row);
    }
    int flat = in * 2 * 2;
    int features = widths.get(m + 1);
    blocks.add(
        (store, paths) -> {
          List<Layer> layers = new ArrayList<>();
          layers.add(new Flatten(paths.get()));
          layers.add(new Linear(store, paths.get(), flat, features, false));
          finish(config, layers, store, paths, features, config.dropout());
          return layers;
        });
    blocks.add(
        (store, paths) -> List.of(new Linear(store, paths.get(), features, config.logits(), true)));
    return blocks;
  }

  private static Block downsample(ModelConfig config, int in, int row) {
    int out = config.discriminatorWidths().get(row);
    return (store, paths) -> {
      List<Layer> layers = new ArrayList<>();
      if (row == 0) {
        layers.add(Rescale.toSymmetric(paths.get()));
      }
      layers.add(
          row < 3
              ? new Conv2d(store, paths.get(), in, out, 5, 2, 2, false)
              : new Conv2d(store, paths.get(), in, out, 3, 2, 1, false));
      finish(config, layers, store, paths, out, dropout(config, row));
      return layers;
    };
  }

  private static float dropout(ModelConfig config, int row) {
    int fifths = row < 2 ? 0 : row == 2 ? 1 : row < 5 ? 3 : 5;
    return config.dropout() * fifths / 5;
  }

  private static void finish(
      ModelConfig config,
      List<Layer> layers,
      ParameterStore store,
      Supplier<String> paths,
      int out,
      float dropout) {
    layers.add(new BatchNorm2d(store, paths.get(), out, false));
    layers.add(new PRelu(store, paths.get(), config.slopePerChannel() ? out : 1));
    if (dropout > 0) {
      layers.add(new Dropout(paths.get(), dropout));
    }
  }
}
