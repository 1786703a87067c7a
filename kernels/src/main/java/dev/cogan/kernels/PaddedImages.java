package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import java.util.Arrays;

/**
 * A copy of the images with their padding. With few channels the copy is small, and it saves the
 * test of every tap against the image's border; with many channels that test is shared by all of
 * them and the copy would cost more.
 */
final class PaddedImages {
  private static final int FEW_CHANNELS = 4;

  private final Workers workers;
  private float[] copy = new float[0];

  PaddedImages(Workers workers) {
    this.workers = workers;
  }

  boolean pays(ConvShape s) {
    return s.pad() > 0 && s.cin() <= FEW_CHANNELS;
  }

  /**
   * The large side with {@code pad} zeros on every side, {@code [n, cin, h + 2*pad, w + 2*pad]}.
   */
  float[] copy(ConvShape s, float[] x, int xOff) {
    int pad = s.pad();
    int h = s.h() + 2 * pad;
    int w = s.w() + 2 * pad;
    int planes = s.n() * s.cin();
    int size = planes * h * w;
    copy = workers.grow(copy, size);
    Arrays.fill(copy, 0, size, 0f);
    for (int plane = 0; plane < planes; plane++) {
      for (int row = 0; row < s.h(); row++) {
        int from = xOff + (plane * s.h() + row) * s.w();
        System.arraycopy(x, from, copy, (plane * h + row + pad) * w + pad, s.w());
      }
    }
    return copy;
  }
}
