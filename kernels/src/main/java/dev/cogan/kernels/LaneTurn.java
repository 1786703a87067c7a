package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.LANES;

/**
 * Turns planes of images round, so that the same pixel of as many planes as a vector has lanes lies
 * side by side: {@code turned[pixel * thick + lane] = plane[lane][pixel]}, and back. Plain loops:
 * shuffles of vectors took twice as long (JDK 17).
 */
final class LaneTurn {
  /** Pixels that are turned together: they stay in the nearest cache. */
  private static final int RUN = 16;

  private LaneTurn() {}

  /**
   * Planes into lanes.
   *
   * @param distance floats from one plane to the next
   * @param planes how many there are; lanes beyond become zeros
   * @param thick floats from one pixel to the next in {@code turned}
   */
  static void toLanes(
      float[] src,
      int off,
      int distance,
      int planes,
      int pixels,
      float[] turned,
      int turnedOff,
      int thick) {
    // Kept in a place that is written again: otherwise the compiler would leave it out.
    turned[turnedOff] = touch(src, off, distance, planes, pixels);
    for (int pixel = 0; pixel < pixels; pixel += RUN) {
      int count = Math.min(RUN, pixels - pixel);
      int to = turnedOff + pixel * thick;
      int lane = 0;
      for (; lane <= planes - 4; lane += 4) {
        four(src, off + lane * distance + pixel, distance, count, turned, to + lane, thick);
      }
      for (; lane < LANES; lane++) {
        int from = off + lane * distance + pixel;
        for (int i = 0; i < count; i++) {
          turned[to + lane + i * thick] = lane < planes ? src[from + i] : 0f;
        }
      }
    }
  }

  /**
   * Reads a float of every vector, plane after plane, and so brings them near: the hardware
   * foresees that order, and can have many of them on their way at a time. Without it most of the
   * time is spent waiting, for sixteen places in turn.
   */
  private static float touch(float[] src, int off, int distance, int planes, int pixels) {
    float sum = 0f;
    for (int plane = 0; plane < planes; plane++) {
      int from = off + plane * distance;
      for (int i = 0; i < pixels; i += LANES) {
        sum += src[from + i];
      }
    }
    return sum;
  }

  private static void four(
      float[] src, int from, int distance, int count, float[] dst, int to, int thick) {
    for (int i = 0; i < count; i++) {
      int d = to + i * thick;
      int s = from + i;
      dst[d] = src[s];
      dst[d + 1] = src[s + distance];
      dst[d + 2] = src[s + 2 * distance];
      dst[d + 3] = src[s + 3 * distance];
    }
  }

  /** Lanes into planes, {@code add} added to every pixel. */
  static void toPlanes(
      float[] turned,
      int turnedOff,
      int thick,
      float[] dst,
      int off,
      int distance,
      int planes,
      int pixels,
      float add) {
    for (int pixel = 0; pixel < pixels; pixel += RUN) {
      int count = Math.min(RUN, pixels - pixel);
      for (int lane = 0; lane < planes; lane++) {
        int from = turnedOff + pixel * thick + lane;
        int to = off + lane * distance + pixel;
        for (int i = 0; i < count; i++) {
          dst[to + i] = turned[from + i * thick] + add;
        }
      }
    }
  }
}
