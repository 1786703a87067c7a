package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static final List<String> COMMANDS = List.of("train", "transform", "sample", "resume");

  @Test
  void nearestNamesFirstAndNothingForNonsense() {
    assertThat(Suggestions.of("trian", COMMANDS)).containsExactly("train");
    assertThat(Suggestions.of("transfrom", COMMANDS)).containsExactly("transform");
    assertThat(Suggestions.of("resmue", COMMANDS)).containsExactly("resume");
    assertThat(Suggestions.of("xyzzy", COMMANDS)).isEmpty();
    assertThat(Suggestions.clause("sampel", COMMANDS)).isEqualTo("; did you mean 'sample'?");
    assertThat(Suggestions.clause("", COMMANDS)).isEmpty();
  }

  @Test
  void distances() {
    assertThat(Suggestions.distance("", "")).isZero();
    assertThat(Suggestions.distance("abc", "")).isEqualTo(3);
    assertThat(Suggestions.distance("abcd", "acbd")).isEqualTo(1);
    assertThat(Suggestions.distance("kitten", "sitting")).isEqualTo(3);
  }
}
