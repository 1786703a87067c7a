package dev.cogan.engine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * How a camera was held, as EXIF notes it (tag 0x0112 in the first directory of the TIFF inside a
 * JPEG's segment APP1): 1 upright, 2 to 8 turned or mirrored. Nothing else of EXIF is looked at,
 * and what is not as it should be counts as upright.
 */
final class ExifOrientation {
  static final int UPRIGHT = 1;

  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int TIFF = 42;
  private static final int TAG = 0x0112;
  private static final int ENTRY_BYTES = 12;
  private static final int TYPE_SHORT = 3;
  private static final int TYPE_LONG = 4;
  private static final Set<Integer> FROM_BOTTOM = Set.of(3, 4, 6, 7);
  private static final Set<Integer> FROM_RIGHT = Set.of(2, 3, 7, 8);

  private ExifOrientation() {}

  /**
   * The orientation that a segment notes.
   *
   * @param from where the segment's content begins, behind its length
   * @param end behind its last byte
   * @return 1 to 8, or 0 if the segment is not EXIF or says nothing about it
   */
  static int of(byte[] file, int from, int end) {
    int start = from + EXIF.length;
    if (start + 8 > end) {
      return 0;
    }
    for (int i = 0; i < EXIF.length; i++) {
      if (file[from + i] != EXIF[i]) {
        return 0;
      }
    }
    ByteBuffer tiff = ByteBuffer.wrap(file, start, end - start).slice();
    int order = tiff.getShort(0);
    if (order != 0x4949 && order != 0x4d4d) {
      return 0;
    }
    tiff.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    return tiff.getShort(2) == TIFF ? of(tiff) : 0;
  }

  /** A segment has at most 64 KiB, so there are at most some 5,000 entries to pass. */
  private static int of(ByteBuffer tiff) {
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory + 2 > tiff.limit()) {
      return 0;
    }
    int first = (int) directory + 2;
    int noted = Short.toUnsignedInt(tiff.getShort(first - 2));
    int entries = Math.min(noted, (tiff.limit() - first) / ENTRY_BYTES);
    for (int i = 0; i < entries; i++) {
      int at = first + i * ENTRY_BYTES;
      if (Short.toUnsignedInt(tiff.getShort(at)) == TAG) {
        return value(tiff, at);
      }
    }
    return 0;
  }

  private static int value(ByteBuffer tiff, int at) {
    int type = tiff.getShort(at + 2);
    if (tiff.getInt(at + 4) != 1 || type != TYPE_SHORT && type != TYPE_LONG) {
      return 0;
    }
    int value = type == TYPE_SHORT ? tiff.getShort(at + 8) : tiff.getInt(at + 8);
    return value < 1 || value > 8 ? 0 : value;
  }

  /**
   * The picture as it was seen. An orientation from 5 on swaps height and width.
   *
   * @param orientation 1 to 8
   */
  static RawImage upright(RawImage image, int orientation) {
    if (orientation == UPRIGHT) {
      return image;
    }
    int h = image.height();
    int w = image.width();
    boolean swapped = orientation > 4;
    // Where the first row's first sample comes from, and how far on the next ones are.
    boolean fromBottom = FROM_BOTTOM.contains(orientation);
    boolean fromRight = FROM_RIGHT.contains(orientation);
    int origin = (fromBottom ? (h - 1) * w : 0) + (fromRight ? w - 1 : 0);
    int down = fromBottom ? -w : w;
    int right = fromRight ? -1 : 1;
    int rowStep = swapped ? right : down;
    int columnStep = swapped ? down : right;
    int height = swapped ? w : h;
    int width = swapped ? h : w;
    char[] from = image.samples();
    char[] to = new char[from.length];
    int at = 0;
    for (int c = 0; c < image.channels(); c++) {
      for (int y = 0; y < height; y++) {
        int source = c * h * w + origin + y * rowStep;
        for (int x = 0; x < width; x++) {
          to[at++] = from[source];
          source += columnStep;
        }
      }
    }
    return new RawImage(image.channels(), height, width, image.bits(), to);
  }
}
