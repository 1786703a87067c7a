package dev.cogan.engine.model;

import dev.cogan.engine.tensor.Shape;

/**
 * A domain as the networks see it.
 *
 * @param name a, b, c, ...; part of parameter names
 * @param image {@code [channels, height, width]}
 */
public record DomainShape(String name, Shape image) {
  /** As many as there are letters. */
  public static final int MOST_DOMAINS = 26;

  /**
   * Checks name and rank.
   *
   * @throws ConfigException if they are not as they should be
   */
  public DomainShape {
    if (!name.matches("[a-z][a-z0-9]{0,15}") || name.equals("shared")) {
      throw new ConfigException(
          "domain name must be 1 to 16 letters and digits, not 'shared', got '" + name + "'");
    }
    if (image.rank() != 3 || image.count() == 0) {
      throw new ConfigException(
          "domain " + name + ": images must be [channels, height, width], got " + image);
    }
  }

  /**
   * Name of the domain with this index: a, b, ..., z.
   *
   * @throws ConfigException if there are not so many letters
   */
  public static String name(int index) {
    if (index < 0 || index >= MOST_DOMAINS) {
      throw new ConfigException("at most " + MOST_DOMAINS + " domains, got index " + index);
    }
    return String.valueOf((char) ('a' + index));
  }
}
