package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

  @ParameterizedTest
  @ValueSource(strings = {"train", "sample", "inspect", "doctor"})
  void everyCommandExplainsItselfWithin80Columns(String command) {
    for (String flag : new String[] {"-h", "--help"}) {
      Cli help = Cli.run(command, flag);
      assertThat(help.code).isZero();
      assertThat(help.out).contains("Usage: cogan " + command);
      assertThat(help.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    }
    assertThat(Cli.run(command, "-V").out).startsWith("cogan ");
  }

  @Test
  void theProgramListsItsCommandsAndExitCodes() {
    Cli help = Cli.run("--help");
    assertThat(help.code).isZero();
    assertThat(help.out).contains("train", "sample", "inspect", "doctor", "Exit codes");
    assertThat(help.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  @Test
  void withoutACommandTheUsageIsWrong() {
    Cli cli = Cli.run();
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("train, sample, inspect, doctor");
  }

  @Test
  void aMistypedOptionIsNamedWithASuggestion() {
    Cli cli = Cli.run("train", "--seeed", "7");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.err).contains("--seeed").contains("--seed");
  }

  @Test
  void aMistypedCommandIsNamedWithASuggestion() {
    Cli cli = Cli.run("trian");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.err).contains("trian").contains("train");
  }
}
