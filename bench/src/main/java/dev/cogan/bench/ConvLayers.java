package dev.cogan.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Every convolutional layer of the digit nets (batch 64) and of nets for faces of 64x64 (batch 32)
 * and 128x128 (batch 16).
 *
 * <p>The digit nets are the model family {@code digits} at both presets' widths. The face nets are
 * the paper's: the generator goes from 4x4 with 1024 channels by kernels of 4 and stride 2, halving
 * the channels, to the image's size, then by a kernel of 3 to the colours; the discriminator has
 * kernels of 5, then of 3, all of stride 2, doubling the channels from 32. At 64x64 either net has
 * one such step less: the generator's last one, the discriminator's last one.
 */
final class ConvLayers {
  private static final List<ConvLayer> ALL = new ArrayList<>();

  static {
    digits("digits", 64, 1024, 512, 256, 128);
    digits("digits-small", 64, 256, 128, 64, 32);
    faces("face64", 32, 64, 4);
    faces("face128", 16, 128, 5);
  }

  private ConvLayers() {}

  /** All layers, in the order of the nets' rows. */
  static List<ConvLayer> all() {
    return List.copyOf(ALL);
  }

  private static void digits(String net, int n, int... widths) {
    ALL.add(ConvLayer.transposed(net + ".g1", n, 100, 1, widths[0], 4, 1, 0));
    ALL.add(ConvLayer.transposed(net + ".g2", n, widths[0], 4, widths[1], 3, 2, 1));
    ALL.add(ConvLayer.transposed(net + ".g3", n, widths[1], 7, widths[2], 3, 2, 1));
    ALL.add(ConvLayer.transposed(net + ".g4", n, widths[2], 13, widths[3], 3, 2, 1));
    ALL.add(ConvLayer.transposed(net + ".g5", n, widths[3], 25, 1, 6, 1, 1));
    ALL.add(ConvLayer.conv(net + ".d1", n, 1, 28, 20, 5, 1, 0));
    ALL.add(ConvLayer.conv(net + ".d2", n, 20, 12, 50, 5, 1, 0));
  }

  /**
   * @param size height and width of the image
   * @param doublings steps from 4x4 to the image
   */
  private static void faces(String net, int n, int size, int doublings) {
    ALL.add(ConvLayer.transposed(net + ".g1", n, 100, 1, 1024, 4, 1, 0));
    int side = 4;
    int channels = 1024;
    int row = 2;
    for (; row < 2 + doublings; row++) {
      ALL.add(ConvLayer.transposed(net + ".g" + row, n, channels, side, channels / 2, 4, 2, 1));
      side *= 2;
      channels /= 2;
    }
    ALL.add(ConvLayer.transposed(net + ".g" + row, n, channels, side, 3, 3, 1, 1));

    int in = 3;
    int out = 32;
    side = size;
    for (row = 1; row <= doublings + 1; row++) {
      int kernel = row <= 3 ? 5 : 3;
      ALL.add(ConvLayer.conv(net + ".d" + row, n, in, side, out, kernel, 2, kernel / 2));
      side /= 2;
      in = out;
      out *= 2;
    }
  }
}
