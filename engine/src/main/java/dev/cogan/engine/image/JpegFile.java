package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;
import java.io.ByteArrayOutputStream;

/**
 * The outside of a JPEG file (ITU-T T.81, annex B): its sizes, found without decoding, how the
 * camera was held, and the file without the segments that only carry something beside the picture
 * (profiles, EXIF, comments).
 *
 * @param height rows
 * @param width columns
 * @param components 1 grey, 3 colour, 4 CMYK
 * @param orientation 1 upright, 2 to 8 as EXIF counts; height and width are those before turning
 * @param bytes the file with the segments that a decoder needs
 */
public record JpegFile(int height, int width, int components, int orientation, byte[] bytes) {
  private static final int MAX_SCANS = 100;
  private static final int MAX_SEGMENTS = 10_000;
  private static final long MAX_SCANNED_PIXELS = 1L << 30;

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int COM = 0xfe;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int ADOBE = 0xee;
  private static final int APP15 = 0xef;

  /**
   * Walks through the segments.
   *
   * @throws InputException if they are not those of a JPEG that can be decoded at bounded cost
   */
  public static JpegFile read(byte[] file, String name) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
    int[] frame = null;
    int scans = 0;
    int orientation = 0;
    int at = 2;
    kept.write(file, 0, 2);
    for (int segments = 0; at < file.length; segments++) {
      if (segments > MAX_SEGMENTS) {
        throw new InputException(name + ": more than " + MAX_SEGMENTS + " segments");
      }
      if ((file[at] & 0xff) != 0xff || at + 1 >= file.length) {
        throw new InputException(name + ": not a JPEG: no segment at byte " + at);
      }
      int marker = file[at + 1] & 0xff;
      if (marker == 0xff) { // A fill byte.
        at++;
        continue;
      }
      if (marker == EOI) {
        break;
      }
      if (marker == SOI || marker == 0x01 || marker >= 0xd0 && marker <= 0xd7) {
        at += 2;
        continue;
      }
      int length = at + 3 < file.length ? u16(file, at + 2) : 0;
      int end = at + 2 + length;
      if (length < 2 || end > file.length) {
        throw new InputException(name + ": truncated JPEG");
      }
      if (isFrame(marker)) {
        if (frame != null) {
          throw new InputException(name + ": a JPEG with more than one picture");
        }
        frame = frame(file, at, length, marker, name);
      }
      if (marker == SOS) {
        end = endOfScan(file, end);
        scans++;
        requireFew(frame, scans, name);
      }
      if (marker == APP1 && orientation == 0) {
        orientation = ExifOrientation.of(file, at + 4, end);
      }
      boolean beside = marker == COM || marker > APP0 && marker <= APP15 && marker != ADOBE;
      if (!beside) {
        kept.write(file, at, end - at);
      }
      at = end;
    }
    if (frame == null || scans == 0) {
      throw new InputException(name + ": truncated JPEG: no picture in it");
    }
    kept.write(0xff);
    kept.write(EOI);
    int turned = Math.max(orientation, ExifOrientation.UPRIGHT);
    return new JpegFile(frame[0], frame[1], frame[2], turned, kept.toByteArray());
  }

  private static int u16(byte[] file, int at) {
    return (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
  }

  /** Start of frame: C0 to CF but for the Huffman and arithmetic tables and a reserved one. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static int[] frame(byte[] file, int at, int length, int marker, String name) {
    if (marker > 0xc2) {
      throw new InputException(name + ": a lossless or arithmetic JPEG, which is not read");
    }
    if (length < 8) {
      throw new InputException(name + ": truncated JPEG");
    }
    int precision = file[at + 4] & 0xff;
    int height = u16(file, at + 5);
    int width = u16(file, at + 7);
    int components = file[at + 9] & 0xff;
    if (precision != 8) {
      throw new InputException(name + ": a JPEG of " + precision + " bits, expected 8");
    }
    if (components != 1 && components != 3) {
      throw new InputException(
          name
              + ": a JPEG with "
              + components
              + " components"
              + (components == 4 ? " (CMYK)" : "")
              + ", expected grey or RGB");
    }
    RawImage.requireSize(name, height, width, components);
    return new int[] {height, width, components};
  }

  /** Each scan goes over all pixels again: thousands of them would take minutes. */
  private static void requireFew(int[] frame, int scans, String name) {
    if (frame == null) {
      throw new InputException(name + ": not a JPEG: a scan before the frame");
    }
    if (scans > MAX_SCANS || (long) frame[0] * frame[1] * scans > MAX_SCANNED_PIXELS) {
      throw new InputException(name + ": a JPEG with too many scans (" + scans + ")");
    }
  }

  /** Entropy-coded data end at a marker that is neither a stuffed zero nor a restart. */
  private static int endOfScan(byte[] file, int from) {
    int at = from;
    while (at + 1 < file.length) {
      if (file[at] == (byte) 0xff) {
        int next = file[at + 1] & 0xff;
        if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
          return at;
        }
      }
      at++;
    }
    return file.length;
  }
}
