package dev.cogan.engine.data;

import dev.cogan.engine.image.Resize;
import dev.cogan.engine.tensor.Shape;

/**
 * Pads an image with black and resizes it: bilinearly where it grows, pixel centres at half numbers
 * (PyTorch's {@code interpolate} with {@code align_corners=False}), and to the average of the area
 * that each pixel covers where it shrinks. USPS's 16x16 digits fill their box, so three pixels per
 * side make them as large in theirs as MNIST's are.
 *
 * @param pad pixels added per side
 * @param side height and width of the result
 */
public record PadResize(int pad, int side) implements ImageTransform {

  /** Checks the ranges. */
  public PadResize {
    if (pad < 0 || pad > 1024 || side < 1 || side > 4096) {
      throw new IllegalArgumentException(
          "pad must be 0 to 1024 and side 1 to 4096, got " + pad + " and " + side);
    }
  }

  @Override
  public String name() {
    return "pad " + pad + ", resize " + side;
  }

  @Override
  public Shape outputShape(Shape shape) {
    return Shape.of(shape.size(0), side, side);
  }

  @Override
  public boolean keepsBytes() {
    return false;
  }

  @Override
  public void apply(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset) {
    int height = shape.size(1);
    int width = shape.size(2);
    if (height + 2 * pad > side || width + 2 * pad > side) {
      shrink(src, srcOffset, shape, dest, destOffset);
      return;
    }
    for (int c = 0; c < shape.size(0); c++) {
      int from = srcOffset + c * height * width;
      for (int y = 0; y < side; y++) {
        double sy = position(y, height + 2 * pad);
        for (int x = 0; x < side; x++) {
          double sx = position(x, width + 2 * pad);
          int y0 = (int) sy;
          int x0 = (int) sx;
          double fy = sy - y0;
          double fx = sx - x0;
          double top = at(src, from, height, width, y0, x0) * (1 - fx);
          top += at(src, from, height, width, y0, x0 + 1) * fx;
          double low = at(src, from, height, width, y0 + 1, x0) * (1 - fx);
          low += at(src, from, height, width, y0 + 1, x0 + 1) * fx;
          dest[destOffset + (c * side + y) * side + x] = (float) (top * (1 - fy) + low * fy);
        }
      }
    }
  }

  private void shrink(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset) {
    int height = shape.size(1);
    int width = shape.size(2);
    int padded = width + 2 * pad;
    float[] plane = new float[(height + 2 * pad) * padded];
    for (int c = 0; c < shape.size(0); c++) {
      for (int y = 0; y < height; y++) {
        int from = srcOffset + (c * height + y) * width;
        System.arraycopy(src, from, plane, (y + pad) * padded + pad, width);
      }
      Resize.Window all = new Resize.Window(0, 0, height + 2 * pad, padded);
      float[] small = Resize.plane(plane, 0, padded, all, side, side);
      System.arraycopy(small, 0, dest, destOffset + c * side * side, small.length);
    }
  }

  private double position(int i, int padded) {
    return Math.max(0, (i + 0.5) * padded / side - 0.5);
  }

  /** Of the padded image; beyond its border the border repeats. */
  private float at(float[] src, int from, int height, int width, int y, int x) {
    int row = Math.min(y, height + 2 * pad - 1) - pad;
    int column = Math.min(x, width + 2 * pad - 1) - pad;
    boolean inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? src[from + row * width + column] : 0f;
  }
}
