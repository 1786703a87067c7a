package dev.cogan.engine.metric;

import dev.cogan.engine.tensor.Tensor;
import java.util.Locale;

/**
 * The paper's pixel agreement ratio: g1(z) is turned into domain 2 by the operator that made the
 * data of domain 2, and compared with g2(z). The paper does not say when grey values agree, so
 * three readings are kept: both on the same side of 0.5 (the primary one), closer than 0.1, and one
 * minus the mean distance.
 *
 * <p>Two generators that paint nothing agree perfectly: the ratio means something only beside
 * chance and a look at the pictures.
 */
public final class PixelAgreement {
  private static final float THRESHOLD = 0.5f;
  private static final float CLOSE = 0.1f;

  private long pixels;
  private long sameSide;
  private long close;
  private double distance;

  /** Nothing compared yet. */
  public PixelAgreement() {}

  /**
   * Compares pixel by pixel.
   *
   * @param expected images in [0, 1]
   * @param actual images of the same shape
   */
  public void add(Tensor expected, Tensor actual) {
    if (!expected.shape().equals(actual.shape())) {
      throw new IllegalArgumentException(
          "pixel agreement of " + expected.shape() + " with " + actual.shape());
    }
    for (int i = 0; i < expected.count(); i++) {
      float a = expected.get(i);
      float b = actual.get(i);
      float d = Math.abs(a - b);
      if (a > THRESHOLD == b > THRESHOLD) {
        sameSide++;
      }
      if (d <= CLOSE) {
        close++;
      }
      distance += d;
    }
    pixels += expected.count();
  }

  /** Pixels compared. */
  public long pixels() {
    return pixels;
  }

  /** Share of pixels on the same side of 0.5. */
  public double binarised() {
    return (double) sameSide / pixels;
  }

  /** Share of pixels that differ by at most 0.1. */
  public double within() {
    return (double) close / pixels;
  }

  /** One minus the mean absolute difference. */
  public double oneMinusDistance() {
    return 1 - distance / pixels;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.3f (|d| <= 0.1: %.3f, 1 - MAE: %.3f)",
        binarised(),
        within(),
        oneMinusDistance());
  }
}
