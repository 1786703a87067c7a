package dev.cogan.engine.io;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes PNG (ISO/IEC 15948) with 8 bits per sample, grey or RGB, without {@code java.desktop}.
 * Each row takes the filter with the smallest sum of absolute values, the heuristic that the
 * standard proposes. Pixels are the same everywhere; the compressed bytes depend on the JDK's zlib.
 */
public final class Png {
  static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int FILTERS = 5;
  private static final int NONE = 0;
  private static final int SUB = 1;
  private static final int UP = 2;
  private static final int AVERAGE = 3;
  private static final int LEVEL = 6;

  private Png() {}

  /**
   * Encodes a picture.
   *
   * @param planes {@code [channels, height, width]}, unsigned bytes
   * @param channels 1 (grey) or 3 (red, green, blue)
   * @throws IllegalArgumentException if the sizes do not fit each other
   */
  public static byte[] encode(byte[] planes, int channels, int height, int width) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("PNG with 1 or 3 channels, not " + channels);
    }
    if (height < 1 || width < 1 || (long) channels * height * width != planes.length) {
      throw new IllegalArgumentException(
          "["
              + channels
              + ", "
              + height
              + ", "
              + width
              + "] does not describe "
              + planes.length
              + " bytes");
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(SIGNATURE);
      chunk(out, "IHDR", header(channels, height, width));
      chunk(out, "IDAT", compress(planes, channels, height, width));
      chunk(out, "IEND", new byte[0]);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Encodes a picture and writes it, whole or not at all; see {@link AtomicFile}. */
  public static void write(Path path, byte[] planes, int channels, int height, int width) {
    AtomicFile.write(path, encode(planes, channels, height, width));
  }

  /** Content of IHDR: size, 8 bits, grey or RGB, the one compression and filter method there is. */
  static byte[] header(int channels, int height, int width) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, (byte) (channels == 1 ? 0 : 2), 0, 0, 0});
    return header.toByteArray();
  }

  static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }

  static byte[] compress(byte[] planes, int channels, int height, int width) throws IOException {
    // The best compression would save 2 % of the bytes and take ten times as long.
    Deflater deflater = new Deflater(LEVEL);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater, 1 << 16);
      int rowBytes = channels * width;
      byte[] above = new byte[rowBytes];
      byte[] row = new byte[rowBytes];
      byte[][] filtered = new byte[FILTERS][1 + rowBytes];
      for (int y = 0; y < height; y++) {
        for (int c = 0; c < channels; c++) {
          for (int x = 0; x < width; x++) {
            row[x * channels + c] = planes[(c * height + y) * width + x];
          }
        }
        out.write(filtered[filter(row, above, channels, filtered)]);
        byte[] swap = above;
        above = row;
        row = swap;
      }
      out.finish();
      return bytes.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /** Applies all filters to a row and returns the number of the one that promises most. */
  private static int filter(byte[] row, byte[] above, int channels, byte[][] filtered) {
    if (Arrays.equals(row, above)) {
      // Enlarged pictures are full of such rows.
      Arrays.fill(filtered[UP], (byte) 0);
      filtered[UP][0] = UP;
      return UP;
    }
    // The likely one first: others are given up as soon as their sum is larger.
    int best = UP;
    long bestSum = apply(UP, row, above, channels, filtered[UP], Long.MAX_VALUE);
    for (int type = 0; type < FILTERS; type++) {
      if (type != UP) {
        long sum = apply(type, row, above, channels, filtered[type], bestSum);
        if (sum < bestSum || sum == bestSum && type < best) {
          best = type;
          bestSum = sum;
        }
      }
    }
    return best;
  }

  /**
   * Applies one filter to a row.
   *
   * @param most the sum above which nobody wants the rest
   * @return the sum of absolute values; of a part of the row if it is above {@code most}
   */
  private static long apply(
      int type, byte[] row, byte[] above, int channels, byte[] out, long most) {
    out[0] = (byte) type;
    long sum = 0;
    for (int i = 0; i < row.length && sum <= most; i++) {
      int left = i < channels ? 0 : row[i - channels] & 0xff;
      int up = above[i] & 0xff;
      int guess;
      if (type == NONE) {
        guess = 0;
      } else if (type == SUB) {
        guess = left;
      } else if (type == UP) {
        guess = up;
      } else if (type == AVERAGE) {
        guess = (left + up) / 2;
      } else {
        guess = paeth(left, up, i < channels ? 0 : above[i - channels] & 0xff);
      }
      byte value = (byte) (row[i] - guess);
      out[i + 1] = value;
      sum += Math.abs(value);
    }
    return sum;
  }

  /** Of three neighbours, the one nearest to {@code left + up - upLeft}. */
  private static int paeth(int left, int up, int upLeft) {
    int a = Math.abs(up - upLeft);
    int b = Math.abs(left - upLeft);
    int c = Math.abs(left + up - 2 * upLeft);
    return a <= b && a <= c ? left : b <= c ? up : upLeft;
  }
}
