package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cogan.engine.train.Preset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.OptionSpec;

class CompletionCommandTest {
  @TempDir Path folder;

  /** What a real bash offers behind each of these lines, its words apart by blanks. */
  private List<String> bash(String... lines) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash here");
    StringBuilder script = new StringBuilder(Cli.run("generate-completion").out);
    script.append("offer() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); ");
    // compopt works within a completion only.
    script.append("compopt() { return 0; }; _cogan; echo \"${COMPREPLY[*]-}\"; }\n");
    for (String line : lines) {
      List<String> words = new ArrayList<>();
      for (String word : line.split(" ", -1)) {
        words.add("'" + word + "'");
      }
      script.append("offer ").append(String.join(" ", words)).append('\n');
    }
    Path file = Files.writeString(folder.resolve("completion.sh"), script);
    Path out = folder.resolve("out");
    Process bash =
        new ProcessBuilder("/bin/bash", "--norc", "-u", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(bash.waitFor(TrainingProcess.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(bash.exitValue()).as(text).isZero();
    return text.lines().toList();
  }

  @Test
  void commandsAndOptions() throws Exception {
    assertThat(bash("cogan tr", "cogan dataset in", "cogan train --los", "cogan train --no-"))
        .containsExactly(
            "train transform", "inspect", "--loss", "--no-tensorboard --no-spectral-norm");
  }

  @Test
  void valuesAsTheDocumentsSpellThem() throws Exception {
    String presets = String.join(" ", Preset.all().stream().map(Preset::label).toList());
    assertThat(
            bash(
                "cogan train --preset ",
                "cogan bench --preset digits-s",
                "cogan train --loss ",
                "cogan train --noise ",
                "cogan train --rate-decay c",
                "cogan train --progress l",
                "cogan dataset prepare DIR --alpha ",
                "cogan export --out x --net d",
                "cogan resume --allow rate-",
                "cogan evaluate --instead "))
        .containsExactly(
            presets,
            "digits-small",
            "bce hinge lsgan",
            "normal uniform mixture",
            "cosine",
            "live log",
            "white black drop",
            "discriminators",
            "rate-g rate-d rate-decay",
            "real unrelated blank");
  }

  @Test
  void valuesBehindAnEqualsSignAndInLists() throws Exception {
    assertThat(
            bash(
                "cogan train --loss = hi", // bash's own way to take --loss=hi apart
                "cogan train --loss =",
                "cogan train --loss=hi", // zsh's
                "cogan sweep --algorithms cogan,c",
                "cogan train --loss bce --no"))
        .containsExactly(
            "hinge",
            "bce hinge lsgan",
            "--loss=hinge",
            "cogan,cogan cogan,cgan",
            "--no-tensorboard --noise --no-spectral-norm");
  }

  @Test
  void filesAreLeftToTheShellAndANumberIsNotCompleted() throws Exception {
    assertThat(bash("cogan train --data ", "cogan train --steps ", "cogan inspect r"))
        .containsOnly("");
  }

  /** With the parts of zsh's own completion that the script calls replaced by ones that tell. */
  @Test
  void zshCompletesFilesBehindAnEqualsSign() throws Exception {
    Path zsh = Path.of("/usr/bin/zsh");
    assumeTrue(Files.isExecutable(zsh), "no zsh here");
    String script =
        "setopt extendedglob\ncompdef() { echo compdef $*; }\ncomplete() { echo complete; }\n"
            + "_default() { echo files of $PREFIX; }\n"
            + "compset() { PREFIX=${PREFIX##${~2}}; }\n"
            + Cli.run("generate-completion").out
            + "_bash_complete() { return 1; }\n"
            + "PREFIX=--data=a=b/; _cogan_zsh\n"
            + "PREFIX=runs; _cogan_zsh\n";
    Path file = Files.writeString(folder.resolve("completion.zsh"), script);
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(zsh.toString(), "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(TrainingProcess.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readAllLines(out))
        .containsExactly("compdef _cogan_zsh cogan", "files of a=b/", "files of runs");
  }

  @Test
  void aValueThatIsACommandsNameIsNoCommand() throws Exception {
    assertThat(bash("cogan evaluate --split train --ins")).containsExactly("--instead");
  }

  /** What is offered is what the help names, and every value that is offered is taken. */
  @Test
  void everyOfferedValueStandsInTheHelpAndIsTaken() {
    int[] checked = {0};
    HelpTest.all()
        .forEach(
            (command, line) -> {
              for (OptionSpec option : line.getCommandSpec().options()) {
                String name = option.longestName();
                for (String value : CompletionCommand.choices(command, option)) {
                  checked[0]++;
                  if (!name.equals("--preset") || command.equals("train")) {
                    assertThat(String.join(" ", option.description()))
                        .as(command + " " + name)
                        .containsPattern("\\b" + value + "\\b");
                  }
                  String[] typed = (command + " " + name + "=" + value + " --nonsense").split(" ");
                  assertThat(Cli.run((Object[]) typed).message())
                      .containsPattern("unknown option '--nonsense'| needs ");
                }
              }
            });
    assertThat(checked[0]).isGreaterThan(80);
  }
}
