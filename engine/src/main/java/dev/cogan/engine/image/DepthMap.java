package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;

/**
 * Distances in a picture's own unit. In 16-bit files 0 and 65535 mean that the camera saw nothing;
 * such holes are filled from their border inwards, each pixel with the mean of the up to eight
 * neighbours that were there one ring before. In 8-bit files every value is a distance.
 */
public final class DepthMap {
  private static final int MISSING_HIGH = 65535;

  private final int height;
  private final int width;
  private final float[] values;
  private final boolean[] known;
  private final int missing;

  private DepthMap(int height, int width, float[] values, boolean[] known, int missing) {
    this.height = height;
    this.width = width;
    this.values = values;
    this.known = known;
    this.missing = missing;
  }

  /**
   * Takes the distances out of a picture.
   *
   * @param name what messages call it
   * @throws InputException if it has colour or transparency, or nothing but holes
   */
  public static DepthMap of(RawImage image, String name) {
    if (image.channels() != 1) {
      throw new InputException(
          name + ": a depth map has one channel, this picture has " + image.channels());
    }
    int n = image.height() * image.width();
    float[] values = new float[n];
    boolean[] known = new boolean[n];
    int missing = 0;
    for (int i = 0; i < n; i++) {
      int value = image.samples()[i];
      values[i] = value;
      known[i] = image.bits() == 8 || value != 0 && value != MISSING_HIGH;
      missing += known[i] ? 0 : 1;
    }
    if (missing == n) {
      throw new InputException(name + ": a depth map with nothing but holes (0 and 65535)");
    }
    DepthMap map = new DepthMap(image.height(), image.width(), values, known, missing);
    if (missing > 0) {
      map.fill();
    }
    return map;
  }

  /** Each pixel is looked at a bounded number of times, however large a hole is. */
  private void fill() {
    boolean[] filled = known.clone();
    boolean[] queued = new boolean[filled.length];
    int[] ring = new int[missing];
    int size = 0;
    for (int i = 0; i < filled.length; i++) {
      if (!filled[i] && mean(filled, i) >= 0) {
        ring[size++] = i;
        queued[i] = true;
      }
    }
    int[] next = new int[missing];
    float[] means = new float[missing];
    while (size > 0) {
      for (int i = 0; i < size; i++) {
        means[i] = mean(filled, ring[i]);
      }
      for (int i = 0; i < size; i++) {
        values[ring[i]] = means[i];
        filled[ring[i]] = true;
      }
      int nextSize = 0;
      for (int i = 0; i < size; i++) {
        int y = ring[i] / width;
        int x = ring[i] % width;
        for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
          for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
            int at = v * width + u;
            if (!filled[at] && !queued[at]) {
              queued[at] = true;
              next[nextSize++] = at;
            }
          }
        }
      }
      int[] swap = ring;
      ring = next;
      next = swap;
      size = nextSize;
    }
  }

  /** Mean of the filled neighbours, or -1 if there is none. */
  private float mean(boolean[] filled, int at) {
    int y = at / width;
    int x = at % width;
    float sum = 0;
    int count = 0;
    for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        if (filled[v * width + u]) {
          sum += values[v * width + u];
          count++;
        }
      }
    }
    return count == 0 ? -1 : sum / count;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Distances with holes filled, {@code [height, width]}; not a copy. */
  public float[] values() {
    return values;
  }

  /** Number of pixels that were holes. */
  public int missing() {
    return missing;
  }

  /**
   * Counts the distances that the file itself has.
   *
   * @param histogram one counter for each of the 65,536 values
   */
  public void count(long[] histogram) {
    for (int i = 0; i < values.length; i++) {
      if (known[i]) {
        histogram[(int) values[i]]++;
      }
    }
  }

  /**
   * The smallest value of which at least the share {@code q} of all counted ones is not larger.
   *
   * @param histogram counters by value
   */
  public static int quantile(long[] histogram, double q) {
    long total = 0;
    for (long count : histogram) {
      total += count;
    }
    long seen = 0;
    for (int value = 0; value < histogram.length; value++) {
      seen += histogram[value];
      if (seen > 0 && seen >= q * total) {
        return value;
      }
    }
    return histogram.length - 1;
  }
}
