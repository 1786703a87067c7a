package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.Preset;
import java.util.List;

/** Presets by the names that users type. */
final class Presets {
  private Presets() {}

  /**
   * The preset.
   *
   * @throws InputException if there is none of that name; with what may have been meant
   */
  static Preset named(String name) {
    List<String> known = Preset.all().stream().map(Preset::label).toList();
    if (!known.contains(name)) {
      throw new InputException(
          "--preset: there is no '"
              + name
              + "'; known are "
              + String.join(", ", known)
              + (name.length() > 100 ? "" : Suggestions.clause(name, known)));
    }
    return Preset.named(name);
  }
}
