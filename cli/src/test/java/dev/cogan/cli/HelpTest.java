package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

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

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandIsFoundByItsNameWithoutTheOthers(String command) {
    assertThat(Main.typeOf(command).getAnnotation(Command.class).name()).isEqualTo(command);
    assertThat(Main.commandLine(command).getSubcommands()).containsOnlyKeys(command);
  }

  @Test
  void theVersionIsWhatPicocliWouldPrint() {
    for (String flag : new String[] {"-V", "--version"}) {
      Cli version = Cli.run(flag);
      assertThat(version.code).isZero();
      StringWriter printed = new StringWriter();
      Main.commandLine().printVersionHelp(new PrintWriter(printed, true));
      assertThat(version.out).isEqualTo(printed.toString());
    }
  }

  @Test
  void theProgramListsItsCommandsInGroupsAndItsExitCodes() {
    Cli help = Cli.run("--help");
    assertThat(help.code).isZero();
    for (String command : commands()) {
      assertThat(help.out).containsPattern("(?m)^  " + command + " +\\S");
    }
    assertThat(CommandGroups.grouped()).doesNotHaveDuplicates().isSubsetOf(commands());
    assertThat(help.out)
        .contains("\nTrain:", "\nUse a trained model:", "Exit codes", "130, 143, 129");
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

  /** Every command, those below another one too, by what a user types. */
  static Map<String, CommandLine> all() {
    Map<String, CommandLine> all = new LinkedHashMap<>();
    Main.commandLine()
        .getSubcommands()
        .forEach(
            (name, line) -> {
              all.put(name, line);
              line.getSubcommands().forEach((sub, each) -> all.put(name + " " + sub, each));
            });
    return all;
  }

  @Test
  void everyOptionStandsInANamedSection() {
    all()
        .forEach(
            (command, line) ->
                assertThat(
                        OptionSections.of(line.getCommandSpec())
                            .getOrDefault(OptionSections.HELP, List.of()))
                    .as(command + ": options that OptionSections does not know")
                    .allMatch(option -> option.usageHelp() || option.versionHelp()));
  }

  @Test
  void noOptionRunsIntoItsText() {
    all()
        .forEach(
            (command, line) -> {
              Object[] words = (command + " --help").split(" ");
              String help = Cli.run(words).out;
              for (OptionSpec option : line.getCommandSpec().options()) {
                if (!option.hidden() && option.arity().max() > 0) {
                  String name = option.names()[option.names()[0].length() == 2 ? 1 : 0];
                  String value = option.paramLabel();
                  value = option.arity().min() == 0 ? "[=" + value + "]" : "=" + value;
                  assertThat(help)
                      .as(command)
                      .containsPattern("(?m)^ .*" + Pattern.quote(name + value) + "( |$)");
                }
              }
              assertFits(help);
            });
  }

  @Test
  void theHelpNamesWhatAResumeCanChange() {
    String words = Cli.run("resume", "--help").out.replaceAll("\\s+", " ");
    assertThat(words).contains(ResumedPlan.ALLOWABLE_NAMES).contains("instance-noise");
  }

  /** A resume has few defaults of its own: what is not given stays as the run has it. */
  @Test
  void theHelpOfAResumeStatesNoDefaultsOfTrain() {
    for (OptionSpec option : all().get("resume").getCommandSpec().options()) {
      String words = String.join(" ", option.description());
      if (words.contains("default")
          && !Set.of("--progress", "--threads").contains(option.longestName())) {
        assertThat(words).as(option.longestName()).containsPattern("the run('s| has)");
      }
    }
  }

  @Test
  void importTakesWhatAModelLooksLikeAndNothingElse() {
    assertThat(Cli.run("import", "--help").out)
        .contains("--widths", "--noise")
        .doesNotContain("-g");
    assertThat(Cli.run("import", "x.safetensors", "--rate-g", "1").message())
        .contains("unknown option '--rate-g'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train|--loss|hing|did you mean 'hinge'?",
        "train|--preset|digts|did you mean 'digits'",
        "train|--rate-g|NaN|--rate-g: ",
        "train|--batch|0|--batch: ",
        "train|--seed|1.5|--seed: expected a whole number",
        "train|--widths|8,x|--widths: expected a whole number",
        "train|--k|99|--k: shared generator layers (k) must be 0 to 4",
        "train|--widths|1|--widths: family digits has 4 generator widths",
        "train|--widths-d|1|--widths-d: family digits has 3 discriminator widths",
        "train|--size|2|--size: the size of images must be from 4 to 1024, got 2",
        "train|--size|64|--size 64: the images of domain a keep their 28x28",
        "train|--r1-every|5|--r1-every goes with --r1",
        "train|--rename|ab|--rename: expected FROM=TO, got 'ab'",
        "train|--ema|2|--ema: ",
        "train|--a|mnsit|did you mean mnist?",
        "sample|--seeds|5-1|--seeds: range '5-1' runs backwards",
        "sample|--seeds|1|", // fine as it is: what follows is wrong
      })
  void aWrongValueIsNamedWithItsOption(String command, String option, String value, String words) {
    String second =
        option.equals("--a")
            ? "--b=mnist:edge"
            : command.equals("train") ? "--steps=0" : "--scale=0";
    Cli cli = Cli.run(command, option, value, second);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains(words == null ? "--scale must be" : words);
    assertFits(cli.err);
  }

  @Test
  void anOptionWithoutItsValueIsNamed() {
    assertThat(Cli.run("train", "--steps").message()).isEqualTo("cogan: --steps needs a value");
    assertThat(Cli.run("sample", "--out").message()).isEqualTo("cogan: --out needs a value");
    assertThat(Cli.run("train", "--config").message()).isEqualTo("cogan: --config needs a value");
  }

  @Test
  void aDecayThatRunsBackwardsIsNamedWithItsOption() {
    Cli cli = Cli.run("train", "--rate-decay=linear", "--rate-decay-steps=9-5", "--steps=0");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).startsWith("cogan: --rate-decay-steps: rate decay linear must run");
  }

  @Test
  void whatMustBeGivenStandsInTheFirstLineAndInTheMessage() {
    assertThat(Cli.run("export", "--help").out).startsWith("Usage: cogan export --out=PATH ");
    assertThat(Cli.run("export").message()).isEqualTo("cogan: export needs --out");
    assertThat(Cli.run("adapt").message())
        .contains("--source-images", "--target-labels")
        .doesNotContain("missing");
    assertThat(Cli.run("adapt", "--source-labels", "x").message())
        .endsWith("missing: --source-images, --target-images, --target-labels");
    assertThat(Cli.run("dataset", "prepare", "mnist").message()).endsWith("missing: --out");
  }

  @Test
  void aMistypedCommandIsNamedWithASuggestion() {
    Cli cli = Cli.run("trian");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.err).contains("trian").contains("Did you mean train");
    assertFits(cli.err);
  }
}
