package dev.cogan.engine.image;

import java.util.Locale;

/** What a file is, by its first bytes; names lie. */
public enum ImageFormat {
  /** Portable Network Graphics. */
  PNG,
  /** JPEG, with or without JFIF. */
  JPEG,
  /** Anything else. */
  OTHER;

  private static final int[] PNG_START = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int[] JPEG_START = {0xff, 0xd8, 0xff};

  /** The format of a file that begins with these bytes. */
  public static ImageFormat of(byte[] file) {
    return starts(file, PNG_START) ? PNG : starts(file, JPEG_START) ? JPEG : OTHER;
  }

  private static boolean starts(byte[] file, int[] start) {
    if (file.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((file[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a file of this name is taken for a picture: ends in .png, .jpg or .jpeg. */
  public static boolean hasName(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    return lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg");
  }

  static String describeStart(byte[] file) {
    if (file.length == 0) {
      return "empty";
    }
    StringBuilder text = new StringBuilder("starts with");
    for (int i = 0; i < Math.min(4, file.length); i++) {
      text.append(String.format(Locale.ROOT, " %02x", file[i]));
    }
    return text.toString();
  }
}
