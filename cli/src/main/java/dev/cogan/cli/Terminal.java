package dev.cogan.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether a person watches standard error on a terminal that can redraw a line. */
final class Terminal {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  static boolean watched() {
    return watched(System.getenv());
  }

  static boolean watched(Map<String, String> environment) {
    if ("dumb".equals(environment.get("TERM")) || environment.containsKey("CI")) {
      return false;
    }
    try {
      if (Files.exists(STANDARD_ERROR)) {
        String device = Files.readSymbolicLink(STANDARD_ERROR).toString();
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
      }
    } catch (IOException | UnsupportedOperationException e) {
      // No such system: ask the JVM.
    }
    Console console = System.console();
    return console != null && isTerminal(console);
  }

  /** From JDK 22 on there is a console without a terminal; the method that tells is new, too. */
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
