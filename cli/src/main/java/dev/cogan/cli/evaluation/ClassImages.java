package dev.cogan.cli.evaluation;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled images made of domains: all images of the first have label 0, those of the second 1, and
 * so on. A fifth of each domain is held out. In training all classes count the same: the smaller
 * ones are repeated until they are as large as the largest.
 *
 * @param train images to learn from, repeated
 * @param tests the images held out, one set per class
 */
public record ClassImages(ImageSet train, List<ImageSet> tests) {
  private static final int HELD = 5;

  /**
   * Deals the images out.
   *
   * @param domains of one shape, without images in common
   * @param mirror whether every second time that a class comes round its images are mirrored
   * @throws InputException if shapes differ, or a class has fewer than five images
   */
  public static ClassImages of(List<DomainData> domains, boolean mirror, long seed) {
    Shape shape = domains.get(0).shape();
    int most = 0;
    List<int[]> learnt = new ArrayList<>();
    List<ImageSet> tests = new ArrayList<>();
    for (int c = 0; c < domains.size(); c++) {
      DomainData domain = domains.get(c);
      if (!domain.shape().equals(shape)) {
        throw new InputException(
            "--class "
                + domain.spec()
                + ": images of "
                + domain.shape()
                + ", those of the first class are "
                + shape);
      }
      if (domain.count() < HELD) {
        throw new InputException(
            "--class "
                + domain.spec()
                + ": "
                + domain.count()
                + " images; a class needs "
                + HELD
                + " or more");
      }
      int[] order = new int[domain.count()];
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
      RandomStream.of(seed, "held out." + c).shuffle(order);
      int held = order.length / HELD;
      tests.add(copy(domain, Arrays.copyOf(order, held), held, c, false));
      learnt.add(Arrays.copyOfRange(order, held, order.length));
      most = Math.max(most, order.length - held);
    }
    // Twice round, so that mirrored images come, too.
    int times = mirror ? 2 : 1;
    List<ImageSet> sets = new ArrayList<>();
    for (int c = 0; c < domains.size(); c++) {
      sets.add(copy(domains.get(c), learnt.get(c), times * most, c, mirror));
    }
    return new ClassImages(joined(shape, sets), tests);
  }

  /** {@code count} images with these indices, over and over. */
  private static ImageSet copy(
      DomainData domain, int[] indices, int count, int label, boolean mirror) {
    Shape shape = domain.shape();
    byte[] pixels = new byte[bytes(shape, count)];
    float[] image = new float[shape.count()];
    for (int i = 0; i < count; i++) {
      domain.fill(image, 0, indices[i % indices.length]);
      boolean turned = mirror && i / indices.length % 2 == 1;
      for (int j = 0; j < image.length; j++) {
        int width = shape.size(2);
        int from = turned ? j - j % width + width - 1 - j % width : j;
        pixels[i * image.length + j] = (byte) (image[from] * 255 + 0.5f);
      }
    }
    byte[] labels = new byte[count];
    Arrays.fill(labels, (byte) label);
    return ImageSet.ofBytes(shape, pixels).withLabels(labels);
  }

  private static ImageSet joined(Shape shape, List<ImageSet> sets) {
    int count = sets.stream().mapToInt(ImageSet::count).sum();
    byte[] pixels = new byte[bytes(shape, count)];
    byte[] labels = new byte[count];
    float[] image = new float[shape.count()];
    int at = 0;
    for (ImageSet set : sets) {
      for (int i = 0; i < set.count(); i++) {
        set.copyTo(i, image, 0);
        for (int j = 0; j < image.length; j++) {
          pixels[at * image.length + j] = (byte) (image[j] * 255 + 0.5f);
        }
        labels[at++] = (byte) set.label(i);
      }
    }
    return ImageSet.ofBytes(shape, pixels).withLabels(labels);
  }

  private static int bytes(Shape shape, int count) {
    long bytes = (long) shape.count() * count;
    if (bytes > Integer.MAX_VALUE - 16) {
      throw new InputException(
          "--class: "
              + count
              + " images of "
              + shape
              + " are too many at once; take fewer, or a smaller --size");
    }
    return (int) bytes;
  }
}
