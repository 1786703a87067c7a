package dev.cogan.engine.data;

import dev.cogan.engine.image.DepthMap;
import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.image.MissingDecoderException;
import dev.cogan.engine.image.RawImage;
import dev.cogan.engine.image.Resize;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes the pictures of a domain into an {@link ImageSet} of bytes. Each is cut to the largest
 * square in its middle (178x218 faces lose 20 rows at the top and the bottom, as in the paper) and
 * brought to the wanted side; where training cuts at random, to 33/32 of it (132 for 128, 66 for
 * 64), one pixel more at least. Pictures of an rgbd source that are cut at random keep the aspect
 * of the first.
 *
 * <p>Files that cannot be used are left out and listed.
 */
public final class PictureLoader {
  private static final double USABLE_HEAP = 0.6;
  private static final double CLIPPED = 0.01;
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  private final ImageDecoder decoder;
  private final int side;
  private final RawImage.Alpha alpha;
  private final List<BadFile> bad = new ArrayList<>();

  /**
   * @param side of the images
   * @param alpha what becomes of transparency
   */
  public PictureLoader(ImageDecoder decoder, int side, RawImage.Alpha alpha) {
    this.decoder = decoder;
    this.side = side;
    this.alpha = alpha;
  }

  /** The files that were left out. */
  public List<BadFile> bad() {
    return List.copyOf(bad);
  }

  /** Decoded images, their files, and what the depth maps' values were mapped from. */
  record Loaded(
      ImageSet images, List<String> files, Augmentation augmentation, int low, int high) {}

  /**
   * All images of a domain as they are, not varied by chance.
   *
   * @param data the images
   * @param files names of the files that they come from, in order
   * @param missing files that CelebA's list names and that are not there
   * @param low depth that became 0; 0 if it is no depth
   * @param high depth that became 1; 255 if it is no depth
   */
  public record Whole(DomainData data, List<String> files, int missing, int low, int high) {}

  /**
   * Loads a domain by itself: every picture that its spec names, at exactly the wanted size.
   *
   * @throws InputException if there is no usable picture, or the heap cannot hold them
   */
  public Whole loadWhole(DomainSpec spec) {
    DomainSpec plain =
        new DomainSpec(spec.text(), spec.source(), spec.transform(), spec.view().plain());
    try (PictureSource source = PictureSource.open(spec.source())) {
      source.require(plain.view());
      List<String> items =
          source.items().stream().filter(item -> source.wants(item, plain.view())).toList();
      if (items.isEmpty()) {
        throw none(spec);
      }
      Loaded loaded = load(source, items, plain);
      ImageSet images = transformed(loaded.images(), spec);
      DomainData data = new DomainData("a", spec.text(), images);
      return new Whole(data, loaded.files(), source.missing(), loaded.low(), loaded.high());
    }
  }

  static InputException none(DomainSpec spec) {
    return new InputException(
        "domain '"
            + spec.text()
            + "': no picture of "
            + spec.source().path()
            + " is for it"
            + (spec.source().kind().equals(DomainSource.RGBD)
                ? ": pictures are looked for in a folder color, depth maps in depth"
                : ""));
  }

  /** The images with the spec's transform applied. */
  static ImageSet transformed(ImageSet images, DomainSpec spec) {
    if (spec.transform() == ImageTransforms.IDENTITY) {
      return images;
    }
    int[] all = new int[images.count()];
    Arrays.setAll(all, i -> i);
    return images.transformed(spec.transform(), all);
  }

  /**
   * Loads a domain.
   *
   * @param items those of the source that belong to it
   * @throws InputException if there is no usable picture, or the heap cannot hold them
   */
  Loaded load(PictureSource source, List<String> items, DomainSpec spec) {
    PictureView view = spec.view();
    int stored = view.crop() ? side + Math.max(1, side / 32) : side;
    requireHeap(spec, items.size(), bytes(spec, stored, stored));
    Augmentation augmentation = new Augmentation(side, side, view.crop(), view.mirror());
    return view.depth()
        ? depth(source, items, spec, stored, augmentation)
        : colour(source, items, spec, stored, augmentation);
  }

  /**
   * What one picture of a domain takes while it is loaded: a depth map is kept as floats, others as
   * bytes, and once more when they are transformed.
   */
  private static double bytes(DomainSpec spec, int height, int width) {
    PictureView view = spec.view();
    int channels = view.channels() == 1 ? 1 : 3;
    int copies = spec.transform() == ImageTransforms.IDENTITY ? 1 : 2;
    return (double) height * width * (view.depth() ? Float.BYTES : copies * channels);
  }

  /**
   * Checks that a domain fits before hours of reading end without memory.
   *
   * @param each bytes of one image
   */
  static void requireHeap(DomainSpec spec, int count, double each) {
    long heap = Runtime.getRuntime().maxMemory();
    if (count * each > USABLE_HEAP * heap) {
      throw new InputException(
          String.format(
              java.util.Locale.ROOT,
              "domain '%s': %d images need %.0f MiB, of a heap of %d MiB; lower --size, or raise"
                  + " the heap with -Xmx",
              spec.text(),
              count,
              count * each / (1 << 20),
              heap >> 20));
    }
  }

