package dev.cogan.engine.image;

/**
 * Cuts a rectangle out of a picture and brings it to another size: where it shrinks, each new pixel
 * is the average of the area that it covers; where it grows, values between pixels' centres are
 * interpolated linearly. Rows first, then columns, in float.
 */
public final class Resize {
  private Resize() {}

  /** A rectangle of a picture, in pixels. */
  public record Window(int top, int left, int height, int width) {

    /** The largest rectangle of the aspect {@code height : width} in the middle of a picture. */
    public static Window centred(int imageHeight, int imageWidth, int height, int width) {
      long byHeight = ((long) imageHeight * width + height / 2) / height;
      int w = (int) Math.max(1, Math.min(imageWidth, byHeight));
      long byWidth = ((long) imageWidth * height + width / 2) / width;
      int h = (int) Math.max(1, Math.min(imageHeight, byWidth));
      return new Window((imageHeight - h) / 2, (imageWidth - w) / 2, h, w);
    }
  }

  /**
   * One plane of a picture.
   *
   * @param plane {@code [height, width]} from {@code offset} on
   * @param width of the whole plane
   * @return {@code [toHeight, toWidth]}
   */
  public static float[] plane(
      float[] plane, int offset, int width, Window window, int toHeight, int toWidth) {
    float[][] across = weights(window.width, toWidth);
    int[] firstAcross = firsts(window.width, toWidth);
    float[] rows = new float[window.height * toWidth];
    for (int y = 0; y < window.height; y++) {
      int from = offset + (window.top + y) * width + window.left;
      for (int x = 0; x < toWidth; x++) {
        float sum = 0;
        float[] w = across[x];
        for (int i = 0; i < w.length; i++) {
          sum += w[i] * plane[from + firstAcross[x] + i];
        }
        rows[y * toWidth + x] = sum;
      }
    }
    float[][] down = weights(window.height, toHeight);
    int[] firstDown = firsts(window.height, toHeight);
    float[] result = new float[toHeight * toWidth];
    for (int y = 0; y < toHeight; y++) {
      float[] w = down[y];
      for (int i = 0; i < w.length; i++) {
        int from = (firstDown[y] + i) * toWidth;
        for (int x = 0; x < toWidth; x++) {
          result[y * toWidth + x] += w[i] * rows[from + x];
        }
      }
    }
    return result;
  }

  private static int[] firsts(int from, int to) {
    int[] firsts = new int[to];
    for (int i = 0; i < to; i++) {
      firsts[i] = to < from ? (int) ((long) i * from / to) : left(from, to, i);
    }
    return firsts;
  }

  private static double centre(int from, int to, int i) {
    return Math.max(0, Math.min(from - 1, (i + 0.5) * from / to - 0.5));
  }

  private static int left(int from, int to, int i) {
    return (int) centre(from, to, i);
  }

  private static float[][] weights(int from, int to) {
    float[][] weights = new float[to][];
    for (int i = 0; i < to; i++) {
      if (to >= from) {
        double centre = centre(from, to, i);
        int left = (int) centre;
        float right = (float) (centre - left);
        weights[i] = right == 0 ? new float[] {1f} : new float[] {1 - right, right};
        continue;
      }
      double begin = (double) i * from / to;
      double end = (double) (i + 1) * from / to;
      int first = (int) ((long) i * from / to);
      int last = (int) Math.min(from - 1, ((long) (i + 1) * from - 1) / to);
      weights[i] = new float[last - first + 1];
      for (int j = first; j <= last; j++) {
        double covered = Math.min(end, j + 1) - Math.max(begin, j);
        weights[i][j - first] = (float) (Math.max(0, covered) / (end - begin));
      }
    }
    return weights;
  }
}
