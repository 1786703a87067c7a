package dev.cogan.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Size of the first-level data cache, as Linux tells it. Blocks of products are cut by it, so that
 * the last bits of results depend on it; {@code -Dcogan.kernels.cache=32} computes as a machine
 * with 32 KB does.
 */
final class NearCache {
  /** System property with the size in KB. */
  static final String PROPERTY = "cogan.kernels.cache";

  /** What is assumed where nothing is known. */
  static final int USUAL_KB = 32;

  private static final Path LINUX = Path.of("/sys/devices/system/cpu/cpu0/cache/index0");
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,5})K?");

  /** Size from which on blocks are twice as deep. */
  private static final int LARGE_KB = 48;

  private NearCache() {}

  /** Whether two panels of 128 steps, 32 KB at 512 bits, leave room for what passes by. */
  static boolean large() {
    return kilobytes(wanted(), LINUX) >= LARGE_KB;
  }

  /** The property's value, or null; also where properties may not be read. */
  static String wanted() {
    try {
      return System.getProperty(PROPERTY);
    } catch (SecurityException e) {
      return null;
    }
  }

  /** What is wrong with the property's value, or null. */
  static String problem(String wanted) {
    return wanted == null || SIZE.matcher(wanted).matches()
        ? null
        : PROPERTY
            + ": expected the first-level cache's size in KB, such as 32, got '"
            + wanted
            + "'";
  }

  /**
   * The size in KB, {@link #USUAL_KB} where it cannot be found.
   *
   * @param wanted the property's value, or null
   * @param folder with the files {@code type} and {@code size} of the first cache
   */
  static int kilobytes(String wanted, Path folder) {
    try {
      String text = wanted;
      if (text == null && Files.readString(folder.resolve("type")).strip().equals("Data")) {
        text = Files.readString(folder.resolve("size")).strip();
      }
      Matcher size = SIZE.matcher(text == null ? "" : text);
      return size.matches() ? Integer.parseInt(size.group(1)) : USUAL_KB;
    } catch (IOException | RuntimeException e) {
      // Another system, or files that this JVM may not read.
      return USUAL_KB;
    }
  }
}
