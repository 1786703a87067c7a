package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.cogan.engine.model.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link Turns} understands, and that it measures what it says. */
class TurnsTest {

  @Test
  void prints_a_row_for_every_problem() {
    List<String> lines =
        run(
            "--turns",
            "3",
            "--seconds",
            "0.002",
            "--warm",
            "0.01",
            "vector:2,scalar",
            "gemm:33x17x65",
            "conv:digits-small.d1@2:forward");
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("median of 3", "vector, 2 threads", "scalar, 1 thread");
    String number = "\\d[\\d.e+-]*";
    String row = " \\| N / N \\| N \\| N / N \\| N x / N x \\|".replace("N", number);
    assertThat(lines.get(2)).matches("\\| 33x17x65" + row);
    assertThat(lines.get(3)).matches("\\| digits-small.d1@2 forward" + row);
  }

  @Test
  void a_round_is_all_problems_and_a_row_counts_all_rounds() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> lines =
        run(
            err,
            "--turns",
            "3",
            "--rounds",
            "2",
            "--seconds",
            "0.002",
            "--warm",
            "0.01",
            "scalar",
            "gemm:4x4x4",
            "gemm:5x5x5");
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("median of 6");
    assertThat(lines.get(2)).startsWith("| 4x4x4 |");
    assertThat(lines.get(3)).startsWith("| 5x5x5 |");
    assertThat(err.toString(StandardCharsets.UTF_8).lines().map(line -> line.split("[ ,]+")[1]))
        .containsExactly("4x4x4", "5x5x5", "4x4x4", "5x5x5");
    // A turn that was not measured would be the best, of no time.
    assertThat(lines.subList(2, 4)).noneMatch(line -> line.contains("| 0.000 "));
  }

  /** Where nobody says how long, a step gets more than a kernel, and is compiled at the end. */
  @Test
  void the_time_depends_on_the_kind_of_problem() {
    TurnProblems.Kind kernel = TurnProblems.parse("gemm:4x4x4").get(0).kind();
    assertThat(TurnProblems.parse("conv:digits.g1:forward").get(0).kind()).isEqualTo(kernel);
    for (String whole : new String[] {"step:digits-small@2", "sample:digits-small@1"}) {
      TurnProblems.Kind kind = TurnProblems.parse(whole).get(0).kind();
      assertThat(kind.warm).isGreaterThanOrEqualTo(10).isGreaterThan(kernel.warm);
      assertThat(kind.seconds).isGreaterThan(kernel.seconds);
    }
  }

  @Test
  void says_what_was_done_before_the_first_turn() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    run(
        err,
        "--turns",
        "1",
        "--seconds",
        "0.002",
        "--warm",
        "0.2",
        "scalar,scalar:2",
        "gemm:4x4x4");
    String before = "turns: 4x4x4, scalar, %s: 0\\.[2-9] s before the first turn, calls: \\d{2,}";
    assertThat(err.toString(StandardCharsets.UTF_8).lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).matches(before.formatted("1 thread")),
            line -> assertThat(line).matches(before.formatted("2 threads")));
  }

  @Test
  void the_peak_is_the_same_work_for_every_number_of_threads() {
    List<String> lines =
        run("--turns", "2", "--seconds", "0.01", "--warm", "0.1", "vector,vector:2", "peak");
    assertThat(lines).hasSize(3);
    assertThat(lines.get(2)).startsWith("| peak |");
    try (Operation one = Implementations.peak("vector", 1);
        Operation two = Implementations.peak("vector", 2)) {
      one.run();
      two.run();
      assertThat(two.result()).isEqualTo(one.result());
      double sum = 0;
      for (float part : one.result()) {
        sum += part;
      }
      assertThat(1e-9 * sum)
          .isCloseTo(TurnProblems.parse("peak").get(0).gigaFlop(), withinPercentage(0.01));
    }
  }

  @Test
  void names_stand_for_one_or_for_many() {
    assertThat(TurnProblems.parse("gemm")).hasSize(14);
    assertThat(TurnProblems.parse("gemm:5x6x7-tn")).hasSize(1);
    assertThat(TurnProblems.parse("conv")).hasSize(3 * ConvLayers.all().size());
    assertThat(TurnProblems.parse("conv:digits")).hasSize(3 * 7);
    assertThat(TurnProblems.parse("conv:face64.d3@8"))
        .extracting(TurnProblems.Problem::name)
        .containsExactly("face64.d3@8 forward", "face64.d3@8 inputGrad", "face64.d3@8 weightGrad");
    assertThat(TurnProblems.parse("conv:face64.d3:weightGrad")).hasSize(1);
    assertThat(TurnProblems.parse("conv:faces64")).hasSize(3 * 11);
    assertThat(TurnProblems.parse("conv:faces64@32:forward"))
        .extracting(TurnProblems.Problem::name)
        .hasSize(11)
        .contains("faces64.g1@32 forward", "faces64.d5@32 forward");
    assertThat(TurnProblems.parse("conv:faces64@32:forward").get(1).gigaFlop())
        .isEqualTo(TurnProblems.parse("conv:face64.g2:forward").get(0).gigaFlop() / 4);
    assertThat(TurnProblems.parse("step:digits-small@2").get(0).gigaFlop()).isPositive();
    assertThat(TurnProblems.parse("sample:digits-small@1").get(0).gigaFlop()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vector | too few arguments",
        "--repeat 3 vector gemm | unknown option '--repeat'",
        "--rounds 0 vector gemm | --rounds: expected a number from 1",
        "--turns 0 vector gemm | --turns: expected a number from 1",
        "--turns 2.5 vector gemm | --turns: expected a whole number, got '2.5'",
        "--seconds much vector gemm | --seconds: expected a number",
        "vector:0 gemm | contender: expected a name and threads such as vector:2, got 'vector:0'",
        "vector, gemm | contender: expected a name",
        "libtorch:2,libtorch:1 conv | libtorch has one number of threads for the whole JVM, got 2"
            + " and 1",
        "vector sgemm | problem: expected peak, gemm",
        "scalar peak | problem peak: expected the vector kernels, which have a probe of it, got"
            + " 'scalar'",
        "vector gemm:512 | expected m x n x k",
        "vector conv:digits.g9 | unknown layer 'digits.g9'",
        "vector conv:digits.g1:backward | unknown pass 'backward'",
        "vector step:digit | digit",
        "vector step:digits@0 | expected a number after @",
        "fastest gemm:4x4x4 | unknown implementation 'fastest'",
      })
  void what_is_wrong_is_said(String arguments, String message) {
    assertThatThrownBy(() -> run(arguments.split(" ")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  private static List<String> run(String... arguments) {
    return run(new ByteArrayOutputStream(), arguments);
  }

  private static List<String> run(ByteArrayOutputStream err, String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Turns.run(
        arguments,
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
