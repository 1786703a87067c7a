package dev.cogan.bench;

import dev.cogan.engine.train.Preset;
import java.util.ArrayList;
import java.util.List;

/**
 * The convolutional layers that can be measured.
 *
 * <p>Those of the presets are read from their models ({@link PresetLayers}), at the presets' own
 * batches. Beside them there are two nets of the paper's width, with the batches that most tables
 * have: {@code face128} (batch 16) is the net of the preset {@code faces128}; {@code face64} (batch
 * 32) is the same with one halving less, and <b>not</b> the preset {@code faces64}, whose
 * generators are half as wide: 512 channels at 4x4 where {@code face64} has 1024. The
 * discriminators' convolutions are the same in both.
 */
final class ConvLayers {
  private static final List<ConvLayer> ALL = new ArrayList<>();
  private static final List<ConvLayer> BY_NAME = new ArrayList<>();

  static {
    ALL.addAll(PresetLayers.of(Preset.DIGITS));
    ALL.addAll(PresetLayers.of(Preset.DIGITS_SMALL));
    faces("face64", 32, 64, 4);
    faces("face128", 16, 128, 5);
    BY_NAME.addAll(ALL);
    for (Preset preset : Preset.all()) {
      if (preset != Preset.DIGITS && preset != Preset.DIGITS_SMALL) {
        BY_NAME.addAll(PresetLayers.of(preset));
      }
    }
  }

  private ConvLayers() {}

  /** Those that are measured when none is named, in the order of the nets' rows. */
  static List<ConvLayer> all() {
    return List.copyOf(ALL);
  }

  /** Those and the ones of all other presets, which are measured when they are named. */
  static List<ConvLayer> byName() {
    return List.copyOf(BY_NAME);
  }

  /** The layers of one net; none if it is unknown. */
  static List<ConvLayer> ofNet(String net) {
    return BY_NAME.stream().filter(layer -> layer.net().equals(net)).toList();
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
