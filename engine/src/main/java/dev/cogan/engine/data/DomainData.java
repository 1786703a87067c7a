package dev.cogan.engine.data;

import dev.cogan.engine.tensor.Shape;

/** The real images of one domain: some or all images of a source, with its transform applied. */
public final class DomainData {
  private final String name;
  private final String spec;
  private final ImageSet images;
  private final int[] indices;

  /**
   * All images of a set.
   *
   * @param name the domain: a, b, c, ...
   * @param spec what the images are, for people and for a checkpoint's metadata
   */
  public DomainData(String name, String spec, ImageSet images) {
    this(name, spec, images, null);
  }

  /** The images with these indices, or all of them if {@code indices} is {@code null}. */
  DomainData(String name, String spec, ImageSet images, int[] indices) {
    this.name = name;
    this.spec = spec;
    this.images = images;
    this.indices = indices;
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
    return images.shape();
  }

  /** Number of images. */
  public int count() {
    return indices == null ? images.count() : indices.length;
  }

  /** Copies image {@code index} to {@code dest} from {@code offset} on, values in [0, 1]. */
  public void fill(float[] dest, int offset, int index) {
    images.copyTo(indices == null ? index : indices[index], dest, offset);
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
