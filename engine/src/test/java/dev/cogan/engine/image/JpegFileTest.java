package dev.cogan.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

/** The outside of JPEG files; what is inside is decoded, and tested, in the command line. */
class JpegFileTest {
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  private JpegFileTest add(int... bytes) {
    for (int b : bytes) {
      file.write(b);
    }
    return this;
  }

  private JpegFileTest start() {
    return add(0xff, 0xd8);
  }

  private JpegFileTest frame(int marker, int height, int width, int components) {
    add(0xff, marker, 0, 8 + 3 * components, 8);
    add(height >> 8, height & 0xff, width >> 8, width & 0xff, components);
    for (int i = 0; i < 3 * components; i++) {
      add(0);
    }
    return this;
  }

  private JpegFileTest scan() {
    return add(0xff, 0xda, 0, 3, 1, 0x12, 0xff, 0x00, 0xff, 0xd3, 0x34);
  }

  private JpegFile read() {
    return JpegFile.read(file.toByteArray(), "a.jpg");
  }

  private void refused(String reason) {
    assertThatThrownBy(this::read)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("a.jpg: ")
        .hasMessageContaining(reason);
  }

  @Test
  void sizesAndOnlyWhatADecoderNeeds() {
    start().add(0xff, 0xe0, 0, 3, 1).add(0xff, 0xe2, 0, 4, 9, 9).add(0xff, 0xfe, 0, 3, 7);
    frame(0xc0, 300, 200, 3).scan().add(0xff, 0xd9, 1, 2, 3);
    JpegFile jpeg = read();
    assertThat(jpeg.height()).isEqualTo(300);
    assertThat(jpeg.width()).isEqualTo(200);
    assertThat(jpeg.components()).isEqualTo(3);
    // Without the profile (6), the comment (5) and what stands behind the end (3).
    assertThat(jpeg.bytes()).hasSize(file.size() - 6 - 5 - 3);
  }

  @Test
  void cmyk() {
    start().frame(0xc0, 8, 8, 4).scan();
    refused("4 components (CMYK)");
  }

  @Test
  void lossless() {
    start().frame(0xc3, 8, 8, 3).scan();
    refused("lossless");
  }

  @Test
  void tooManyPixels() {
    start().frame(0xc0, 65535, 65535, 3).scan();
    refused("65535 x 65535 pixels");
  }

  @Test
  void tooManyScans() {
    start().frame(0xc2, 8, 8, 3);
    for (int i = 0; i < 101; i++) {
      scan();
    }
    refused("too many scans");
  }

  @Test
  void scanBeforeTheFrame() {
    start().scan();
    refused("a scan before the frame");
  }

  @Test
  void twoFrames() {
    start().frame(0xc0, 8, 8, 3).frame(0xc0, 8, 8, 3);
    refused("more than one picture");
  }

  @Test
  void truncated() {
    start().add(0xff, 0xc0, 0, 17, 8);
    refused("truncated");
  }

  @Test
  void noSegment() {
    start().add(0x12, 0x34);
    refused("no segment at byte 2");
  }

  @Test
  void noPicture() {
    start().add(0xff, 0xd9);
    refused("no picture in it");
  }
}
