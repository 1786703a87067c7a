package dev.cogan.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** A segment APP1 with EXIF in which the orientation stands behind another entry. */
  private JpegFileTest exif(boolean little, int type, int count, int value, int entries) {
    ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 24 + 4);
    tiff.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    tiff.putShort((short) (little ? 0x4949 : 0x4d4d)).putShort((short) 42).putInt(8);
    tiff.putShort((short) entries);
    tiff.putShort((short) 0x010f).putShort((short) 2).putInt(4).putInt(0x41424300);
    tiff.putShort((short) 0x0112).putShort((short) type).putInt(count);
    if (type == 3) {
      tiff.putShort((short) value);
    } else {
      tiff.putInt(value);
    }
    return app1(tiff.array());
  }

  private JpegFileTest app1(byte[] tiff) {
    int length = 2 + 6 + tiff.length;
    add(0xff, 0xe1, length >> 8, length & 0xff, 'E', 'x', 'i', 'f', 0, 0);
    file.writeBytes(tiff);
    return this;
  }

  private int orientation() {
    return frame(0xc0, 300, 200, 3).scan().read().orientation();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void orientationInBothByteOrders(boolean little) {
    for (int value = 1; value <= 8; value++) {
      for (int type : new int[] {3, 4}) {
        file.reset();
        assertThat(start().exif(little, type, 1, value, 2).orientation()).isEqualTo(value);
      }
    }
  }

  @Test
  void theFirstOrientationCounts() {
    assertThat(
            start().app1(new byte[3]).exif(true, 3, 1, 6, 2).exif(true, 3, 1, 3, 2).orientation())
        .isEqualTo(6);
  }

  @Test
  void exifIsNotKept() {
    start().exif(true, 3, 1, 6, 2);
    int exif = file.size() - 2;
    frame(0xc0, 300, 200, 3).scan().add(0xff, 0xd9);
    assertThat(read().bytes()).hasSize(file.size() - exif);
  }

  @Test
  void withoutExifUpright() {
    assertThat(start().orientation()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, 0, 2", // no such orientation
    "3, 1, 9, 2",
    "3, 1, 65535, 2",
    "4, 1, -1, 2",
    "4, 1, 2147483647, 2",
    "3, 2, 6, 2", // two values
    "3, 0, 6, 2",
    "3, -1, 6, 2",
    "2, 1, 6, 2", // a text
    "3, 1, 6, 1", // behind the end of the directory
    "3, 1, 6, 0"
  })
  void whatIsNoOrientationCountsAsUpright(int type, int count, int value, int entries) {
    assertThat(start().exif(false, type, count, value, entries).orientation()).isEqualTo(1);
  }

  @Test
  void moreEntriesThanTheSegmentHolds() {
    assertThat(start().exif(true, 3, 1, 8, 65535).orientation()).isEqualTo(8);
    file.reset();
    assertThat(start().exif(true, 3, 0, 8, 65535).orientation()).isEqualTo(1);
  }

  /** Every end of the segment, every place of the directory, and every byte another one. */
  @Test
  void damagedExifIsReadOrCountsAsUpright() {
    start().exif(true, 3, 1, 6, 2);
    byte[] whole = file.toByteArray();
    byte[] tiff = Arrays.copyOfRange(whole, 2 + 4 + 6, whole.length);
    for (int length = 0; length < tiff.length; length++) {
      file.reset();
      // Its entry is the second one, and whole from 34 bytes on.
      assertThat(start().app1(Arrays.copyOf(tiff, length)).orientation())
          .as("of " + length + " bytes")
          .isEqualTo(length < 34 ? 1 : 6);
    }
    for (int place : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 7, 9, 36, 37, 38}) {
      file.reset();
      byte[] damaged = tiff.clone();
      ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(4, place);
      assertThat(start().app1(damaged).orientation()).as("directory at " + place).isEqualTo(1);
    }
    for (int i = 0; i < tiff.length * 256; i++) {
      file.reset();
      byte[] damaged = tiff.clone();
      damaged[i / 256] = (byte) i;
      assertThat(start().app1(damaged).orientation()).isBetween(1, 8);
    }
  }

  /** As EXIF 2.32 says where the first row and the first column of the data are in the scene. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | abc/def", // top, left
        "2 | cba/fed", // top, right
        "3 | fed/cba", // bottom, right
        "4 | def/abc", // bottom, left
        "5 | ad/be/cf", // left, top
        "6 | da/eb/fc", // right, top
        "7 | fc/eb/da", // right, bottom
        "8 | cf/be/ad" // left, bottom
      })
  void picturesAreTurnedAndMirrored(int orientation, String expected) {
    RawImage stored = new RawImage(2, 2, 3, 8, "abcdefABCDEF".toCharArray());
    RawImage seen = ExifOrientation.upright(stored, orientation);
    String rows = expected.replace("/", "");
    assertThat(new String(seen.samples())).isEqualTo(rows + rows.toUpperCase(Locale.ROOT));
    assertThat(seen.width()).isEqualTo(expected.indexOf('/'));
    assertThat(seen.height() * seen.width()).isEqualTo(6);
  }

  @Test
  void theDecodersPictureIsTurned() {
    start().exif(true, 3, 1, 6, 2).frame(0xc0, 2, 3, 1).scan();
    ImageDecoder decoder =
        ImageDecoder.withJpeg((bytes, name) -> new RawImage(1, 2, 3, 8, "abcdef".toCharArray()));
    RawImage seen = decoder.decode(file.toByteArray(), "a.jpg");
    assertThat(new String(seen.samples())).isEqualTo("daebfc");
    assertThat(seen.height()).isEqualTo(3);
  }
}
