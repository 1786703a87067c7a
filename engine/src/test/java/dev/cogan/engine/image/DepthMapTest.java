package dev.cogan.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.tensor.Tensor;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class DepthMapTest {

  private static DepthMap map(int bits, int height, int width, int... values) {
    char[] samples = new char[values.length];
    for (int i = 0; i < values.length; i++) {
      samples[i] = (char) values[i];
    }
    return DepthMap.of(new RawImage(1, height, width, bits, samples), "d.png");
  }

  @Test
  void holesAreFilledFromTheirBorder() {
    DepthMap map = map(16, 1, 5, 100, 0, 65535, 0, 200);
    // First ring: 100 and 200; then the middle from both.
    assertThat(map.values()).containsExactly(100f, 100f, 150f, 200f, 200f);
    assertThat(map.missing()).isEqualTo(3);
  }

  @Test
  void inEightBitsEveryValueIsADistance() {
    DepthMap map = map(8, 1, 3, 0, 255, 7);
    assertThat(map.values()).containsExactly(0f, 255f, 7f);
    assertThat(map.missing()).isZero();
  }

  @Test
  void holesAreNotCounted() {
    long[] histogram = new long[65536];
    map(16, 1, 4, 0, 500, 500, 900).count(histogram);
    assertThat(histogram[0]).isZero();
    assertThat(histogram[500]).isEqualTo(2);
    assertThat(DepthMap.quantile(histogram, 0.01)).isEqualTo(500);
    assertThat(DepthMap.quantile(histogram, 0.99)).isEqualTo(900);
  }

  @Test
  void wrongMaps() {
    assertThatThrownBy(() -> map(16, 1, 2, 0, 65535))
        .isInstanceOf(InputException.class)
        .hasMessage("d.png: a depth map with nothing but holes (0 and 65535)");
    assertThatThrownBy(() -> DepthMap.of(new RawImage(3, 1, 1, 8, new char[3]), "d.png"))
        .isInstanceOf(InputException.class)
        .hasMessage("d.png: a depth map has one channel, this picture has 3");
  }

  @Test
  void oneKnownPixelFillsAMegapixelAtBoundedCost() {
    int[] values = new int[1000 * 1000];
    values[0] = 77;
    DepthMap map =
        Assertions.assertTimeout(Duration.ofSeconds(240), () -> map(16, 1000, 1000, values));
    assertThat(map.values()).containsOnly(77f);
  }

  @Test
  void falseColoursRunFromVioletToYellow() {
    Tensor depth = Tensor.zeros(1, 1, 1, 4);
    depth.set(1, 1f);
    depth.set(2, Float.NaN);
    depth.set(3, 9f);
    Tensor colours = FalseColour.of(depth);
    assertThat(colours.shape().toArray()).containsExactly(1, 3, 1, 4);
    float[] red = {0x44 / 255f, 0xfd / 255f, 0x44 / 255f, 0xfd / 255f};
    for (int i = 0; i < 4; i++) {
      assertThat(colours.get(i)).isEqualTo(red[i]);
    }
  }
}
