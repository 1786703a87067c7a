package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;

/** Takes apart the rows of a PNG into samples. */
final class PngPixels {
  private final String name;
  private final int channels;
  private final int height;
  private final int width;
  private final int depth;
  private final int colour;
  private final byte[] palette;
  private final byte[] transparency;
  private final char[] samples;
  private final int plane;

  PngPixels(
      String name,
      int channels,
      int height,
      int width,
      int depth,
      int colour,
      byte[] palette,
      byte[] transparency) {
    this.name = name;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.depth = depth;
    this.colour = colour;
    this.palette = palette;
    this.transparency = transparency;
    this.plane = height * width;
    this.samples = new char[channels * plane];
  }

  RawImage image() {
    return new RawImage(channels, height, width, depth == 16 ? 16 : 8, samples);
  }

  /** The {@code count} pixels of a row, to columns {@code x0, x0 + dx, ...}. */
  void put(byte[] row, int count, int y, int x0, int dx) {
    int perPixel = colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1;
    for (int i = 0; i < count; i++) {
      int to = y * width + x0 + i * dx;
      if (colour == 3) {
        putPaletteEntry(value(row, i), to);
        continue;
      }
      boolean keyed = transparency != null;
      for (int c = 0; c < perPixel; c++) {
        int value = value(row, i * perPixel + c);
        keyed &= value == key(c);
        samples[c * plane + to] = (char) (depth < 8 ? value * 255 / ((1 << depth) - 1) : value);
      }
      if (transparency != null) {
        int opaque = depth == 16 ? 65535 : 255;
        samples[perPixel * plane + to] = (char) (keyed ? 0 : opaque);
      }
    }
  }

  private int key(int c) {
    return transparency == null
        ? -1
        : (transparency[2 * c] & 0xff) << 8 | transparency[2 * c + 1] & 0xff;
  }

  private int value(byte[] row, int index) {
    if (depth == 16) {
      return (row[2 * index] & 0xff) << 8 | row[2 * index + 1] & 0xff;
    }
    if (depth == 8) {
      return row[index] & 0xff;
    }
    int perByte = 8 / depth;
    int shift = (perByte - 1 - index % perByte) * depth;
    return (row[index / perByte] & 0xff) >> shift & (1 << depth) - 1;
  }

  private void putPaletteEntry(int entry, int to) {
    if (3 * entry >= palette.length) {
      throw new InputException(
          name + ": corrupt PNG: colour " + entry + " of a palette of " + palette.length / 3);
    }
    for (int c = 0; c < 3; c++) {
      samples[c * plane + to] = (char) (palette[3 * entry + c] & 0xff);
    }
    if (transparency != null) {
      int alpha = entry < transparency.length ? transparency[entry] & 0xff : 255;
      samples[3 * plane + to] = (char) alpha;
    }
  }
}
