package dev.cogan.engine.kernel;

/** System properties, where they may be read. */
final class Property {
  private Property() {}

  /** The property's value; {@code usual} if it is not set, or if a security manager hides it. */
  static String of(String name, String usual) {
    try {
      return System.getProperty(name, usual);
    } catch (SecurityException e) {
      return usual;
    }
  }
}
