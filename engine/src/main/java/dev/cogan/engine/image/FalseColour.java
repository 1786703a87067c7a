package dev.cogan.engine.image;

import dev.cogan.engine.tensor.Tensor;

/**
 * Shows a single channel in colours whose brightness rises evenly from dark violet (0, near) over
 * green to yellow (1, far): ten stops of the table "viridis" with straight lines between them.
 */
public final class FalseColour {
  private static final int[] STOPS = {
    0x440154, 0x482878, 0x3e4a89, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6dcd59, 0xb4de2c,
    0xfde725
  };

  private FalseColour() {}

  /**
   * Colours a batch.
   *
   * @param images {@code [n, 1, height, width]}; values beyond [0, 1] are clamped, NaN is 0
   * @return {@code [n, 3, height, width]} in [0, 1]
   */
  public static Tensor of(Tensor images) {
    if (images.shape().rank() != 4 || images.size(1) != 1) {
      throw new IllegalArgumentException("expected images [n, 1, h, w], got " + images.shape());
    }
    int n = images.size(0);
    int plane = images.size(2) * images.size(3);
    Tensor result = Tensor.zeros(n, 3, images.size(2), images.size(3));
    for (int i = 0; i < n; i++) {
      for (int p = 0; p < plane; p++) {
        float value = images.get(i * plane + p);
        for (int c = 0; c < 3; c++) {
          result.set((i * 3 + c) * plane + p, channel(value, c));
        }
      }
    }
    return result;
  }

  /** One channel (0 red, 1 green, 2 blue) of the colour of a value. */
  static float channel(float value, int channel) {
    float place = value > 0 ? Math.min(1, value) * (STOPS.length - 1) : 0;
    int left = Math.min(STOPS.length - 2, (int) place);
    int shift = 16 - 8 * channel;
    float a = STOPS[left] >> shift & 0xff;
    float b = STOPS[left + 1] >> shift & 0xff;
    return (a + (place - left) * (b - a)) / 255f;
  }
}
