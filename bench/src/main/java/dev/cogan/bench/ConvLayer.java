package dev.cogan.bench;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.model.ConfigException;
import java.util.List;

/**
 * A convolutional layer of one of the nets.
 *
 * @param name net and row, for example {@code digits.g2}: the generator's second row; {@code d} is
 *     the discriminator
 * @param transposed whether the layer leads from the small side of the shape to the large one, as
 *     {@code ConvTranspose2d} does
 * @param shape sizes, with the batch
 */
public record ConvLayer(String name, boolean transposed, ConvShape shape) {

  /** A {@code Conv2d} on square images. */
  static ConvLayer conv(
      String name, int n, int in, int side, int out, int kernel, int stride, int pad) {
    return new ConvLayer(
        name, false, ConvShape.of(n, in, side, side, out, kernel, kernel, stride, pad));
  }

  /** A {@code ConvTranspose2d} on square images. */
  static ConvLayer transposed(
      String name, int n, int in, int side, int out, int kernel, int stride, int pad) {
    int large = (side - 1) * stride - 2 * pad + kernel;
    return new ConvLayer(
        name,
        true,
        new ConvShape(n, out, large, large, in, kernel, kernel, stride, pad, side, side));
  }

  /**
   * The layer with this name; {@code digits.g2@8} is the same layer at batch 8.
   *
   * @throws ConfigException if there is none, with the names that there are
   */
  static ConvLayer named(String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    for (ConvLayer layer : ConvLayers.byName()) {
      if (layer.name.equals(name)) {
        return at < 0 ? layer : layer.withBatch(batch(text, at), text);
      }
    }
    throw new ConfigException("unknown layer '" + name + "'; known are " + known(name));
  }

  /** Those of the net that is meant, if there is such a net; else of all: {@code digits.g1 .g2}. */
  private static String known(String name) {
    List<ConvLayer> net = ConvLayers.ofNet(name.replaceFirst("\\..*", ""));
    StringBuilder known = new StringBuilder();
    String before = "";
    for (ConvLayer layer : net.isEmpty() ? ConvLayers.byName() : net) {
      boolean same = layer.net().equals(before);
      before = layer.net();
      known
          .append(known.isEmpty() ? "" : same ? " " : ", ")
          .append(same ? layer.name.substring(before.length()) : layer.name);
    }
    return known.toString();
  }

  /** The net that it belongs to: what stands before the point in its name. */
  String net() {
    return name.substring(0, name.indexOf('.'));
  }

  private static int batch(String text, int at) {
    String number = text.substring(at + 1);
    if (!number.matches("[1-9]\\d{0,4}")) {
      throw new ConfigException("layer '" + text + "': expected a batch after @");
    }
    return Integer.parseInt(number);
  }

  private ConvLayer withBatch(int n, String text) {
    ConvShape s = shape;
    Sizes.requireArray("layer", text, (long) n * s.cin() * s.h() * s.w());
    Sizes.requireArray("layer", text, (long) n * s.cout() * s.oh() * s.ow());
    return new ConvLayer(
        name,
        transposed,
        new ConvShape(
            n,
            s.cin(),
            s.h(),
            s.w(),
            s.cout(),
            s.kh(),
            s.kw(),
            s.stride(),
            s.pad(),
            s.oh(),
            s.ow()));
  }
}
