package dev.cogan.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** What may be typed for an option. */
final class OptionNames {
  private OptionNames() {}

  /** All of its names; those that turn it off, too. */
  static List<String> all(OptionSpec option) {
    List<String> names = new ArrayList<>(List.of(option.names()));
    if (option.negatable()) {
      names.add(off(option));
    }
    return names;
  }

  /** The name that help and messages call it by: of several long ones the first. */
  static String shown(OptionSpec option) {
    return Arrays.stream(option.names())
        .filter(name -> name.startsWith("--"))
        .findFirst()
        .orElse(option.longestName());
  }

  /** The name that turns a negatable option off. */
  static String off(OptionSpec option) {
    return option.longestName().replaceFirst("^--", "--no-");
  }
}
