package dev.cogan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Where and when something was measured, without which a number says nothing. */
final class Platform {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Platform() {}

  /** {@code 2026-11-30, JDK 17.0.15, AMD EPYC, 2 cores}. */
  static String describe() {
    return LocalDate.now()
        + ", JDK "
        + System.getProperty("java.version")
        + ", "
        + processor()
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores";
  }

  private static String processor() {
    try {
      return processor(Files.readAllLines(PROCESSORS));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // Not Linux, or hidden.
    }
  }

  static String processor(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("model name")) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return System.getProperty("os.arch");
  }
}
