package dev.cogan.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Png;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngReaderTest {

  private static RawImage read(byte[] file) {
    return PngReader.decode(file, "a.png");
  }

  private static int[] samples(RawImage image) {
    int[] values = new int[image.samples().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = image.samples()[i];
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatOurWriterWrote(int channels) {
    byte[] planes = new byte[channels * 13 * 7];
    new Random(5).nextBytes(planes);
    RawImage image = read(Png.encode(planes, channels, 13, 7));
    assertThat(image.channels()).isEqualTo(channels);
    assertThat(image.bits()).isEqualTo(8);
    for (int i = 0; i < planes.length; i++) {
      assertThat((int) image.samples()[i]).isEqualTo(planes[i] & 0xff);
    }
  }

  @Test
  void everyFilter() {
    byte[] file =
        new PngBuilder(3, 5, 8, 0, 0)
            .rows(0, 10, 20, 30, 1, 5, 5, 5, 2, 1, 1, 1, 3, 4, 4, 4, 4, 2, 2, 2)
            .end();
    assertThat(samples(read(file)))
        .containsExactly(10, 20, 30, 5, 10, 15, 6, 11, 16, 7, 13, 18, 9, 15, 20);
  }

  @Test
  void fewBitsAreStretched() {
    assertThat(samples(read(new PngBuilder(5, 1, 1, 0, 0).rows(0, 0b10110000).end())))
        .containsExactly(255, 0, 255, 255, 0);
    assertThat(samples(read(new PngBuilder(3, 1, 2, 0, 0).rows(0, 0b00011100).end())))
        .containsExactly(0, 85, 255);
    assertThat(samples(read(new PngBuilder(2, 1, 4, 0, 0).rows(0, 0x1f).end())))
        .containsExactly(17, 255);
  }

  @Test
  void sixteenBits() {
    RawImage image = read(new PngBuilder(2, 1, 16, 0, 0).rows(0, 0x12, 0x34, 0xff, 0xff).end());
    assertThat(image.bits()).isEqualTo(16);
    assertThat(samples(image)).containsExactly(0x1234, 0xffff);
  }

  @Test
  void alphaPaletteAndTransparentColours() {
    RawImage rgba = read(new PngBuilder(1, 1, 8, 6, 0).rows(0, 1, 2, 3, 4).end());
    assertThat(samples(rgba)).containsExactly(1, 2, 3, 4);
    RawImage greyAlpha = read(new PngBuilder(1, 1, 8, 4, 0).rows(0, 9, 8).end());
    assertThat(greyAlpha.hasAlpha()).isTrue();
    RawImage palette =
        read(
            new PngBuilder(3, 1, 2, 3, 0)
                .chunk("PLTE", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9})
                .chunk("tRNS", new byte[] {100})
                .rows(0, 0b00011000)
                .end());
    assertThat(samples(palette)).containsExactly(1, 4, 7, 2, 5, 8, 3, 6, 9, 100, 255, 255);
    RawImage key =
        read(new PngBuilder(2, 1, 8, 0, 0).chunk("tRNS", new byte[] {0, 7}).rows(0, 7, 8).end());
    assertThat(samples(key)).containsExactly(7, 8, 0, 255);
  }

  @Test
  void interlacedRowsComeToTheirPlaces() {
    // 2x2: pass 1 has (0,0), pass 6 has (0,1), pass 7 has the second row.
    byte[] file = new PngBuilder(2, 2, 8, 0, 1).rows(0, 1, 0, 2, 0, 3, 4).end();
    assertThat(samples(read(file))).containsExactly(1, 2, 3, 4);
  }

  @Test
  void textsAndProfilesAreNotRead() {
    byte[] file =
        new PngBuilder(1, 1, 8, 0, 0)
            .chunk("zTXt", new byte[1000])
            .chunk("iCCP", new byte[] {1, 2, 3})
            .rows(0, 5)
            .end();
    assertThat(samples(read(file))).containsExactly(5);
  }

  @Test
  void alphaOnWhiteBlackOrDropped() {
    RawImage image = new RawImage(2, 1, 1, 8, new char[] {100, 51});
    assertThat(image.opaque(RawImage.Alpha.WHITE).sample(0, 0, 0)).isEqualTo(224);
    assertThat(image.opaque(RawImage.Alpha.BLACK).sample(0, 0, 0)).isEqualTo(20);
    assertThat(image.opaque(RawImage.Alpha.DROP).sample(0, 0, 0)).isEqualTo(100);
  }

  private static void refused(byte[] file, String reason) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("a.png: ")
        .hasMessageContaining(reason);
  }

  @Test
  void wrongFiles() {
    refused(new byte[0], "not a PNG: empty");
    refused("hello".getBytes(), "starts with 68 65 6c 6c");
    refused(new PngBuilder(1, 1, 8, 0, 0).unfinished(), "truncated");
    refused(new PngBuilder(1, 1, 8, 0, 0).end(), "pixels are missing");
    refused(new PngBuilder(1, 2, 8, 0, 0).rows(0, 1).end(), "pixels are missing");
    refused(new PngBuilder(1, 1, 8, 0, 0).rows(7, 1).end(), "filter 7");
    refused(new PngBuilder(1, 1, 8, 3, 0).rows(0, 1).end(), "no palette");
    refused(
        new PngBuilder(1, 1, 8, 3, 0).chunk("PLTE", new byte[3]).rows(0, 9).end(),
        "colour 9 of a palette of 1");
    refused(new PngBuilder(1, 1, 8, 3, 0).chunk("PLTE", new byte[4]).end(), "palette of 4 bytes");
    refused(new PngBuilder(1, 1, 3, 0, 0).rows(0, 1).end(), "colour type 0 with 3 bits");
    refused(new PngBuilder(1, 1, 8, 9, 0).rows(0, 1).end(), "colour type 9");
    refused(new PngBuilder(0, 1, 8, 0, 0).rows(0).end(), "no pixels");
    refused(new PngBuilder(1, 1, 8, 0, 0).chunk("IHDR", new byte[13]).end(), "comes twice");
    refused(new PngBuilder(1, 1, 8, 0, 0).chunk("ABCD", new byte[1]).end(), "unknown chunk ABCD");
    refused(new PngBuilder(1, 1, 8, 0, 0).chunk("IDAT", new byte[9]).end(), "corrupt PNG");
    refused(
        new PngBuilder(1, 1, 8, 2, 0).chunk("tRNS", new byte[2]).rows(0, 1, 1, 1).end(),
        "wrong transparency");
    byte[] flipped = new PngBuilder(2, 2, 8, 0, 0).rows(0, 1, 2, 0, 3, 4).end();
    flipped[flipped.length - 16] ^= 1;
    refused(flipped, "wrong checksum");
  }

  @Test
  void sizesAreRefusedBeforeAnythingIsAllocated() {
    refused(new PngBuilder(100_000, 100_000, 8, 2, 0).rows(0).end(), "100000 x 100000 pixels");
    refused(new PngBuilder(-1, -1, 8, 2, 0).rows(0).end(), "4294967295 x 4294967295");
  }

  @Test
  void unfoldingStopsAtTheLastPixel() {
    byte[] bomb = PngBuilder.deflated(new byte[200_000_000]);
    byte[] file = new PngBuilder(2, 2, 8, 0, 0).chunk("IDAT", bomb).end();
    Assertions.assertTimeout(Duration.ofSeconds(240), () -> read(file));
  }

  @Test
  void everyTruncationAndManyDamagesEndInOneMessage() {
    byte[] planes = new byte[3 * 9 * 9];
    new Random(1).nextBytes(planes);
    byte[] whole = Png.encode(planes, 3, 9, 9);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(InputException.class);
    }
    Random random = new Random(2);
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        read(damaged);
      } catch (InputException expected) {
        assertThat(expected).hasMessageStartingWith("a.png: ");
      }
    }
  }
}
