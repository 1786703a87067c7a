package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help;

class StoredHelpTest {
  /** Where {@code -Dcogan.help.write=FOLDER} has the texts written. */
  private static final String FOLDER = System.getProperty("cogan.help.write");

  @Test
  void everyHelpIsStoredAsItWouldBePrinted() throws IOException {
    for (List<String> command : commands()) {
      String name = StoredHelp.fileName(command);
      String printed = printed(Help.defaultColorScheme(Help.Ansi.ON), command);
      if (FOLDER != null) {
        Files.writeString(Path.of(FOLDER, name), printed);
        continue;
      }
      try (InputStream in = StoredHelp.class.getResourceAsStream("help/" + name)) {
        assertThat(in).as("help/" + name).isNotNull();
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .as(
                "help/%s; to write all of them: mvn test -pl cli -am"
                    + " -Dtest=StoredHelpTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dcogan.help.write=$PWD/cli/src/main/resources/dev/cogan/cli/help",
                name)
            .isEqualTo(printed);
      }
    }
  }

  @Test
  void storedHelpIsPrintedInItsPlace() {
    for (List<String> command : commands()) {
      List<String> args = new ArrayList<>(command);
      args.add("--help");
      StringWriter out = new StringWriter();
      PrintWriter printer = new PrintWriter(out);
      assertThat(StoredHelp.print(printer, args.toArray(new String[0]))).as("%s", args).isTrue();
      assertThat(out.toString().replace(System.lineSeparator(), "\n"))
          .isEqualTo(printed(Help.defaultColorScheme(Help.Ansi.OFF), command));
    }
  }

  @Test
  void whatIsNotJustAQuestionForHelpGoesItsUsualWay() {
    for (String[] args :
        new String[][] {
          {},
          {"train"},
          {"--help", "train"},
          {"train", "--steps", "1", "--help"},
          {"../help/train", "--help"},
          {"no-such-command", "-h"}
        }) {
      StringWriter out = new StringWriter();
      assertThat(StoredHelp.print(new PrintWriter(out), args)).isFalse();
      assertThat(out.toString()).isEmpty();
    }
  }

  private static String printed(Help.ColorScheme colours, List<String> command) {
    List<String> args = new ArrayList<>(command);
    args.add("--help");
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    int code = Main.runCommand(printer, printer, colours, args.toArray(new String[0]));
    assertThat(code).as(out.toString()).isEqualTo(ExitCode.DONE);
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  /** The program, its commands and theirs. */
  private static List<List<String>> commands() {
    List<List<String>> commands = new ArrayList<>();
    collect(List.of(), Main.commandLine(), commands);
    assertThat(commands).hasSizeGreaterThan(15);
    return commands;
  }

  private static void collect(List<String> words, CommandLine line, List<List<String>> commands) {
    commands.add(words);
    line.getSubcommands()
        .forEach(
            (name, below) -> {
              List<String> more = new ArrayList<>(words);
              more.add(name);
              collect(more, below, commands);
            });
  }
}
