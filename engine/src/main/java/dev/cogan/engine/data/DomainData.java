package dev.cogan.engine.data;

import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import java.util.zip.CRC32;

/** The real images of one domain: some or all images of a source, with its transform applied. */
public final class DomainData {
  private final String name;
  private final String spec;
  private final ImageSet images;
  private final int[] indices;
  private final Augmentation augmentation;
  private final Shape shape;

  /**
   * All images of a set.
   *
   * @param name the domain: a, b, c, ...
   * @param spec what the images are, for people and for a checkpoint's metadata
   */
  public DomainData(String name, String spec, ImageSet images) {
    this(name, spec, images, null, null);
  }

  /** The images with these indices, or all of them if {@code indices} is {@code null}. */
  DomainData(String name, String spec, ImageSet images, int[] indices) {
    this(name, spec, images, indices, null);
  }

  /**
   * The same, cut out of the images as {@code augmentation} says, unless it is {@code null}.
   *
   * @throws IllegalArgumentException if the images are too small for that
   */
  DomainData(String name, String spec, ImageSet images, int[] indices, Augmentation augmentation) {
    this.name = name;
    this.spec = spec;
    this.images = images;
    this.indices = indices;
    this.augmentation = augmentation;
    Shape stored = images.shape();
    this.shape =
        augmentation == null
            ? stored
            : Shape.of(stored.size(0), augmentation.height(), augmentation.width());
    if (shape.size(1) > stored.size(1) || shape.size(2) > stored.size(2)) {
      throw new IllegalArgumentException("cannot cut " + shape + " out of " + stored);
    }
  }

  /** The domain: a, b, c, ... */
  public String name() {
    return name;
  }

  /** The text that described it, for example {@code mnist:edge}. */
  public String spec() {
    return spec;
  }

  /** Shape of one image, {@code [channels, height, width]}. */
  public Shape shape() {
    return shape;
  }

  /** Number of images. */
  public int count() {
    return indices == null ? images.count() : indices.length;
  }

  /** Whether training varies the images by chance. */
  public boolean isAugmented() {
    return augmentation != null && augmentation.isRandom();
  }

  /** Whether training mirrors half of the images. */
  public boolean isMirrored() {
    return augmentation != null && augmentation.mirror();
  }

  /** Bytes of memory that the images take, those of other domains from the same file included. */
  public long bytes() {
    return images.bytes();
  }

  /** Copies image {@code index} to {@code dest} from {@code offset} on, values in [0, 1]. */
  public void fill(float[] dest, int offset, int index) {
    int image = indices == null ? index : indices[index];
    if (augmentation == null) {
      images.copyTo(image, dest, offset);
      return;
    }
    Shape stored = images.shape();
    int top = (stored.size(1) - shape.size(1)) / 2;
    int left = (stored.size(2) - shape.size(2)) / 2;
    images.copyWindow(image, dest, offset, top, left, shape, false);
  }

  /**
   * As {@link #fill}, varied by chance as the domain wants it.
   *
   * @param random gives the cut and the mirroring: three numbers, if the domain is augmented
   */
  void fillRandom(float[] dest, int offset, int index, RandomStream random) {
    if (!isAugmented()) {
      fill(dest, offset, index);
      return;
    }
    Shape stored = images.shape();
    int down = stored.size(1) - shape.size(1);
    int across = stored.size(2) - shape.size(2);
    int top = random.nextInt(down + 1);
    int left = random.nextInt(across + 1);
    boolean mirrored = random.nextInt(2) == 1 && augmentation.mirror();
    if (!augmentation.crop()) {
      top = down / 2;
      left = across / 2;
    }
    int image = indices == null ? index : indices[index];
    images.copyWindow(image, dest, offset, top, left, shape, mirrored);
  }

  /**
   * The CRC-32 of all images, whole and in their order: with {@link #count} and {@link #shape} it
   * tells whether these are the images of another time, whatever place they come from. Reads all of
   * them, about a gigabyte per second.
   */
  public long checksum() {
    CRC32 checksum = new CRC32();
    for (int i = 0; i < count(); i++) {
      images.addTo(checksum, indices == null ? i : indices[i]);
    }
    return checksum.getValue();
  }

  /** Whether the images have labels. */
  public boolean hasLabels() {
    return images.hasLabels();
  }

  /**
   * The label of image {@code index}, 0 to 255.
   *
   * @throws IllegalStateException if there are none
   */
  public int label(int index) {
    return images.label(indices == null ? index : indices[index]);
  }

  /** For example {@code b (mnist:edge): 30000 images [1, 28, 28]}. */
  @Override
  public String toString() {
    return name + " (" + spec + "): " + count() + " images " + shape();
  }
}
