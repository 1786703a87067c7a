package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cogan.engine.io.ImageGrid.Picture;
import dev.cogan.engine.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnimatedPngTest {
  @TempDir private Path folder;

  private record Chunk(String type, byte[] data) {
    int integer(int offset) {
      return java.nio.ByteBuffer.wrap(data).getInt(offset);
    }

    int shortInteger(int offset) {
      return java.nio.ByteBuffer.wrap(data).getShort(offset);
    }
  }

  private static Picture picture(int channels, float... pixels) {
    Tensor images = Tensor.zeros(1, channels, 2, pixels.length / channels / 2);
    System.arraycopy(pixels, 0, images.data(), 0, pixels.length);
    return ImageGrid.of(images).padding(0).toPicture();
  }

  private static List<Chunk> chunks(byte[] file) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
    assertThat(in.readLong()).isEqualTo(0x89504e470d0a1a0aL);
    List<Chunk> chunks = new ArrayList<>();
    while (in.available() > 0) {
      byte[] data = new byte[in.readInt() + 4];
      in.readFully(data);
      CRC32 crc = new CRC32();
      crc.update(data);
      assertThat(in.readInt()).isEqualTo((int) crc.getValue());
      String type = new String(data, 0, 4, StandardCharsets.US_ASCII);
      chunks.add(new Chunk(type, Arrays.copyOfRange(data, 4, data.length)));
    }
    return chunks;
  }

  @Test
  void framesFollowEachOtherAsTheStandardSays() throws IOException, DataFormatException {
    Path file = folder.resolve("walk.png");
    AnimatedPng.write(
        file,
        List.of(picture(1, 0, 1, 0, 1), picture(1, 1, 1, 0, 0), picture(1, 0, 0, 0, 0)),
        40,
        0);
    List<Chunk> chunks = chunks(Files.readAllBytes(file));
    assertThat(chunks.stream().map(Chunk::type))
        .containsExactly("IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND");
    assertThat(chunks.get(1).integer(0)).as("frames").isEqualTo(3);
    assertThat(chunks.get(1).integer(4)).as("plays").isZero();
    int sequence = 0;
    for (Chunk chunk : chunks) {
      if (chunk.type().equals("fcTL")) {
        assertThat(chunk.integer(0)).isEqualTo(sequence++);
        assertThat(chunk.integer(4)).as("width").isEqualTo(2);
        assertThat(chunk.integer(8)).as("height").isEqualTo(2);
        assertThat(chunk.shortInteger(20)).isEqualTo(40);
        assertThat(chunk.shortInteger(22)).isEqualTo(1000);
      } else if (chunk.type().equals("fdAT")) {
        assertThat(chunk.integer(0)).isEqualTo(sequence++);
      }
    }
    byte[] second =
        inflate(Arrays.copyOfRange(chunks.get(5).data(), 4, chunks.get(5).data().length));
    // Two rows of a filter byte and two pixels.
    assertThat(second).hasSize(6);
  }

  /** Who does not know animations sees the first frame. */
  @Test
  void theFirstFrameIsAnOrdinaryPicture() throws IOException, DataFormatException {
    Path file = folder.resolve("one.png");
    AnimatedPng.write(file, List.of(picture(1, 0, 1, 0.2f, 0.4f)), 100, 1);
    Chunk data = chunks(Files.readAllBytes(file)).get(3);
    assertThat(data.type()).isEqualTo("IDAT");
    assertThat(inflate(data.data())).hasSize(6);
  }

  private static byte[] inflate(byte[] data) throws DataFormatException {
    Inflater inflater = new Inflater();
    inflater.setInput(data);
    byte[] result = new byte[1000];
    int length = inflater.inflate(result);
    assertThat(inflater.finished()).isTrue();
    inflater.end();
    return Arrays.copyOf(result, length);
  }

  @Test
  void wrongFramesAreRefused() {
    Path file = folder.resolve("none.png");
    Picture grey = picture(1, 0, 0, 0, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AnimatedPng.write(file, List.of(), 40, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> AnimatedPng.write(file, List.of(grey, picture(1, 0, 0, 0, 0, 0, 0)), 40, 0))
        .withMessage("frames differ: [1, 2, 2] and [1, 2, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AnimatedPng.write(file, List.of(grey), 0, 0));
    assertThat(file).doesNotExist();
  }
}
