package dev.cogan.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Size of the data cache that micro-kernels read their panels from, as Linux tells it: the first
 * level's, or the second's of processors from AMD with a small first one. These multiply 512 bits
 * once per cycle, half as often as Intel's, and then the second level keeps up. Blocks of products
 * are cut by it, so that the last bits of results depend on it; {@code -Dcogan.kernels.cache=32}
 * computes as a machine with 32 KB does.
 */
final class NearCache {
  /** System property with the size in KB. */
  static final String PROPERTY = "cogan.kernels.cache";

  /** What is assumed where nothing is known. */
  static final int USUAL_KB = 32;

  /** Size from which on blocks are 128 steps: two panels of them, 32 KB, leave room for more. */
  static final int LARGE_KB = 48;

  /** Size from which on they are 256 steps: a second level's. */
  static final int SECOND_LEVEL_KB = 512;

  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,5})K?");
  private static final Pattern AMD = Pattern.compile("vendor_id\\s*:\\s*AuthenticAMD");

  private NearCache() {}

  /** The longest run along K that pays with 512-bit vectors. */
  static int steps() {
    int size = kilobytes(wanted(), CACHES, PROCESSORS);
    return size >= SECOND_LEVEL_KB ? 256 : size >= LARGE_KB ? 128 : 64;
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
            + ": expected the size in KB of the cache to compute for, such as 32, got '"
            + wanted
            + "'";
  }

  /**
   * The size in KB, {@link #USUAL_KB} where it cannot be found.
   *
   * @param wanted the property's value, or null
   * @param caches with a folder for each cache, {@code index0} and so on
   * @param processors lists the processors and who made them
   */
  static int kilobytes(String wanted, Path caches, Path processors) {
    if (wanted != null) {
      return number(wanted);
    }
    try {
      int first = size(caches.resolve("index0"), "Data", "1");
      if (first < LARGE_KB && isAmd(processors)) {
        return Math.max(first, size(caches.resolve("index2"), "Unified", "2"));
      }
      return first;
    } catch (IOException | RuntimeException e) {
      // Another system, or files that this JVM may not read.
      return USUAL_KB;
    }
  }

  private static int size(Path cache, String type, String level) throws IOException {
    boolean right = read(cache, "type").equals(type) && read(cache, "level").equals(level);
    return right ? number(read(cache, "size")) : USUAL_KB;
  }

  private static String read(Path cache, String file) throws IOException {
    return Files.readString(cache.resolve(file)).strip();
  }

  private static int number(String text) {
    Matcher size = SIZE.matcher(text);
    return size.matches() ? Integer.parseInt(size.group(1)) : USUAL_KB;
  }

  /** By the first of the processors: the others are the same, and there may be hundreds. */
  private static boolean isAmd(Path processors) throws IOException {
    if (!Files.isReadable(processors)) {
      return false;
    }
    try (var lines = Files.lines(processors)) {
      return lines.limit(8).anyMatch(line -> AMD.matcher(line).matches());
    }
  }
}
