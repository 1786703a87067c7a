package dev.cogan.engine.transform;

/**
 * The z found for an image x.
 *
 * @param z the best point of all searches
 * @param residual root of the mean squared difference per pixel between g(z) and x, in the units of
 *     the pixels
 * @param explained part of the image's variation that g(z) explains: 1 minus the squared error over
 *     the squared deviation of x from its own mean; 1 is a perfect copy, 0 no better than a flat
 *     picture
 * @param iterations steps of the best search
 */
public record Inversion(float[] z, double residual, double explained, int iterations) {
  /**
   * Below this the image is said not to be covered by the generator. Real test digits of a trained
   * digits model lie above it, pictures of other things below (docs/results/transform.md).
   */
  public static final double COVERED = 0.85;

  /** Whether the generator can paint the image; otherwise its other domains mean little. */
  public boolean covered() {
    return explained >= COVERED;
  }
}
