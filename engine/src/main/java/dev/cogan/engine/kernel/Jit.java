package dev.cogan.engine.kernel;

import java.util.Locale;

/**
 * Guesses from system properties whether the JVM compiles with C2, the compiler that turns the
 * Vector API into vector instructions. A wrong guess costs speed, nothing else.
 */
final class Jit {

  private Jit() {}

  /** Null if it looks as if the compiler is C2, otherwise what it is, as a sentence. */
  static String notC2() {
    return notC2(
        Property.of("java.vm.name", ""),
        Property.of("java.vm.version", ""),
        Property.of("java.vm.info", ""));
  }

  /**
   * @param name property {@code java.vm.name}; HotSpot's ends in {@code Server VM}
   * @param version property {@code java.vm.version}; builds with Graal carry {@code jvmci}
   * @param info property {@code java.vm.info}; {@code interpreted mode} with {@code -Xint}, {@code
   *     emulated-client} where C1 is the last compiler
   */
  static String notC2(String name, String version, String info) {
    String lower = info.toLowerCase(Locale.ROOT);
    if (lower.contains("interpreted mode")) {
      return "the JVM interprets (-Xint), so the Vector API would be slow";
    }
    if (lower.contains("emulated-client") || name.contains("Client VM")) {
      return "the JVM stops at the C1 compiler, so the Vector API would be slow";
    }
    if (version.contains("jvmci") || name.contains("Graal")) {
      return "the JVM compiles with Graal, whose speed on the Vector API is not known";
    }
    if (name.isEmpty()) {
      return "the JVM does not let its name be read, so the Vector API may be slow";
    }
    if (!name.contains("Server VM") && !name.contains("HotSpot")) {
      return "the JVM is not HotSpot (" + name + "), so the Vector API may be slow";
    }
    return null;
  }
}
