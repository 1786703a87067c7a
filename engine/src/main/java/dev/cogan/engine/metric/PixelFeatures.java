package dev.cogan.engine.metric;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * Features for images that no classifier is at hand for: the means of 8x8 blocks of each channel,
 * in 0 to 1. They see colours, light and coarse shape, but no detail; a Frechet distance of them
 * compares with nothing but itself.
 */
public final class PixelFeatures implements FeatureExtractor {
  private static final int GRID = 8;

  private final Shape image;
  private final int rows;
  private final int columns;

  /** For images {@code [channels, height, width]}; smaller ones than 8x8 keep their pixels. */
  public PixelFeatures(Shape image) {
    this.image = image;
    rows = Math.min(GRID, image.size(1));
    columns = Math.min(GRID, image.size(2));
  }

  @Override
  public String name() {
    return "pixels (means of " + rows + "x" + columns + " blocks)";
  }

  @Override
  public Shape image() {
    return image;
  }

  @Override
  public int features() {
    return image.size(0) * rows * columns;
  }

  @Override
  public int classes() {
    return 0;
  }

  @Override
  public Features extract(Tensor images) {
    if (images.shape().rank() != 4 || !images.shape().dropFirst().equals(image)) {
      throw new IllegalArgumentException(
          name() + " takes images of " + image + ", got " + images.shape());
    }
    int height = image.size(1);
    int width = image.size(2);
    int planes = images.size(0) * image.size(0);
    float[] values = new float[planes * rows * columns];
    for (int p = 0; p < planes; p++) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          int top = r * height / rows;
          int bottom = (r + 1) * height / rows;
          int left = c * width / columns;
          int right = (c + 1) * width / columns;
          double sum = 0;
          for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
              sum += images.get((p * height + y) * width + x);
            }
          }
          values[(p * rows + r) * columns + c] = (float) (sum / ((bottom - top) * (right - left)));
        }
      }
    }
    return new Features(values, images.size(0), features(), null);
  }
}
