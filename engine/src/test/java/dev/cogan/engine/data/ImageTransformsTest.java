package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageTransformsTest {

  @Test
  void edgeIsDilationMinusImage() {
    Tensor image = Tensor.of(new float[] {0, 0, 0, 0, 0, 1, 0.25f, 0, 0, 0, 0, 0}, 1, 1, 3, 4);
    assertThat(ImageTransforms.EDGE.apply(image).data())
        .containsExactly(1, 1, 1, 0.25f, 1, 0, 0.75f, 0.25f, 1, 1, 1, 0.25f);
  }

  @Test
  void edgeTakesOnlyPixelsInsideTheImage() {
    // With zeros around it, a negative picture would have edges of its own.
    Tensor dark = Tensor.of(new float[] {-1, -1, -1, -1, -1, -1}, 1, 1, 2, 3);
    assertThat(ImageTransforms.EDGE.apply(dark).data()).containsOnly(0);
    assertThat(ImageTransforms.EDGE.apply(Tensor.of(new float[] {0.5f}, 1, 1, 1, 1)).data())
        .containsExactly(0);
  }

  @Test
  void edgeIsTheFormulaForEverySize() {
    Random random = new Random(1);
    for (int h = 1; h <= 5; h++) {
      for (int w = 1; w <= 5; w++) {
        Tensor image = Tensor.zeros(1, 2, h, w);
        for (int i = 0; i < image.count(); i++) {
          image.set(i, random.nextFloat());
        }
        Tensor edge = ImageTransforms.EDGE.apply(image);
        for (int i = 0; i < image.count(); i++) {
          int y = i / w % h;
          int x = i % w;
          float max = 0;
          for (int yy = Math.max(0, y - 1); yy <= Math.min(h - 1, y + 1); yy++) {
            for (int xx = Math.max(0, x - 1); xx <= Math.min(w - 1, x + 1); xx++) {
              max = Math.max(max, image.get(i + (yy - y) * w + xx - x));
            }
          }
          assertThat(edge.get(i)).isEqualTo(max - image.get(i));
        }
      }
    }
  }

  @Test
  void edgeKeepsChannelsApart() {
    Tensor image = Tensor.of(new float[] {1, 0, 0, 0.5f}, 1, 2, 1, 2);
    assertThat(ImageTransforms.EDGE.apply(image).data()).containsExactly(0, 1, 0.5f, 0);
  }

  @Test
  void negativeIsOneMinusImage() {
    Tensor image = Tensor.of(new float[] {0, 0.25f, 1}, 1, 1, 1, 3);
    assertThat(ImageTransforms.NEGATIVE.apply(image).data()).containsExactly(1, 0.75f, 0);
  }

  @Test
  void rotateTurnsCounterClockwise() {
    Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
    Tensor turned = ImageTransforms.ROTATE90.apply(image);
    assertThat(turned.shape()).isEqualTo(Shape.of(1, 1, 3, 2));
    assertThat(turned.data()).containsExactly(3, 6, 2, 5, 1, 4);
    Tensor four = image;
    for (int i = 0; i < 4; i++) {
      four = ImageTransforms.ROTATE90.apply(four);
    }
    assertThat(four.shape()).isEqualTo(image.shape());
    assertThat(four.data()).isEqualTo(image.data());
  }

  @Test
  void worksOnBatchesViewsAndChannels() {
    Random random = new Random(1);
    Tensor all = Tensor.zeros(5, 3, 4, 6);
    for (int i = 0; i < all.count(); i++) {
      all.set(i, random.nextFloat());
    }
    for (String name : ImageTransforms.names()) {
      ImageTransform transform = ImageTransforms.named(name).orElseThrow();
      assertThat(transform.name()).isEqualTo(name);
      Tensor view = transform.apply(all.slice(2, 2));
      Tensor whole = transform.apply(all);
      assertThat(view.data()).isEqualTo(whole.slice(2, 2).toArray());
      assertThat(whole.shape().dropFirst())
          .isEqualTo(transform.outputShape(all.shape().dropFirst()));
    }
    assertThat(ImageTransforms.named("Edge")).isEmpty();
  }

  /** Every pair of 8-bit values, so that storing the results as bytes is shown to be exact. */
  @Test
  void bytesStayExact() {
    byte[] pixels = new byte[256 * 256 * 2];
    for (int i = 0; i < 256 * 256; i++) {
      pixels[2 * i] = (byte) (i / 256);
      pixels[2 * i + 1] = (byte) i;
    }
    ImageSet images = ImageSet.ofBytes(Shape.of(1, 1, 2), pixels);
    int[] all = new int[images.count()];
    Arrays.setAll(all, i -> i);
    ImageSet edges = images.transformed(ImageTransforms.EDGE, all);
    ImageSet negatives = images.transformed(ImageTransforms.NEGATIVE, all);
    assertThat(edges.isBytes()).isTrue();
    float[] edge = new float[2];
    float[] negative = new float[2];
    for (int i = 0; i < all.length; i++) {
      int a = i / 256;
      int b = i % 256;
      edges.copyTo(i, edge, 0);
      negatives.copyTo(i, negative, 0);
      if (edge[0] != Math.max(0, b - a) / 255f
          || edge[1] != Math.max(0, a - b) / 255f
          || negative[0] != (255 - a) / 255f
          || negative[1] != (255 - b) / 255f) {
        throw new AssertionError("values " + a + " and " + b);
      }
    }
  }
}
