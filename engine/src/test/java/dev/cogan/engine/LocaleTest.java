package dev.cogan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in messages and files look the same on every machine: digits of ASCII, a full stop. */
class LocaleTest {
  /** A call that formats something, with neither {@code Locale.ROOT} first nor no argument. */
  private static final Pattern WITHOUT_LOCALE =
      Pattern.compile(
          "\\b(String\\s*\\.\\s*format|formatted|printf)\\(\\s*+(?!\\)|(java\\.util\\.)?Locale\\.ROOT\\b)");

  private static List<String> violations(String name, String source) {
    List<String> found = new ArrayList<>();
    Matcher matcher = WITHOUT_LOCALE.matcher(source);
    while (matcher.find()) {
      found.add(name + ":" + (source.substring(0, matcher.start()).lines().count()));
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "kernels", "cli"})
  void everythingIsFormattedForNoCountry(String module) throws IOException {
    List<String> found = new ArrayList<>();
    int files = 0;
    try (Stream<Path> all = Files.walk(Path.of("..", module, "src", "main", "java"))) {
      for (Path file : all.filter(f -> f.toString().endsWith(".java")).toList()) {
        found.addAll(violations(file.getFileName().toString(), Files.readString(file)));
        files++;
      }
    }
    assertThat(files).isGreaterThan(10);
    assertThat(found).as("calls whose first argument should be Locale.ROOT").isEmpty();
  }

  @Test
  void theSearchFindsWhatIsThere() {
    assertThat(violations("A", "x;\ny = String.format(\n  \"%d\", 1);")).containsExactly("A:2");
    assertThat(violations("A", "\"%d\".formatted(1)")).hasSize(1);
    assertThat(violations("A", "out.printf(\"%d\", 1)")).hasSize(1);
    assertThat(violations("A", "String.format(\n  Locale.ROOT, \"%d\", 1)")).isEmpty();
    assertThat(violations("A", "String.format(java.util.Locale.ROOT, \"%d\", 1)")).isEmpty();
    assertThat(violations("A", "line.formatted()")).isEmpty();
  }
}
