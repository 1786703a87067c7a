package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BenchCommandTest {

  @Test
  void profileNamesEveryLayerAndItsTimesAddUp() {
    Cli cli =
        Cli.run(
            "bench",
            "--profile",
            "--preset",
            "digits-small",
            "--batch",
            "2",
            "--seconds",
            "0.01",
            "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    Map<?, ?> report = (Map<?, ?>) Json.parse(cli.out, "report");
    assertThat(report.get("preset")).isEqualTo("digits-small");
    List<Object> names = new ArrayList<>();
    for (Object layer : (List<?>) report.get("layers")) {
      names.add(((Map<?, ?>) layer).get("name"));
    }
    assertThat(names)
        .contains(
            "generators.shared.0 ConvT2d",
            "generators.shared.1 Norm+PReLU",
            "generators.b.0 ConvT2d",
            "discriminators.a.0 Conv2d",
            "discriminators.shared.3 Linear");
    double inKernels = 0;
    for (Object kind : (List<?>) report.get("kinds")) {
      inKernels += ((Number) ((Map<?, ?>) kind).get("total_ms")).doubleValue();
    }
    assertThat(inKernels).isPositive().isLessThan(((Number) report.get("ms")).doubleValue());
  }

  @Test
  void overviewFitsInto80Columns() {
    Cli cli = Cli.run("bench", "--preset", "digits-small", "--seconds", "0.01");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out).contains("kernels", "peak", "GFLOP/s", "digits-small", "Adam");
    assertThat(cli.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(cli.err).contains("measuring matrix product 64x500x800-nt");
    assertThat(cli.out).contains("matrix product 1024x1024x1024-nt  ");
  }

  @Test
  void profileFitsInto80Columns() {
    Cli cli =
        Cli.run(
            "bench", "--profile", "--preset", "digits-small", "--batch", "2", "--seconds", "0.01");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  @Test
  void wrongInputIsRefusedInOneLine() {
    assertRefused("there is no 'digit'; known are", "bench", "--preset", "digit");
    assertRefused("--seconds must be 0.01 to 600, got 0.0", "bench", "--seconds", "0");
    assertRefused("--seconds must be 0.01 to 600, got NaN", "bench", "--seconds", "NaN");
    assertRefused("--batch goes with --profile only", "bench", "--batch", "4");
    assertRefused("batch must be 2 to 65536", "bench", "--profile", "--batch", "1");
    assertRefused("needs", "bench", "--profile", "--preset", "faces128", "--batch", "4000");
  }

  private static void assertRefused(String message, Object... args) {
    Cli cli = Cli.run(args);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains(message);
    assertThat(cli.err).doesNotContain("Exception");
  }
}
