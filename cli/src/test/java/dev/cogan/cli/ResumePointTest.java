package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folder a resume takes for the run, and which it leaves alone. */
@Tag("slow")
class ResumePointTest {
  private static final String RUN = "runs/00000-mnist-edge-digits-small";

  @TempDir private Path folder;

  private RunDirectory run;
  private Path copies;

  @BeforeEach
  void aRunAndAFolderOfTheUsers() throws IOException {
    List<Object> args = new ArrayList<>(List.of("train", "--steps", 2));
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of("--outdir", folder.resolve("runs")));
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    run = new RunDirectory(folder.resolve(RUN));
    copies = Files.createDirectory(folder.resolve("copies"));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theBestCheckpointIsGoneOnWithWhereNoOtherIsLeft() throws IOException {
    run.markBest(run.checkpoint(2));
    for (Path checkpoint : run.newestFirst()) {
      Files.delete(checkpoint);
    }
    Cli cli = Cli.run("resume", run.path(), "--steps", 3);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(run.checkpoint(3)).exists();
  }

  @Test
  void aLinkContinuesTheRunItLeadsTo() throws IOException {
    Path link = copies.resolve("latest.safetensors");
    Files.createSymbolicLink(link, Path.of("..", RUN, run.checkpoint(2).getFileName().toString()));
    Cli cli = Cli.run("resume", link, "--steps", 3);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(names(copies)).containsExactly("latest.safetensors");
    assertThat(run.newestFirst()).containsExactly(run.checkpoint(3), run.checkpoint(2));
    try (RunLock training = RunLock.take(run.path())) {
      assertThat(training).isNotNull();
      assertThat(Cli.run("resume", link).message()).contains("is being trained");
    }
  }

  @Test
  void aLinkInsideOfARunIsOfThatRun() throws IOException {
    Path store = Files.createDirectory(folder.resolve("store"));
    Path stored = Files.move(run.checkpoint(2), store.resolve("stored"));
    Files.writeString(store.resolve("other"), "file");
    Path link = Files.createSymbolicLink(run.path().resolve("mine.safetensors"), stored);
    Cli cli = Cli.run("resume", link, "--steps", 3);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(names(store)).containsExactly("other", "stored");
    assertThat(run.checkpoint(2)).isRegularFile();
    assertThat(Files.isSymbolicLink(run.checkpoint(2))).isFalse();
    assertThat(run.checkpoint(3)).exists();
  }

  @Test
  void aCheckpointAmongOtherFilesIsRefusedAndTheyStay() throws IOException {
    final Path copy = Files.copy(run.checkpoint(2), copies.resolve("model.safetensors"));
    Files.writeString(copies.resolve("options.json"), "{\"mine\": 1}");
    Files.writeString(copies.resolve("checkpoint-000900.safetensors"), "mine");
    List<String> before = names(copies);
    for (String option : new String[] {"--json", "--dry-run"}) {
      Cli cli = Cli.run("resume", copy, "--steps", 3, option);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .contains(copies + " holds other files and no options.json of a run")
          .contains("train --init " + copy);
      assertThat(names(copies)).isEqualTo(before);
    }
    assertThat(copies.resolve("options.json")).hasContent("{\"mine\": 1}");
  }

  @Test
  void aCheckpointInAFolderOfItsOwnMakesThatARun() throws IOException {
    Path copy = Files.copy(run.checkpoint(2), copies.resolve("model.safetensors"));
    Files.writeString(copies.resolve(RunLock.NAME), "");
    Cli cli = Cli.run("resume", copy, "--steps", 3);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(names(copies)).contains("checkpoint-000003.safetensors", "options.json");
    assertThat(Cli.run("resume", copy, "--steps", 3).code).isZero();
  }

  @Test
  void aRunWithoutReadableOptionsIsKnownByItsLockAndLog() throws IOException {
    Files.writeString(run.options(), "{\"model");
    assertThat(ResumePoint.of(run.checkpoint(2)).checkpoint()).contains(run.checkpoint(2));
    Files.delete(run.options());
    assertThat(ResumePoint.of(run.checkpoint(2)).directory().path()).isEqualTo(run.path());
    Files.delete(run.log());
    assertThatThrownBy(() -> ResumePoint.of(run.checkpoint(2)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--init");
    assertThat(ResumePoint.of(run.path()).checkpoint()).isEmpty();
  }
}
