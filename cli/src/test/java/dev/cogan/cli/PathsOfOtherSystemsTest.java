package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run names folders by paths that may be none where it is read: on Windows one with a colon. */
@Tag("slow")
class PathsOfOtherSystemsTest {
  /** No system has such a name. */
  private static final String FOREIGN = "digits\0";

  @TempDir private Path folder;

  private RunDirectory run;

  @BeforeEach
  void train() throws IOException {
    Cli cli = TinyRuns.train(folder.resolve("runs"), "--steps", 2);
    assertThat(cli.code).as(cli.toString()).isZero();
    run = new RunDirectory(TinyRuns.run(folder.resolve("runs")));
    Provenances.edit(run.checkpoint(2), provenance -> provenance.put("data", FOREIGN));
  }

  private void refused(Path file, Object... command) {
    Cli cli = Cli.run(command);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .startsWith("cogan: " + file + ": \"data\" should be jar or a folder, found \"digits?\"");
  }

  @Test
  void areNamedWithTheirFile() throws IOException {
    refused(run.checkpoint(2), "resume", run.checkpoint(2), "--steps", 3);
    String options = Files.readString(run.options());
    assertThat(options).contains("\"data\": \"jar\"");
    Path changed = folder.resolve("options.json");
    Files.writeString(changed, options.replace("\"data\": \"jar\"", "\"data\": \"digits\\u0000\""));
    refused(changed, "train", "--config", changed, "--outdir", folder.resolve("new"));
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void areNotThereForAnEvaluation() {
    Cli cli = Cli.run("evaluate", "--model", run.checkpoint(2), "--samples", 10);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.message()).contains("digits?, the training's digits, is not there");
  }

  /** What another program calls its domains is no spec of this one. */
  @Test
  void namesThatAreNoSpecsHinderOnlyWhoReadsTheImages() {
    Provenances.edit(
        run.checkpoint(2), provenance -> provenance.put("domains", List.of("cats", "dogs")));
    for (String command : List.of("evaluate --model", "resume")) {
      List<Object> words = new ArrayList<>(List.of((Object[]) command.split(" ")));
      words.add(run.checkpoint(2));
      Cli cli = Cli.run(words.toArray());
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .startsWith("cogan: " + run.checkpoint(2) + ": names its images by domain 'cats': no");
    }
    Cli cli =
        Cli.run(
            "transform",
            "--model",
            run.checkpoint(2),
            "--input",
            "mnist",
            "--images",
            0,
            "--restarts",
            1,
            "--candidates",
            2,
            "--out",
            folder.resolve("t.png"));
    assertThat(cli.code).as(cli.toString()).isZero();
  }
}
