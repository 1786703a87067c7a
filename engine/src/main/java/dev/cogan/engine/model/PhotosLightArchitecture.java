package dev.cogan.engine.model;

import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Flatten;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.LeakyRelu;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.Rescale;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Nets for photos that learn in little time: the generator of {@link PhotosArchitecture}, against a
 * discriminator without any batch norm.
 *
 * <p>A discriminator sees batches that are wholly real or wholly generated. Batch norm in its first
 * row takes away each batch's mean colour and contrast, and in its last row the mean of each
 * feature, so what tells the two apart most easily cannot be seen, and the generators need not get
 * it right. Kernels of 4 with stride 2 cover every pixel equally often, so the gradients that the
 * generators receive have no checkerboard.
 *
 * <p>Discriminator, m widths for images of side 4 * 2^m: m convolutions of kernel 4, stride 2,
 * padding 1, with bias and leaky ReLU of slope 0.2, down to 4x4; dropout; a linear layer to one
 * logit. The first row of the discriminators and the last two of the generators are meant to be
 * private.
 */
final class PhotosLightArchitecture implements Architecture {
  private static final float SLOPE = 0.2f;
  private static final int LAST_SIDE = 4;

  private final PhotosArchitecture photos = new PhotosArchitecture();

  @Override
  public Shape latentShape(ModelConfig config) {
    return photos.latentShape(config);
  }

  @Override
  public List<Block> generator(ModelConfig config, Shape image) {
    PhotosArchitecture.doublings(config, image, 0);
    return PhotosArchitecture.generatorRows(config, image);
  }

  @Override
  public List<Block> discriminator(ModelConfig config, Shape image) {
    int m = PhotosArchitecture.doublings(config, image, 0);
    List<Integer> widths = config.discriminatorWidths();
    List<Block> blocks = new ArrayList<>();
    int in = image.size(0);
    for (int row = 0; row < m; row++) {
      blocks.add(downsample(in, widths.get(row), row == 0));
      in = widths.get(row);
    }
    int flat = in * LAST_SIDE * LAST_SIDE;
    blocks.add(
        (store, paths) -> {
          List<Layer> layers = new ArrayList<>();
          layers.add(new Flatten(paths.get()));
          if (config.dropout() > 0) {
            layers.add(new Dropout(paths.get(), config.dropout()));
          }
          layers.add(new Linear(store, paths.get(), flat, config.logits(), true));
          return layers;
        });
    return blocks;
  }

  private static Block downsample(int in, int out, boolean first) {
    return (store, paths) -> {
      List<Layer> layers = new ArrayList<>();
      if (first) {
        layers.add(Rescale.toSymmetric(paths.get()));
      }
      layers.add(new Conv2d(store, paths.get(), in, out, 4, 2, 1, true));
      layers.add(new LeakyRelu(paths.get(), SLOPE));
      return layers;
    };
  }
}
