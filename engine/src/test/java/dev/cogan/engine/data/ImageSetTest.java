package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.tensor.Shape;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSetTest {
  private static final Shape SHAPE = Shape.of(1, 1, 2);

  @Test
  void neverChanges() {
    byte[] pixels = {0, 51, 102, (byte) 255};
    byte[] labels = {4, 5};
    ImageSet bytes = ImageSet.ofBytes(SHAPE, pixels).withLabels(labels);
    float[] values = {0, 0.5f, 0.25f, 1};
    ImageSet floats = ImageSet.ofFloats(SHAPE, values);
    pixels[2] = 0;
    labels[1] = 0;
    values[2] = 0;
    float[] dest = new float[2];
    bytes.copyTo(1, dest, 0);
    assertThat(dest).containsExactly(0.4f, 1);
    assertThat(bytes.label(1)).isEqualTo(5);
    floats.copyTo(1, dest, 0);
    assertThat(dest).containsExactly(0.25f, 1);
    assertThat(floats.isBytes()).isFalse();
    assertThat(floats).hasToString("2 images [1, 1, 2]");
  }

  @Test
  void checksumsTellImagesAndTheirOrder() {
    byte[] pixels = {0, 51, 102, (byte) 255};
    ImageSet set = ImageSet.ofBytes(SHAPE, pixels);
    CRC32 plain = new CRC32();
    plain.update(pixels);
    assertThat(new DomainData("a", "x", set).checksum()).isEqualTo(plain.getValue());
    assertThat(new DomainData("b", "y", set, new int[] {0, 1}).checksum())
        .isEqualTo(plain.getValue());
    assertThat(new DomainData("a", "x", set, new int[] {1, 0}).checksum())
        .isNotEqualTo(plain.getValue());
    pixels[3] = 0;
    assertThat(new DomainData("a", "x", ImageSet.ofBytes(SHAPE, pixels)).checksum())
        .isNotEqualTo(plain.getValue());
    ImageSet floats = ImageSet.ofFloats(SHAPE, new float[] {0.1f, 0.2f, 0.3f, 0.4f});
    CRC32 bits = new CRC32();
    for (float value : new float[] {0.3f, 0.4f, 0.1f, 0.2f}) {
      int b = Float.floatToIntBits(value);
      bits.update(new byte[] {(byte) b, (byte) (b >> 8), (byte) (b >> 16), (byte) (b >> 24)});
    }
    assertThat(new DomainData("a", "x", floats, new int[] {1, 0}).checksum())
        .isEqualTo(bits.getValue());
  }

  @Test
  void theChecksumIsOfEverything() {
    byte[] pixels = {0, 51, 102, (byte) 255};
    ImageSet set = ImageSet.ofBytes(SHAPE, pixels);
    assertThat(ImageSet.ofBytes(SHAPE, pixels.clone()).checksum()).isEqualTo(set.checksum());
    pixels[3] = 0;
    ImageSet floats = ImageSet.ofFloats(SHAPE, new float[] {0, 0.2f, 0.4f, 1});
    assertThat(
            Stream.of(
                set,
                ImageSet.ofBytes(SHAPE, pixels),
                ImageSet.ofBytes(Shape.of(1, 2, 1), new byte[] {0, 51, 102, (byte) 255}),
                set.withLabels(new byte[] {1, 2}),
                set.withLabels(new byte[] {2, 1}),
                floats,
                ImageSet.ofFloats(SHAPE, new float[] {0, 0.2f, 0.4f, 0.9f})))
        .extracting(ImageSet::checksum)
        .doesNotHaveDuplicates();
    // Over the border between two blocks.
    byte[] many = new byte[3 << 20];
    final long zeros = ImageSet.ofBytes(SHAPE, many).checksum();
    many[many.length - 1] = 1;
    assertThat(ImageSet.ofBytes(SHAPE, many).checksum()).isNotEqualTo(zeros);
  }

  @Test
  void labelsGoWithTheirImages() {
    ImageSet images =
        ImageSet.ofBytes(SHAPE, new byte[] {0, 0, 51, 51, 102, 102})
            .withLabels(new byte[] {7, 8, (byte) 200});
    ImageSet some = images.transformed(ImageTransforms.NEGATIVE, new int[] {2, 0, 2, 1});
    float[] dest = new float[2];
    int[] labels = {200, 7, 200, 8};
    float[] values = {153 / 255f, 1, 153 / 255f, 204 / 255f};
    for (int i = 0; i < 4; i++) {
      some.copyTo(i, dest, 0);
      assertThat(dest).containsOnly(values[i]);
      assertThat(some.label(i)).isEqualTo(labels[i]);
    }
  }

  @Test
  void floatsStayFloats() {
    ImageSet floats = ImageSet.ofFloats(SHAPE, new float[] {0.1234567f, 0, 0.3f, 0.7654321f});
    ImageSet turned = floats.transformed(ImageTransforms.ROTATE90, new int[] {1, 0});
    assertThat(turned.shape()).isEqualTo(Shape.of(1, 2, 1));
    float[] dest = new float[2];
    turned.copyTo(0, dest, 0);
    assertThat(dest).containsExactly(0.7654321f, 0.3f);
  }

  private static ImageTransform times(float factor, boolean keepsBytes) {
    return new ImageTransform() {
      @Override
      public String name() {
        return "times " + factor;
      }

      @Override
      public Shape outputShape(Shape shape) {
        return shape;
      }

      @Override
      public boolean keepsBytes() {
        return keepsBytes;
      }

      @Override
      public void apply(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset) {
        for (int i = 0; i < shape.count(); i++) {
          dest[destOffset + i] = src[srcOffset + i] * factor;
        }
      }
    };
  }

  @Test
  void aTransformThatLeavesTheBytesGivesFloats() {
    ImageTransform half = times(0.5f, false);
    ImageSet set = ImageSet.ofBytes(SHAPE, new byte[] {0, 1, 2, 3});
    float[] dest = new float[2];
    set.transformed(half, new int[] {1, 0}).copyTo(1, dest, 0);
    assertThat(dest).containsExactly(0, 1 / 255f / 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTransformStaysInTheUnitInterval(boolean bytes) {
    ImageTransform doubled = times(2, bytes);
    ImageSet set = ImageSet.ofBytes(SHAPE, new byte[] {0, 1, 2, (byte) 255});
    assertThatThrownBy(() -> set.transformed(doubled, new int[] {0, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image 1: expected values in [0, 1], got 2.0");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 255, -1, 1.001f, -0.001f})
  void floatsAreInTheUnitInterval(float value) {
    float[] values = {0, 0.5f, 1, value, 0, Float.NaN};
    assertThatThrownBy(() -> ImageSet.ofFloats(SHAPE, values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image 1: expected values in [0, 1], got " + value);
  }

  @Test
  void roundingMayLeaveTheUnitInterval() {
    float[] values = {Math.nextUp(1f), -1e-6f};
    float[] dest = new float[2];
    ImageSet.ofFloats(SHAPE, values).copyTo(0, dest, 0);
    assertThat(dest).containsExactly(values);
  }

  @Test
  void refusesWhatIsNoSet() {
    assertThatThrownBy(() -> ImageSet.ofBytes(SHAPE, new byte[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 values are not one or more images of shape [1, 1, 2]");
    assertThatThrownBy(() -> ImageSet.ofFloats(SHAPE, new float[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ImageSet.ofBytes(Shape.of(2), new byte[2]))
        .isInstanceOf(IllegalArgumentException.class);
    ImageSet set = ImageSet.ofBytes(SHAPE, new byte[4]);
    assertThatThrownBy(() -> set.withLabels(new byte[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 images, but 3 labels");
    assertThatThrownBy(() -> set.label(0)).isInstanceOf(IllegalStateException.class);
  }
}
