package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FieldsTest {

  @Test
  void longTextsAreBrokenAtWordsAndIndented() {
    String text = "word ".repeat(40).strip();
    String lines = Fields.line("kernels", text);
    assertThat(lines.lines()).hasSizeGreaterThan(2);
    assertThat(lines.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(lines).startsWith("kernels   word word");
    assertThat(lines.lines().skip(1))
        .allSatisfy(line -> assertThat(line).startsWith("          w"));
    assertThat(lines.replaceAll("\\s+", " ")).isEqualTo("kernels " + text);
  }

  @Test
  void aWordThatDoesNotFitStaysWhole() {
    assertThat(Fields.line("run", "x".repeat(100))).isEqualTo("run       " + "x".repeat(100));
  }
}
