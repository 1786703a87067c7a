package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Reads PNG (ISO/IEC 15948), every colour type, depth and interlacing, without {@code
 * java.desktop}. Chunks beside the picture (profiles, gamma, texts) are skipped unread: the samples
 * are the file's. Grey of fewer than 8 bits is stretched to 0..255; a palette gives RGB; a
 * transparent colour or palette entry gives alpha.
 */
public final class PngReader {
  private static final int SIGNATURE = 8;
  private static final int MAX_CHUNKS = 1 << 20;

  private final byte[] file;
  private final String name;
  private int width;
  private int height;
  private int depth;
  private int colour;
  private boolean interlaced;
  private byte[] palette;
  private byte[] transparency;
  private final PngData data;

  private PngReader(byte[] file, String name) {
    this.file = file;
    this.name = name;
    data = new PngData(file, name);
  }

  /**
   * Decodes a file.
   *
   * @param file all its bytes
   * @param name what messages call it
   * @throws InputException if it is not a whole PNG, or too large
   */
  public static RawImage decode(byte[] file, String name) {
    if (ImageFormat.of(file) != ImageFormat.PNG) {
      throw new InputException(name + ": not a PNG: " + ImageFormat.describeStart(file));
    }
    PngReader reader = new PngReader(file, name);
    try (reader.data) {
      reader.chunks();
      return reader.pixels();
    }
  }

  private InputException bad(String what) {
    return new InputException(name + ": " + what);
  }

  private long u32(int at) {
    return (file[at] & 0xffL) << 24
        | (file[at + 1] & 0xff) << 16
        | (file[at + 2] & 0xff) << 8
        | file[at + 3] & 0xff;
  }

  private void chunks() {
    int at = SIGNATURE;
    for (int count = 0; ; count++) {
      if (at + 12 > file.length || count > MAX_CHUNKS) {
        throw bad("truncated PNG");
      }
      long length = u32(at);
      if (length > file.length - at - 12) {
        throw bad("truncated PNG");
      }
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      int from = at + 8;
      int size = (int) length;
      if (count == 0 != type.equals("IHDR")) {
        throw bad("not a PNG: the header is not its first chunk or comes twice");
      }
      switch (type) {
        case "IHDR" -> header(from, checked(at, size));
        case "PLTE" -> palette = palette(from, checked(at, size));
        case "tRNS" -> transparency = Arrays.copyOfRange(file, from, from + checked(at, size));
        case "IDAT" -> data.add(from, checked(at, size));
        case "IEND" -> {
          return;
        }
        default -> {
          if (Character.isUpperCase(type.charAt(0))) {
            throw bad("a PNG with an unknown chunk " + type);
          }
        }
      }
      at = from + size + 4;
    }
  }

  private int checked(int at, int size) {
    CRC32 crc = new CRC32();
    crc.update(file, at + 4, size + 4);
    if (crc.getValue() != u32(at + 8 + size)) {
      throw bad("corrupt PNG: wrong checksum at byte " + at);
    }
    return size;
  }

  private byte[] palette(int from, int size) {
    if (size == 0 || size % 3 != 0 || size > 768) {
      throw bad("corrupt PNG: a palette of " + size + " bytes");
    }
    return Arrays.copyOfRange(file, from, from + size);
  }

  private void header(int from, int size) {
    if (size != 13) {
      throw bad("corrupt PNG: a header of " + size + " bytes");
    }
    long w = u32(from);
    long h = u32(from + 4);
    depth = file[from + 8];
    colour = file[from + 9];
    boolean known =
        switch (colour) {
          case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case 2, 4, 6 -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known || file[from + 10] != 0 || file[from + 11] != 0 || (file[from + 12] & 0xfe) != 0) {
      throw bad("corrupt PNG: colour type " + colour + " with " + depth + " bits");
    }
    interlaced = file[from + 12] == 1;
    RawImage.requireSize(name, h, w, 4);
    width = (int) w;
    height = (int) h;
  }

  /** Samples per pixel in the file. */
  private int samples() {
    return switch (colour) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  private RawImage pixels() {
    if (colour == 3 && palette == null) {
      throw bad("corrupt PNG: no palette");
    }
    int key = colour == 0 ? 2 : 6;
    if (transparency != null
        && (colour == 4
            || colour == 6
            || colour != 3 && transparency.length != key
            || colour == 3 && transparency.length > palette.length / 3)) {
      throw bad("corrupt PNG: wrong transparency");
    }
    int channels = (colour == 3 ? 3 : samples()) + (transparency != null ? 1 : 0);
    PngPixels target =
        new PngPixels(name, channels, height, width, depth, colour, palette, transparency);
    int bitsPerPixel = depth * samples();
    if (interlaced) {
      for (int pass = 0; pass < 7; pass++) {
        int x0 = new int[] {0, 4, 0, 2, 0, 1, 0}[pass];
        int y0 = new int[] {0, 0, 4, 0, 2, 0, 1}[pass];
        int dx = new int[] {8, 8, 4, 4, 2, 2, 1}[pass];
        int dy = new int[] {8, 8, 8, 4, 4, 2, 2}[pass];
        rows(target, bitsPerPixel, y0, dy, x0, dx);
      }
    } else {
      rows(target, bitsPerPixel, 0, 1, 0, 1);
    }
    return target.image();
  }

  private void rows(PngPixels target, int bitsPerPixel, int y0, int dy, int x0, int dx) {
    if (x0 >= width || y0 >= height) {
      return;
    }
    int count = (width - x0 + dx - 1) / dx;
    int bytes = (int) (((long) count * bitsPerPixel + 7) / 8);
    byte[] row = new byte[bytes];
    byte[] above = new byte[bytes];
    for (int y = y0; y < height; y += dy) {
      data.row(row, above, Math.max(1, bitsPerPixel / 8));
      target.put(row, count, y, x0, dx);
      byte[] swap = above;
      above = row;
      row = swap;
    }
  }
}
