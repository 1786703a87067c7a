package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageStreamTest {
  /** Ten images of two pixels: the number of the image and minus that. */
  private final DomainData data = data(10);

  private static DomainData data(int count) {
    float[] values = new float[2 * count];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      values[2 * i] = i / 16f;
      values[2 * i + 1] = 1 - i / 16f;
      labels[i] = (byte) (100 + i);
    }
    ImageSet images = ImageSet.ofFloats(Shape.of(1, 1, 2), values).withLabels(labels);
    return new DomainData("a", "test", images);
  }

  private static List<Integer> draw(ImageStream stream, int n) {
    float[] dest = new float[2 * n + 2];
    dest[0] = 77;
    dest[2 * n + 1] = 77;
    stream.next(dest, 1, n);
    assertThat(dest[0]).isEqualTo(77);
    assertThat(dest[2 * n + 1]).isEqualTo(77);
    List<Integer> images = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      assertThat(dest[2 * i + 2]).isEqualTo(1 - dest[2 * i + 1]);
      images.add((int) (16 * dest[2 * i + 1]));
    }
    return images;
  }

  @Test
  void everyEpochHasEveryImageOnceInAnotherOrder() {
    ImageStream stream = ImageStream.of(data, 1);
    List<Integer> all = new ArrayList<>();
    for (int batch = 0; batch < 10; batch++) {
      all.addAll(draw(stream, 4)); // Does not divide 10.
    }
    HashSet<List<Integer>> orders = new HashSet<>();
    for (int epoch = 0; epoch < 4; epoch++) {
      List<Integer> order = all.subList(epoch * 10, epoch * 10 + 10);
      assertThat(new HashSet<>(order)).hasSize(10);
      orders.add(order);
    }
    assertThat(orders).hasSize(4);
  }

  @Test
  void aBatchMayBeLargerThanTheDomain() {
    assertThat(new HashSet<>(draw(ImageStream.of(data(3), 1), 3))).hasSize(3);
    assertThat(draw(ImageStream.of(data(1), 1), 5)).containsOnly(0);
  }

  @Test
  void batchSizesDoNotChangeTheOrder() {
    ImageStream one = ImageStream.of(data, 1);
    List<Integer> single = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      single.addAll(draw(one, 1));
    }
    assertThat(draw(ImageStream.of(data, 1), 33)).isEqualTo(single);
    assertThat(draw(ImageStream.of(data, 2), 33)).isNotEqualTo(single);
  }

  @Test
  void goesOnFromAStateAnywhere() {
    for (int before = 0; before <= 31; before++) {
      ImageStream stream = ImageStream.of(data, 5);
      draw(stream, before);
      long[] state = stream.state();
      long epoch = stream.epoch();
      List<Integer> after = draw(stream, 25);
      ImageStream resumed = ImageStream.of(data, 99); // The seed is in the state.
      draw(resumed, 7);
      resumed.restore(state);
      assertThat(resumed.epoch()).isEqualTo(epoch);
      assertThat(resumed.state()).isEqualTo(state);
      assertThat(draw(resumed, 25)).as("after %d images", before).isEqualTo(after);
      assertThat(resumed.state()).isEqualTo(stream.state());
    }
  }

  @Test
  void labelsBelongToTheImages() {
    ImageStream stream = ImageStream.of(data, 3);
    float[] dest = new float[50];
    int[] labels = new int[26];
    stream.next(dest, 0, labels, 1, 25);
    for (int i = 0; i < 25; i++) {
      assertThat(labels[1 + i]).isEqualTo(100 + (int) (16 * dest[2 * i]));
    }
    ImageStream plain = ImageStream.of(data, 3);
    float[] same = new float[50];
    plain.next(same, 0, 25);
    assertThat(dest).isEqualTo(same);
  }

  @Test
  void refusesAStateOfOtherImages() {
    ImageStream stream = ImageStream.of(data, 1);
    long[][] wrong = {{}, {1, 0, 0, 9}, {1, 0, 11, 10}, {1, -1, 0, 10}, {1, 0, -1, 10}, {1, 0, 0}};
    for (long[] state : wrong) {
      assertThatThrownBy(() -> stream.restore(state))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("does not belong to these 10 images");
    }
    assertThat(draw(stream, 5)).isEqualTo(draw(ImageStream.of(data, 1), 5));
  }
}
