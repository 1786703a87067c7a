package dev.cogan.engine.metric;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * Turns images into the vectors in which sets of images are compared (Frechet distance, precision
 * and recall, diversity), and, if it is a classifier, names their classes.
 *
 * <p>An instance owns memory and serves one caller at a time.
 */
public interface FeatureExtractor {

  /** What it is, for every result: kind, what it was trained on, checksum or seed. */
  String name();

  /** Shape of the images that it takes, {@code [channels, height, width]}. */
  Shape image();

  /** Length of a feature vector. */
  int features();

  /** Number of classes; 0 if it names none. */
  int classes();

  /**
   * Features and classes of images.
   *
   * @param images {@code [n, channels, height, width]}
   */
  Features extract(Tensor images);
}
