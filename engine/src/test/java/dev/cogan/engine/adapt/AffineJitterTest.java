package dev.cogan.engine.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import org.junit.jupiter.api.Test;

class AffineJitterTest {
  private static final Shape SHAPE = Shape.of(1, 28, 28);

  private static AffineJitter jitter(double strength) {
    return new AffineJitter(strength, RandomStream.of(5, "jitter"));
  }

  /** A disc of radius 5 in the middle, twice. */
  private static float[] discs() {
    float[] images = new float[2 * SHAPE.count()];
    for (int i = 0; i < images.length; i++) {
      double y = i % 784 / 28 - 13.5;
      double x = i % 28 - 13.5;
      images[i] = x * x + y * y < 25 ? 1 : 0;
    }
    return images;
  }

  @Test
  void strengthZeroChangesNothing() {
    float[] images = discs();
    jitter(0).apply(images, SHAPE, 2);
    assertThat(images).containsExactly(discs(), within(1e-6f));
  }

  @Test
  void eachImageIsChangedDifferentlyAndALittle() {
    float[] images = discs();
    jitter(1).apply(images, SHAPE, 2);
    int different = 0;
    for (int i = 0; i < 784; i++) {
      different += Math.abs(images[i] - images[784 + i]) > 0.1f ? 1 : 0;
    }
    assertThat(different).isGreaterThan(5);
    for (int n = 0; n < 2; n++) {
      double mass = 0;
      double across = 0;
      for (int i = 0; i < 784; i++) {
        mass += images[n * 784 + i];
        across += images[n * 784 + i] * (i % 28 - 13.5);
      }
      // 10 % on each axis change the area by 21 % at most; shifts are 2 pixels, sheared by 0.2.
      assertThat(mass).isBetween(60.0, 105.0);
      assertThat(across / mass).isBetween(-3.2, 3.2);
    }
  }

  @Test
  void equalStreamsGiveEqualImages() {
    float[] one = discs();
    float[] two = discs();
    jitter(1).apply(one, SHAPE, 2);
    jitter(1).apply(two, SHAPE, 2);
    assertThat(two).isEqualTo(one);
  }

  @Test
  void beyondTheBorderIsBlack() {
    float[] white = new float[784];
    java.util.Arrays.fill(white, 1f);
    jitter(5).apply(white, SHAPE, 1);
    assertThat(white).contains(0f).contains(1f);
  }
}
