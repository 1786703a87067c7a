package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** By hand: pixel centres at half numbers, borders repeated. */
class PadResizeTest {

  @Test
  void sameSizeIsTheSame() {
    Tensor image = Tensor.of(new float[] {0.1f, 0.2f, 0.3f, 0.4f}, 1, 1, 2, 2);
    assertThat(new PadResize(0, 2).apply(image).toArray()).isEqualTo(image.toArray());
  }

  @Test
  void twiceAsLarge() {
    Tensor image = Tensor.of(new float[] {0, 1, 2, 3}, 1, 1, 2, 2);
    float[] row = {0, 0.25f, 0.75f, 1};
    float[] expected = new float[16];
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        expected[y * 4 + x] = 2 * row[y] + row[x];
      }
    }
    assertThat(new PadResize(0, 4).apply(image).toArray()).containsExactly(expected, within(1e-6f));
  }

  @Test
  void paddingIsBlack() {
    Tensor image = Tensor.of(new float[] {1}, 1, 1, 1, 1);
    assertThat(new PadResize(1, 3).apply(image).toArray())
        .containsExactly(0, 0, 0, 0, 1, 0, 0, 0, 0);
    // 3 to 2: a quarter of the pixel in 1.5 x 1.5 each.
    assertThat(new PadResize(1, 2).apply(image).toArray())
        .containsExactly(new float[] {1 / 9f, 1 / 9f, 1 / 9f, 1 / 9f}, within(1e-6f));
  }

  @Test
  void shrinkingAverages() {
    Tensor image = Tensor.zeros(1, 1, 8, 8);
    for (int i = 0; i < 64; i++) {
      image.set(i, i % 2); // stripes that a bilinear look at every fourth pixel would not average
    }
    assertThat(new PadResize(0, 2).apply(image).toArray())
        .containsExactly(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, within(1e-6f));
    // 8 + 2 * 4: the image is the middle quarter.
    assertThat(new PadResize(4, 4).apply(image).toArray())
        .containsExactly(
            new float[] {0, 0, 0, 0, 0, 0.5f, 0.5f, 0, 0, 0.5f, 0.5f, 0, 0, 0, 0, 0},
            within(1e-6f));
  }

  @Test
  void aSideThatShrinksAveragesWhereTheOtherGrows() {
    Tensor image = Tensor.zeros(1, 1, 2, 8);
    for (int i = 0; i < 16; i++) {
      image.set(i, i % 2);
    }
    float[] half = new float[16];
    Arrays.fill(half, 0.5f);
    assertThat(new PadResize(0, 4).apply(image).toArray()).containsExactly(half, within(1e-6f));
  }

  @Test
  void everyChannelAlone() {
    Tensor image = Tensor.zeros(2, 3, 16, 16);
    image.slice(1, 1).fill(1);
    Tensor result = new PadResize(3, 28).apply(image);
    assertThat(result.shape().toArray()).containsExactly(2, 3, 28, 28);
    assertThat(result.slice(0, 1).toArray()).containsOnly(0);
    assertThat(result.get(3 * 784 + 2 * 784 + 14 * 28 + 14)).isOne();
    assertThat(result.get(3 * 784 + 2 * 784)).isZero();
  }

  @Test
  void wrongSizes() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PadResize(-1, 28));
    assertThatIllegalArgumentException().isThrownBy(() -> new PadResize(0, 0));
  }
}
