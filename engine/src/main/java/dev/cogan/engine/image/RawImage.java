package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;

/**
 * A decoded picture: unsigned samples of 8 or 16 bits, plane after plane.
 *
 * @param channels 1 grey, 2 grey and alpha, 3 red green blue, 4 the same and alpha
 * @param height rows
 * @param width columns
 * @param bits 8 or 16; a sample is 0 to 255 or 0 to 65535
 * @param samples {@code [channels, height, width]}
 */
public record RawImage(int channels, int height, int width, int bits, char[] samples) {

  /** No picture that a data set needs is larger. */
  public static final int MAX_PIXELS = 1 << 26;

  /** Checks that the sizes belong together. */
  public RawImage {
    if (channels < 1
        || channels > 4
        || height < 1
        || width < 1
        || bits != 8 && bits != 16
        || (long) channels * height * width != samples.length) {
      throw new IllegalArgumentException(
          channels + "x" + height + "x" + width + " at " + bits + " bits: " + samples.length);
    }
  }

  /**
   * Refuses sizes from a header that are not sensible or that the heap should not be asked for.
   *
   * @throws InputException if there are too many pixels
   */
  public static void requireSize(String name, long height, long width, int channels) {
    if (height < 1 || width < 1) {
      throw new InputException(name + ": has no pixels: " + width + " x " + height);
    }
    if (height > MAX_PIXELS || width > MAX_PIXELS || height * width > MAX_PIXELS) {
      throw new InputException(
          name + ": " + width + " x " + height + " pixels, at most " + MAX_PIXELS + " are read");
    }
    // The samples here, the decoder's own picture, and the copy that the resizing makes.
    long bytes = height * width * channels * 8;
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap / 2) {
      throw new InputException(
          name
              + ": "
              + width
              + " x "
              + height
              + " pixels need about "
              + (bytes >> 20)
              + " MiB, the heap has "
              + (heap >> 20));
    }
  }

  /** Whether there is a plane of alpha, the last one. */
  public boolean hasAlpha() {
    return channels == 2 || channels == 4;
  }

  /** Largest value of a sample. */
  public int max() {
    return bits == 8 ? 255 : 65535;
  }

  /** One sample. */
  public int sample(int channel, int y, int x) {
    return samples[(channel * height + y) * width + x];
  }

  /**
   * The picture without alpha.
   *
   * @param alpha what a transparent pixel becomes
   */
  public RawImage opaque(Alpha alpha) {
    if (!hasAlpha()) {
      return this;
    }
    int plane = height * width;
    int colours = channels - 1;
    char[] result = new char[colours * plane];
    long max = max();
    long ground = alpha == Alpha.WHITE ? max : 0;
    for (int c = 0; c < colours; c++) {
      for (int i = 0; i < plane; i++) {
        long value = samples[c * plane + i];
        if (alpha != Alpha.DROP) {
          long a = samples[colours * plane + i];
          value = (value * a + ground * (max - a) + max / 2) / max;
        }
        result[c * plane + i] = (char) value;
      }
    }
    return new RawImage(colours, height, width, bits, result);
  }

  /** What becomes of transparency. */
  public enum Alpha {
    /** Laid on white, as a page would show it. */
    WHITE,
    /** Laid on black. */
    BLACK,
    /** Ignored: the colour below is taken as it is. */
    DROP
  }
}
