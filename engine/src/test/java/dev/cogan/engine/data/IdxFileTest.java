package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.Damage;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
  @TempDir Path dir;

  @Test
  void readsPlainAndGzipByContent() throws IOException {
    byte[] pixels = {0, 51, (byte) 255, 102, 1, 2};
    byte[] file = IdxBytes.images(1, 2, 3, pixels);
    // The names are the wrong way round on purpose.
    Path plain = Files.write(dir.resolve("plain.gz"), file);
    Path zipped = Files.write(dir.resolve("zipped.idx"), IdxBytes.gzip(file));
    for (Path path : new Path[] {plain, zipped}) {
      ImageSet images = IdxFile.readImages(path);
      assertThat(images.count()).isEqualTo(1);
      assertThat(images.shape()).isEqualTo(Shape.of(1, 2, 3));
      assertThat(images.isBytes()).isTrue();
      float[] dest = new float[8];
      images.copyTo(0, dest, 1);
      assertThat(dest).containsExactly(0, 0, 0.2f, 1, 0.4f, 1 / 255f, 2 / 255f, 0);
    }
  }

  @Test
  void readsLabels() {
    byte[] file = IdxBytes.labels(3, 0, 9, 255);
    assertThat(labels(file)).containsExactly(0, 9, -1);
    assertThat(labels(IdxBytes.gzip(file))).containsExactly(0, 9, -1);
  }

  @Test
  void readsImagesThatFillManyBlocks() {
    int side = 512; // Four images per block.
    byte[] pixels = new byte[11 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31 + i / 777);
    }
    ImageSet images = images(IdxBytes.images(11, side, side, pixels));
    float[] dest = new float[side * side];
    for (int image = 10; image >= 0; image--) {
      images.copyTo(image, dest, 0);
      for (int i = 0; i < dest.length; i += 101) {
        assertThat(dest[i]).isEqualTo((pixels[image * side * side + i] & 0xff) / 255f);
      }
    }
    assertThatThrownBy(() -> images.copyTo(11, dest, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesWrongFiles() {
    refused(new byte[0], "f: empty, expected an IDX file");
    refused(new byte[] {0, 0}, "f: truncated in its header, not an IDX file");
    refused(
        IdxBytes.labels(1, 1),
        "f: starts with 0x00000801 (labels), expected 0x00000803 (IDX images of unsigned bytes)");
    refused(
        "hello, world".getBytes(StandardCharsets.US_ASCII),
        "f: starts with 0x68656c6c, expected 0x00000803 (IDX images of unsigned bytes)");
    refused(Arrays.copyOf(IdxBytes.images(1, 1, 1), 13), "f: truncated in its header");
    refused(IdxBytes.images(0, 28, 28, new byte[0]), "f: holds no images");
    refused(
        IdxBytes.images(1, 0, 28, new byte[0]),
        "f: images of 0 x 28 pixels, expected 1 to 4096 each");
    refused(
        IdxBytes.images(1, 28, -1, new byte[0]),
        "f: images of 28 x 4294967295 pixels, expected 1 to 4096 each");
    refused(
        IdxBytes.images(3, 2, 2, new byte[11]),
        "f: truncated: the header says 3 images of 2 x 2 pixels, found 11 bytes");
    refused(
        IdxBytes.images(2, 2, 2, new byte[9]),
        "f: longer than the 2 images of 2 x 2 pixels of its header");
  }

  @Test
  void refusesWrongLabels() {
    assertThatThrownBy(() -> labels(IdxBytes.labels(2, 1)))
        .isInstanceOf(InputException.class)
        .hasMessage("f: truncated: the header says 2 labels, found 1");
    assertThatThrownBy(() -> labels(IdxBytes.labels(2, 1, 2, 3)))
        .isInstanceOf(InputException.class)
        .hasMessage("f: longer than the 2 labels of its header");
    assertThatThrownBy(() -> labels(IdxBytes.labels(0)))
        .isInstanceOf(InputException.class)
        .hasMessage("f: holds no labels");
    assertThatThrownBy(() -> labels(IdxBytes.labels(-1)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("f: 4294967295 labels need ");
    assertThatThrownBy(() -> labels(IdxBytes.images(1, 1, 1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("starts with 0x00000803 (images), expected 0x00000801");
  }

  @Test
  void believesNoCount() {
    // Half a terabyte of pixels, then as much as the heap might hold.
    refused(
        IdxBytes.images(Integer.MAX_VALUE, 16, 16, new byte[10]),
        "images of 16 x 16 pixels need 524288 MB, more than three quarters of the heap");
    long mebibytes = Runtime.getRuntime().maxMemory() >> 21;
    refused(IdxBytes.images((int) mebibytes, 1024, 1024, new byte[10]), "found 10 bytes");
  }

  @Test
  void stopsUnpackingBehindTheLastImage() throws IOException {
    // gzip streams may follow each other: 1 MB that unpacks to 1 GB.
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    zipped.write(IdxBytes.gzip(IdxBytes.images(1, 2, 2)));
    byte[] zeros = IdxBytes.gzip(new byte[1 << 20]);
    for (int i = 0; i < 1024; i++) {
      zipped.write(zeros);
    }
    int[] read = new int[1];
    byte[] bomb = zipped.toByteArray();
    InputStream counted =
        new ByteArrayInputStream(bomb) {
          @Override
          public synchronized int read(byte[] b, int off, int len) {
            int n = super.read(b, off, Math.min(len, 100));
            read[0] += Math.max(0, n);
            return n;
          }
        };
    assertThatThrownBy(() -> IdxFile.readImages(counted, "bomb"))
        .isInstanceOf(InputException.class)
        .hasMessage("bomb: longer than the 1 images of 2 x 2 pixels of its header");
    assertThat(read[0]).isLessThan(bomb.length / 10);
  }

  @Test
  void refusesDamagedGzip() {
    byte[] zipped = IdxBytes.gzip(IdxBytes.images(3, 5, 5));
    refused(Arrays.copyOf(zipped, zipped.length - 1), "f: truncated gzip data");
    refused(Arrays.copyOf(zipped, 2), "f: truncated gzip data");
    byte[] checksum = zipped.clone();
    checksum[zipped.length - 6] ^= 1;
    refused(checksum, "f: corrupt gzip data: Corrupt GZIP trailer");
  }

  @Test
  void refusesWhatIsNoFile() {
    assertThatThrownBy(() -> IdxFile.readImages(dir))
        .isInstanceOf(InputException.class)
        .hasMessage(dir + ": is a directory, expected an IDX file");
    Path missing = dir.resolve("none");
    assertThatThrownBy(() -> IdxFile.readLabels(missing))
        .isInstanceOf(InputException.class)
        .hasMessage(missing + ": cannot read: no such file");
  }

  @Test
  void damageIsAnInputException() {
    byte[] images = IdxBytes.images(3, 4, 5);
    Damage.truncate(images, IdxFileTest::images);
    Damage.flip(images, 3000, IdxFileTest::images);
    byte[] zipped = IdxBytes.gzip(images);
    Damage.truncate(zipped, IdxFileTest::images);
    Damage.flip(zipped, 3000, IdxFileTest::images);
    byte[] labels = IdxBytes.labels(4, 1, 2, 3, 4);
    Damage.truncate(labels, IdxFileTest::labels);
    Damage.flip(labels, 3000, IdxFileTest::labels);
  }

  private static ImageSet images(byte[] file) {
    return IdxFile.readImages(new ByteArrayInputStream(file), "f");
  }

  private static byte[] labels(byte[] file) {
    return IdxFile.readLabels(new ByteArrayInputStream(file), "f");
  }

  private static void refused(byte[] file, String message) {
    assertThatThrownBy(() -> images(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("f: ")
        .hasMessageContaining(message);
  }
}
