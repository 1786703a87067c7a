package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A strict decoder of 8-bit PNG for the tests, written from the standard and apart from {@link
 * Png}; the engine's modules see no {@code javax.imageio}.
 */
final class PngDecoder {
  int width;
  int height;
  int channels;

  /** {@code [channels, height, width]}. */
  byte[] planes;

  /** How often each filter was used. */
  final int[] filters = new int[5];

  static PngDecoder decode(byte[] file) throws IOException, DataFormatException {
    PngDecoder decoder = new PngDecoder();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
    assertThat(in.readLong()).isEqualTo(0x89504e470d0a1a0aL);
    DataInputStream header = new DataInputStream(new ByteArrayInputStream(chunk(in, "IHDR")));
    decoder.width = header.readInt();
    decoder.height = header.readInt();
    assertThat(header.read()).as("bit depth").isEqualTo(8);
    int colour = header.read();
    assertThat(colour).isIn(0, 2);
    decoder.channels = colour + 1;
    assertThat(header.readAllBytes()).containsExactly(0, 0, 0);
    decoder.unfilter(chunk(in, "IDAT"));
    assertThat(chunk(in, "IEND")).isEmpty();
    assertThat(in.read()).isEqualTo(-1);
    return decoder;
  }

  private static byte[] chunk(DataInputStream in, String type) throws IOException {
    byte[] data = new byte[in.readInt() + 4];
    in.readFully(data, 0, 4);
    assertThat(new String(data, 0, 4, StandardCharsets.US_ASCII)).isEqualTo(type);
    in.readFully(data, 4, data.length - 4);
    CRC32 crc = new CRC32();
    crc.update(data);
    assertThat(in.readInt()).as("checksum of " + type).isEqualTo((int) crc.getValue());
    return Arrays.copyOfRange(data, 4, data.length);
  }

  private void unfilter(byte[] compressed) throws DataFormatException {
    int bytes = channels * width;
    byte[] raw = new byte[height * (bytes + 1)];
    Inflater inflater = new Inflater();
    inflater.setInput(compressed);
    assertThat(inflater.inflate(raw)).isEqualTo(raw.length);
    assertThat(inflater.inflate(new byte[1])).isZero();
    assertThat(inflater.finished()).isTrue();
    inflater.end();
    int[][] rows = new int[height + 1][bytes + channels]; // Zeros above and to the left.
    planes = new byte[channels * height * width];
    for (int y = 0; y < height; y++) {
      int[] row = rows[y + 1];
      int type = raw[y * (bytes + 1)];
      filters[type]++;
      for (int i = 0; i < bytes; i++) {
        int a = row[i];
        int b = rows[y][i + channels];
        int c = rows[y][i];
        int prediction =
            switch (type) {
              case 0 -> 0;
              case 1 -> a;
              case 2 -> b;
              case 3 -> (a + b) >> 1;
              case 4 -> paeth(a, b, c);
              default -> throw new AssertionError("filter " + type);
            };
        row[i + channels] = (raw[y * (bytes + 1) + 1 + i] + prediction) & 0xff;
        planes[(i % channels * height + y) * width + i / channels] = (byte) row[i + channels];
      }
    }
  }

  private static int paeth(int a, int b, int c) {
    int p = a + b - c;
    int distance = Math.min(Math.abs(p - a), Math.min(Math.abs(p - b), Math.abs(p - c)));
    if (distance == Math.abs(p - a)) {
      return a;
    }
    return distance == Math.abs(p - b) ? b : c;
  }
}
