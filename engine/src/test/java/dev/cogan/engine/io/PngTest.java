package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"1,1,1", "3,1,1", "1,28,28", "3,64,64", "1,5,301", "3,301,5", "3,7,1"})
  void everyPixelComesBack(int channels, int height, int width)
      throws IOException, DataFormatException {
    byte[] noise = new byte[channels * height * width];
    new Random(1).nextBytes(noise);
    check(noise, channels, height, width);
    byte[] smooth = new byte[noise.length]; // Makes other filters win.
    for (int i = 0; i < smooth.length; i++) {
      smooth[i] = (byte) (i % width * 3 + i / width * 2 + noise[i] % 2);
    }
    check(smooth, channels, height, width);
    check(new byte[noise.length], channels, height, width);
  }

  @Test
  void everyFilterIsUsedAndRight() throws IOException, DataFormatException {
    int[] used = new int[5];
    Random random = new Random(2);
    for (int round = 0; round < 200; round++) {
      byte[] planes = new byte[16 * 16];
      int across = random.nextInt(30);
      int down = random.nextInt(30);
      int noise = 1 + random.nextInt(40);
      for (int i = 0; i < planes.length; i++) {
        planes[i] = (byte) (i % 16 * across + i / 16 * down + random.nextInt(noise));
      }
      int[] filters = check(planes, 1, 16, 16);
      for (int type = 0; type < used.length; type++) {
        used[type] += filters[type];
      }
    }
    assertThat(used).doesNotContain(0);
  }

  @Test
  void smoothPicturesBecomeSmall() {
    byte[] smooth = new byte[256 * 256];
    for (int i = 0; i < smooth.length; i++) {
      smooth[i] = (byte) (i % 256 + i / 256);
    }
    assertThat(Png.encode(smooth, 1, 256, 256)).hasSizeLessThan(2000);
  }

  @Test
  void writesAFile() throws IOException {
    Path path = dir.resolve("a.png");
    byte[] planes = {0, 50, 100, (byte) 150, (byte) 200, (byte) 255};
    Png.write(path, planes, 1, 2, 3);
    assertThat(Files.readAllBytes(path)).isEqualTo(Png.encode(planes, 1, 2, 3));
  }

  @Test
  void refusesOtherSizes() {
    assertThatThrownBy(() -> Png.encode(new byte[8], 2, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("PNG with 1 or 3 channels, not 2");
    assertThatThrownBy(() -> Png.encode(new byte[8], 1, 3, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("[1, 3, 3] does not describe 8 bytes");
    assertThatThrownBy(() -> Png.encode(new byte[0], 1, 0, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int[] check(byte[] planes, int channels, int height, int width)
      throws IOException, DataFormatException {
    PngDecoder back = PngDecoder.decode(Png.encode(planes, channels, height, width));
    assertThat(back.height).isEqualTo(height);
    assertThat(back.width).isEqualTo(width);
    assertThat(back.channels).isEqualTo(channels);
    assertThat(back.planes).isEqualTo(planes);
    return back.filters;
  }
}
