package dev.cogan.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;

/**
 * The four kinds of networks of a CoGAN with the domains a and b. The shared parts are one object,
 * so what they learn from both domains adds up in one set of gradients.
 *
 * @param generatorShared from z, run once for both domains
 * @param generatorHeads one per domain
 * @param discriminatorHeads one per domain, the first layers
 * @param discriminatorShared the last layers
 */
record Cogan(
    Sequential generatorShared,
    List<Sequential> generatorHeads,
    List<Sequential> discriminatorHeads,
    Sequential discriminatorShared) {

  static final List<String> DOMAINS = List.of("a", "b");

  List<Sequential> generators() {
    return join(List.of(generatorShared), generatorHeads);
  }

  List<Sequential> discriminators() {
    return join(discriminatorHeads, List.of(discriminatorShared));
  }

  private static List<Sequential> join(List<Sequential> first, List<Sequential> second) {
    List<Sequential> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /**
   * The digit nets of Liu and Tuzel 2016 (28x28x1), of any width.
   *
   * @param widths channels of the generator: z and the four shared layers
   * @param conv1 channels of the discriminator's private convolution
   * @param conv2 channels of its shared convolution
   * @param hidden its fully connected layer
   */
  static Cogan digits(Values values, int[] widths, int conv1, int conv2, int hidden) {
    List<Layer> trunk = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int in = widths[i];
      int out = widths[i + 1];
      trunk.add(
          i == 0
              ? Layer.convTranspose2d(values, in, out, 4, 1, 0, false)
              : Layer.convTranspose2d(values, in, out, 3, 2, 1, false));
      trunk.add(Layer.batchNorm(out));
      trunk.add(Layer.prelu());
    }
    return new Cogan(
        new Sequential("generators.shared", trunk),
        heads(
            "generators",
            () ->
                List.of(
                    Layer.convTranspose2d(values, widths[4], 1, 6, 1, 1, true), Layer.sigmoid())),
        heads(
            "discriminators", () -> List.of(Layer.conv2d(values, 1, conv1, 5), Layer.maxPool2d(2))),
        new Sequential(
            "discriminators.shared",
            List.of(
                Layer.conv2d(values, conv1, conv2, 5),
                Layer.maxPool2d(2),
                Layer.flatten(),
                Layer.linear(values, 16 * conv2, hidden, true),
                Layer.prelu(),
                Layer.linear(values, hidden, 1, true))));
  }

  /**
   * The paper's nets for faces (the engine's family {@code photos}), without dropout.
   *
   * @param g channels of the generator: z and all rows but the last
   * @param d outputs of the discriminator's rows but the last
   * @param k how many first rows of the generators are one
   * @param l how many last rows of the discriminators are one
   * @param channels of the images of each domain
   */
  static Cogan photos(Values values, int[] g, int[] d, int k, int l, int[] channels) {
    List<Layer> trunk = new ArrayList<>();
    for (int row = 0; row < k; row++) {
      trunk.addAll(photosUp(values, g, row, 0));
    }
    List<Sequential> heads = new ArrayList<>();
    List<Sequential> firsts = new ArrayList<>();
    int rows = d.length + 1;
    for (int domain = 0; domain < DOMAINS.size(); domain++) {
      List<Layer> head = new ArrayList<>();
      for (int row = k; row < g.length; row++) {
        head.addAll(photosUp(values, g, row, channels[domain]));
      }
      heads.add(new Sequential("generators." + DOMAINS.get(domain), head));
      List<Layer> first = new ArrayList<>();
      for (int row = 0; row < rows - l; row++) {
        first.addAll(photosDown(values, d, row, channels[domain]));
      }
      firsts.add(new Sequential("discriminators." + DOMAINS.get(domain), first));
    }
    List<Layer> last = new ArrayList<>();
    for (int row = rows - l; row < rows; row++) {
      last.addAll(photosDown(values, d, row, 0));
    }
    return new Cogan(
        new Sequential("generators.shared", trunk),
        heads,
        firsts,
        new Sequential("discriminators.shared", last));
  }

  private static List<Layer> photosUp(Values values, int[] g, int row, int channels) {
    if (row == g.length - 1) {
      return List.of(
          Layer.convTranspose2d(values, g[row], channels, 3, 1, 1, true),
          Layer.tanh(),
          Layer.of(x -> x.add(new Scalar(1)).mul(new Scalar(0.5))));
    }
    int out = g[row + 1];
    return List.of(
        row == 0
            ? Layer.convTranspose2d(values, g[row], out, 4, 1, 0, false)
            : Layer.convTranspose2d(values, g[row], out, 4, 2, 1, false),
        Layer.batchNorm(out),
        Layer.prelu(out));
  }

  private static List<Layer> photosDown(Values values, int[] d, int row, int channels) {
    if (row == d.length) {
      return List.of(Layer.linear(values, d[row - 1], 1, true));
    }
    List<Layer> layers = new ArrayList<>();
    int in = row == 0 ? channels : d[row - 1];
    if (row == 0) {
      layers.add(Layer.of(x -> x.mul(new Scalar(2)).sub(new Scalar(1))));
    }
    if (row == d.length - 1) {
      layers.add(Layer.flatten());
      layers.add(Layer.linear(values, 4 * in, d[row], false));
    } else {
      int kernel = row < 3 ? 5 : 3;
      layers.add(Layer.conv2d(values, in, d[row], kernel, 2, kernel / 2));
    }
    layers.add(Layer.batchNorm(d[row]));
    layers.add(Layer.prelu(d[row]));
    return layers;
  }

  /** Fully connected nets for 8x8x1 images. */
  static Cogan fullyConnected(Values values) {
    return new Cogan(
        new Sequential(
            "generators.shared",
            List.of(
                Layer.linear(values, 10, 24, false),
                Layer.batchNorm(24),
                Layer.prelu(),
                Layer.linear(values, 24, 24, false),
                Layer.batchNorm(24),
                Layer.prelu())),
        heads(
            "generators",
            () ->
                List.of(
                    Layer.linear(values, 24, 64, true),
                    Layer.sigmoid(),
                    Layer.of(x -> x.reshape(-1, 1, 8, 8)))),
        heads(
            "discriminators",
            () -> List.of(Layer.flatten(), Layer.linear(values, 64, 12, true), Layer.prelu())),
        new Sequential("discriminators.shared", List.of(Layer.linear(values, 12, 1, true))));
  }

  private static List<Sequential> heads(String team, Supplier<List<Layer>> layers) {
    return DOMAINS.stream()
        .map(domain -> new Sequential(team + '.' + domain, layers.get()))
        .toList();
  }
}
