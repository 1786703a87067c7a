package dev.cogan.engine.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** The architectures by name, as {@link ModelConfig#family} spells them. */
public final class Families {
  private static final Map<String, Architecture> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("digits", new DigitsArchitecture());
    BY_NAME.put("digits-mlp", new DigitsMlpArchitecture());
    BY_NAME.put("photos", new PhotosArchitecture());
    BY_NAME.put("photos-light", new PhotosLightArchitecture());
  }

  private Families() {}

  /**
   * The architecture with this name.
   *
   * @throws ConfigException if there is none, with the names that there are
   */
  public static Architecture named(String name) {
    Architecture architecture = BY_NAME.get(name);
    if (architecture == null) {
      throw new ConfigException(
          "unknown model family '" + name + "'; known are " + String.join(", ", BY_NAME.keySet()));
    }
    return architecture;
  }
}
