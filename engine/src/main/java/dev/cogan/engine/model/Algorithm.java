package dev.cogan.engine.model;

import java.util.Locale;

/** How the networks of the domains belong together. */
public enum Algorithm {
  /** The coupled GAN of the paper: the first k and the last l rows are shared. */
  COGAN,
  /**
   * The paper's conditional GAN: one generator, whose z is followed by a code of the domain, and
   * one discriminator with a class "generated" and one "real" for each domain, which is not told
   * the domain.
   */
  CGAN,
  /** One GAN for each domain; they share nothing but the z that they are given. */
  GAN;

  /** Lower-case name, as options and files spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Back from {@link #label}.
   *
   * @throws ConfigException if there is none of this name
   */
  public static Algorithm named(String label) {
    for (Algorithm algorithm : values()) {
      if (algorithm.label().equals(label)) {
        return algorithm;
      }
    }
    throw new ConfigException("unknown algorithm '" + label + "'; known are cogan, cgan, gan");
  }
}
