package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.model.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the programs beside the benchmarks begin and end. */
class ProgramTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static PrintStream print(OutputStream to) {
    return new PrintStream(to, false, StandardCharsets.UTF_8);
  }

  private int run(Program program, String... arguments) {
    PrintStream errors = print(err);
    int code = program.run(arguments, print(out), errors);
    errors.flush();
    return code;
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static Program program(String name) {
    return switch (name) {
      case "Turns" -> Turns.PROGRAM;
      case "Growth" -> Growth.PROGRAM;
      default -> Roofline.PROGRAM;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"Turns", "Growth", "Roofline"})
  void help_is_the_usage(String name) {
    for (String help : new String[] {"--help", "-h"}) {
      out.reset();
      assertThat(run(program(name), "1", help)).isZero();
      assertThat(out()).startsWith("usage: " + name + " [").endsWith("\n").hasLineCount(1);
    }
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Turns | vector | turns: too few arguments; usage: Turns [",
        "Turns | vector gemm --turns | turns: --turns: expected a value, got none; usage: Turns [",
        "Turns | vektor:1 gemm | turns: unknown implementation 'vektor'; known are reference",
        "Turns | scalar sgemm | turns: problem: expected peak, gemm",
        "Turns | scalar step:faces128@60000 | turns: step of faces128 at batch 60000: too large:",
        "Turns | scalar step:faces128@3000 | turns: step of faces128 at batch 3000: expected"
            + " arrays",
        "Turns | scalar sample:faces128@99999 | turns: pairs: expected arrays of at most"
            + " 2147483639",
        "Turns | scalar sample:faces128@20000 | turns: 20000 pairs of faces128: ",
        "Growth | --seconds 1 | growth: unknown option '--seconds'; usage: Growth [",
        "Growth | soon | growth: seconds: expected a number from 0.001 to 600, got 'soon'",
        "Growth | 1 vektor | growth: unknown implementation 'vektor'; known are reference",
        "Growth | 1 scalar 2 | growth: too many arguments: '2'; usage: Growth [",
        "Roofline | --threads 1 | roofline: unknown option '--threads'; usage: Roofline [",
        "Roofline | x.svg bar | roofline: threads: expected a number from 1 to 999, got 'bar'",
        "Roofline | x.svg 1.5 | roofline: threads: expected a whole number, got '1.5'",
        "Roofline | x.svg 1 0 | roofline: seconds: expected a number from 0.001 to 600, got '0'",
      })
  void a_wrong_argument_is_named_before_anything_is_printed(
      String name, String arguments, String message) {
    assertThat(run(program(name), arguments.split(" "))).isEqualTo(2);
    assertThat(err()).startsWith(message).hasLineCount(1);
    assertThat(out()).isEmpty();
  }

  @Test
  void usage_says_how_long_the_kinds_of_problems_take() {
    run(Turns.PROGRAM, "-h");
    TurnProblems.Kind kernel = TurnProblems.Kind.KERNEL;
    TurnProblems.Kind whole = TurnProblems.Kind.WHOLE;
    assertThat(out())
        .contains("[--seconds " + kernel.seconds + " (of a turn; " + (int) whole.seconds + " for")
        .contains("[--warm " + kernel.warm + " (")
        .contains("; " + (int) whole.warm + " for step and sample)]");
  }

  @Test
  void the_place_of_the_picture_is_looked_at_first(@TempDir Path folder) {
    Path file = folder.resolve("none").resolve("x.svg");
    assertThat(run(Roofline.PROGRAM, file.toString())).isEqualTo(2);
    assertThat(err())
        .isEqualToIgnoringNewLines(
            "roofline: picture " + file + ": cannot write: no folder " + file.getParent());
    err.reset();
    assertThat(run(Roofline.PROGRAM, folder.toString())).isEqualTo(2);
    assertThat(err()).contains("picture " + folder + ": is a folder, expected a file to write");
  }

  @Test
  void failures_and_wrong_arguments_have_codes_of_their_own() {
    Program wrong =
        new Program(
            "p",
            "usage",
            (arguments, to, errors) -> {
              throw new ConfigException("x: expected y");
            });
    Program failed =
        new Program(
            "p",
            "usage",
            (arguments, to, errors) -> {
              throw new IllegalStateException("z failed");
            });
    assertThat(run(wrong)).isEqualTo(2);
    assertThat(run(failed)).isEqualTo(1);
    assertThat(err()).isEqualToNormalizingNewlines("p: x: expected y\np: z failed\n");
  }

  @Test
  void results_that_cannot_be_written_are_a_failure_at_once() {
    AtomicInteger bytes = new AtomicInteger();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            bytes.incrementAndGet();
            throw new IOException("No space left on device");
          }
        };
    PrintStream errors = print(err);
    String[] endless = {"--turns", "1000", "--seconds", "600", "scalar", "gemm:4x4x4"};
    assertThat(Turns.PROGRAM.run(endless, print(full), errors)).isEqualTo(1);
    errors.flush();
    assertThat(err()).contains("turns: standard output: the results could not be written");
    assertThat(bytes.get()).isPositive();
  }
}
