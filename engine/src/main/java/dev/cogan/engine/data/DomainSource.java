package dev.cogan.engine.data;

import java.nio.file.Path;

/**
 * Where the images of a domain come from. Two domains with equal sources share the images, and each
 * gets a part of its own.
 *
 * @param kind {@code mnist} or {@code idx}
 * @param location for {@code idx} the absolute, normalised path of the file; otherwise empty
 */
public record DomainSource(String kind, String location) {
  /** The MNIST training images. */
  static final String MNIST = "mnist";

  /** A file in IDX format. */
  static final String IDX = "idx";

  /** The file of an {@code idx} source. */
  public Path path() {
    return Path.of(location);
  }
}
