package dev.cogan.engine.adapt;

import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;

/**
 * Turns, scales, shears and shifts images at random, each a little differently: bilinear, black
 * beyond the border. At strength 1 by up to 10 degrees, 10 % (each axis), 0.2 pixels per pixel and
 * 2 pixels; at other strengths by that many times as much.
 */
public final class AffineJitter implements ImageTransform {
  private static final double TURN = Math.toRadians(10);
  private static final double SCALE = 0.1;
  private static final double SHEAR = 0.2;
  private static final double SHIFT = 2;

  private final double strength;
  private final RandomStream random;
  private float[] copy = new float[0];

  /**
   * @param strength 0 or more
   * @param random seven numbers of it change one image
   */
  public AffineJitter(double strength, RandomStream random) {
    this.strength = strength;
    this.random = random;
  }

  @Override
  public String name() {
    return "jitter " + strength;
  }

  @Override
  public Shape outputShape(Shape shape) {
    return shape;
  }

  @Override
  public boolean keepsBytes() {
    return false;
  }

  /** Changes {@code count} images in place. */
  void apply(float[] images, Shape shape, int count) {
    if (copy.length != shape.count()) {
      copy = new float[shape.count()];
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(images, i * copy.length, copy, 0, copy.length);
      apply(copy, 0, shape, images, i * copy.length);
    }
  }

  @Override
  public void apply(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset) {
    final double turn = draw(TURN);
    final double cos = StrictMath.cos(turn);
    final double sin = StrictMath.sin(turn);
    final double scaleX = 1 + draw(SCALE);
    final double scaleY = 1 + draw(SCALE);
    final double shear = draw(SHEAR);
    final double shiftX = draw(SHIFT);
    final double shiftY = draw(SHIFT);
    int height = shape.size(1);
    int width = shape.size(2);
    double middleY = (height - 1) / 2.0;
    double middleX = (width - 1) / 2.0;
    for (int c = 0; c < shape.size(0); c++) {
      int from = srcOffset + c * height * width;
      int to = destOffset + c * height * width;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double v = (y - middleY) * scaleY;
          double u = (x - middleX) * scaleX + shear * v;
          double sx = cos * u - sin * v + middleX + shiftX;
          double sy = sin * u + cos * v + middleY + shiftY;
          dest[to + y * width + x] = at(src, from, height, width, sy, sx);
        }
      }
    }
  }

  private double draw(double most) {
    return (2 * random.nextDouble() - 1) * most * strength;
  }

  private static float at(float[] src, int from, int height, int width, double y, double x) {
    int y0 = (int) Math.floor(y);
    int x0 = (int) Math.floor(x);
    double fy = y - y0;
    double fx = x - x0;
    double top = pixel(src, from, height, width, y0, x0) * (1 - fx);
    top += pixel(src, from, height, width, y0, x0 + 1) * fx;
    double low = pixel(src, from, height, width, y0 + 1, x0) * (1 - fx);
    low += pixel(src, from, height, width, y0 + 1, x0 + 1) * fx;
    return (float) (top * (1 - fy) + low * fy);
  }

  private static float pixel(float[] src, int from, int height, int width, int y, int x) {
    boolean inside = y >= 0 && x >= 0 && y < height && x < width;
    return inside ? src[from + y * width + x] : 0f;
  }
}
