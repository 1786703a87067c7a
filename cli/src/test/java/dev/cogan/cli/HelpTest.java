package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {

  /** Every command that is registered, also those added later. */
  static Set<String> commands() {
    return Main.commandLine().getSubcommands().keySet();
  }

  private static void assertFits(String text) {
    assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItselfWithin80Columns(String command) {
    for (String flag : new String[] {"-h", "--help"}) {
      Cli help = Cli.run(command, flag);
      assertThat(help.code).isZero();
      assertThat(help.out).contains("Usage: cogan " + command);
      assertFits(help.out);
    }
    assertThat(Cli.run(command, "-V").out).as("version").isNotBlank();
  }

  @Test
  void theProgramListsItsCommandsInGroupsAndItsExitCodes() {
    Cli help = Cli.run("--help");
    assertThat(help.code).isZero();
    for (String command : commands()) {
      assertThat(help.out).containsPattern("(?m)^  " + command + " +\\S");
    }
    assertThat(help.out).contains("\nTrain:", "\nUse a trained model:", "Exit codes", "130, 143");
    assertFits(help.out);
  }

  @Test
  void withoutACommandTheUsageIsWrong() {
    Cli cli = Cli.run();
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("train", "sample", "inspect", "doctor");
  }

  @Test
  void aMistypedOptionIsNamedWithASuggestion() {
    Cli cli = Cli.run("train", "--seeed", "7");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.err).contains("--seeed").contains("--seed").doesNotContain("null");
    assertFits(cli.err);
  }

  @Test
  void aMistypedCommandIsNamedWithASuggestion() {
    Cli cli = Cli.run("trian");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.err).contains("trian").contains("Did you mean train");
    assertFits(cli.err);
  }

  @Test
  void completionIsAScriptThatKnowsCommandsAndOptions() {
    Cli cli = Cli.run("generate-completion");
    assertThat(cli.code).isZero();
    assertThat(cli.out).contains("complete -F", "--snapshot", "inspect", "'--model'");
  }
}