  private Loaded colour(
      PictureSource source,
      List<String> items,
      DomainSpec spec,
      int stored,
      Augmentation augmentation) {
    List<byte[]> images = new ArrayList<>();
    List<String> files = new ArrayList<>();
    PictureView view = spec.view();
    int[] size = null;
    int channels = view.channels() == 0 ? 1 : view.channels();
    for (String item : items) {
      String label = source.label(item, view);
      try {
        RawImage raw = decoder.decode(source.read(item, view), label).opaque(alpha);
        if (size == null) {
          size = size(spec, items.size(), stored, raw.height(), raw.width());
        }
        byte[] image = shrink(raw, size, view.channels() == 1);
        if (view.channels() == 0 && image.length > size[0] * size[1]) {
          channels = 3;
        }
        images.add(image);
        files.add(label);
      } catch (MissingDecoderException e) {
        throw e;
      } catch (InputException e) {
        bad.add(BadFile.of(label, e));
      }
    }
    requireSome(spec, items, images);
    Shape shape = Shape.of(channels, size[0], size[1]);
    return new Loaded(ImageSet.ofImages(shape, images), files, augmentation, 0, 255);
  }

  /** Height and width that are stored: not square ones have up to twice the pixels. */
  private static int[] size(DomainSpec spec, int count, int stored, int height, int width) {
    int[] size = size(spec, stored, height, width);
    requireHeap(spec, count, bytes(spec, size[0], size[1]));
    return size;
  }

  private static int[] size(DomainSpec spec, int stored, int height, int width) {
    boolean square = !spec.source().kind().equals(DomainSource.RGBD) || !spec.view().crop();
    if (square || height == width) {
      return new int[] {stored, stored};
    }
    int most = 2 * stored;
    return height < width
        ? new int[] {stored, (int) Math.min(most, ((long) stored * width + height / 2) / height)}
        : new int[] {(int) Math.min(most, ((long) stored * height + width / 2) / width), stored};
  }

  private static byte[] shrink(RawImage raw, int[] size, boolean grey) {
    int plane = raw.height() * raw.width();
    int pixels = size[0] * size[1];
    Resize.Window window = Resize.Window.centred(raw.height(), raw.width(), size[0], size[1]);
    float[] values = new float[plane];
    boolean merge = grey && raw.channels() == 3;
    float[] sum = new float[merge ? pixels : 0];
    byte[] image = new byte[merge ? pixels : raw.channels() * pixels];
    float factor = raw.bits() == 8 ? 1f : 255f / 65535f;
    for (int c = 0; c < raw.channels(); c++) {
      for (int i = 0; i < plane; i++) {
        values[i] = raw.samples()[c * plane + i];
      }
      float[] small = Resize.plane(values, 0, raw.width(), window, size[0], size[1]);
      for (int i = 0; i < pixels; i++) {
        if (merge) {
          sum[i] += LUMA[c] * small[i];
        } else {
          image[c * pixels + i] = level(small[i] * factor);
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      image[i] = level(sum[i] * factor);
    }
    return image;
  }

  private static byte level(float value) {
    return (byte) Math.max(0, Math.min(255, Math.round(value)));
  }

  private Loaded depth(
      PictureSource source,
      List<String> items,
      DomainSpec spec,
      int stored,
      Augmentation augmentation) {
    List<float[]> maps = new ArrayList<>();
    List<String> files = new ArrayList<>();
    PictureView view = spec.view();
    long[] histogram = new long[65536];
    int[] size = null;
    int bits = 0;
    for (String item : items) {
      String label = source.label(item, view);
      try {
        RawImage raw =
            source.note(item).turn(decoder.decode(source.read(item, view), label), label);
        if (bits != 0 && raw.bits() != bits) {
          throw new InputException(
              label + ": has " + raw.bits() + " bits, the depth maps before it " + bits);
        }
        DepthMap map = DepthMap.of(raw, label);
        bits = raw.bits();
        if (size == null) {
          size = size(spec, items.size(), stored, map.height(), map.width());
        }
        Resize.Window window = Resize.Window.centred(map.height(), map.width(), size[0], size[1]);
        maps.add(Resize.plane(map.values(), 0, map.width(), window, size[0], size[1]));
        map.count(histogram);
        files.add(label);
      } catch (MissingDecoderException e) {
        throw e;
      } catch (InputException e) {
        bad.add(BadFile.of(label, e));
      }
    }
    requireSome(spec, items, maps);
    int low = view.low() >= 0 ? view.low() : DepthMap.quantile(histogram, CLIPPED);
    int high = view.low() >= 0 ? view.high() : DepthMap.quantile(histogram, 1 - CLIPPED);
    if (low >= high) {
      throw new InputException(
          "domain '"
              + spec.text()
              + "': nearly all depths are "
              + low
              + "; no range to map: give one with range=LOW-HIGH");
    }
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      float[] map = maps.set(i, null);
      byte[] image = new byte[map.length];
      for (int j = 0; j < image.length; j++) {
        image[j] = level((map[j] - low) * 255f / (high - low));
      }
      images.add(image);
    }
    Shape shape = Shape.of(1, size[0], size[1]);
    return new Loaded(ImageSet.ofImages(shape, images), files, augmentation, low, high);
  }

  private void requireSome(DomainSpec spec, List<String> items, List<?> images) {
    if (images.isEmpty()) {
      throw new InputException(
          "domain '"
              + spec.text()
              + "': none of its "
              + items.size()
              + " files can be used; the first: "
              + bad.get(bad.size() - items.size()));
    }
  }
}
