package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run's folder from somebody else may hold links: what they lead to is not written over. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class LinksInRunsTest {
  private static final String PRECIOUS = "what somebody has written\n";

  @TempDir private Path folder;

  private RunDirectory run;
  private Path precious;

  @BeforeEach
  void aRunAndAFileOutsideOfIt() throws IOException {
    Cli cli = TinyRuns.train(folder.resolve("runs"), "--steps", 2);
    assertThat(cli.code).as(cli.toString()).isZero();
    run = new RunDirectory(TinyRuns.run(folder.resolve("runs")));
    precious = Files.writeString(folder.resolve("precious"), PRECIOUS);
  }

  @Test
  void aResumeWritesToNone() throws IOException {
    List<String> names =
        List.of(
            ".lock",
            "log.txt",
            "stats.jsonl",
            "metrics.jsonl",
            "options.json",
            "best.json",
            "report.html",
            "reals_a.png",
            ".going-back");
    for (String name : names) {
      Path file = run.path().resolve(name);
      Path aside = folder.resolve("aside");
      boolean there = Files.exists(file);
      if (there) {
        Files.move(file, aside);
      }
      Files.createSymbolicLink(file, precious);
      Cli cli = Cli.run("resume", run.path(), "--steps", 3);
      assertThat(cli.code).as("%s: %s", name, cli).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).as(name).contains(file + ": is a symbolic link");
      assertThat(precious).as(name).hasContent(PRECIOUS);
      assertThat(run.checkpoint(3)).as(name).doesNotExist();
      Files.delete(file);
      if (there) {
        Files.move(aside, file);
      }
    }
    assertThat(Cli.run("resume", run.path(), "--steps", 3).code).isZero();
  }

  /** Who reads from it would wait until somebody writes to it. */
  @Test
  void aResumeWaitsForNoPipe() throws Exception {
    for (Path file : List.of(run.bestJson(), run.stats())) {
      Files.deleteIfExists(file);
      int made = new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
      assumeTrue(made == 0, "no mkfifo here");
      Cli cli = Cli.run("resume", run.path(), "--steps", 3);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).contains(file + ": is neither a file nor a folder");
      Files.delete(file);
    }
    assertThat(new ProcessBuilder("mkfifo", run.stats().toString()).start().waitFor()).isZero();
    assertThat(Cli.run("report", run.path()).message())
        .contains(run.stats() + ": not a regular file");
  }

  @Test
  void aLockIsNoLink() throws IOException {
    Path link = folder.resolve(".results.jsonl.lock");
    Files.createSymbolicLink(link, precious);
    assertThatThrownBy(() -> RunLock.ofResults(folder.resolve("results.jsonl"), "sweep").close())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(link.toRealPath().resolveSibling(link.getFileName()) + ": cannot");
    assertThat(precious).hasContent(PRECIOUS);
  }

  @Test
  void aReportGoesThroughALinkOnlyWhereItIsNamed() throws IOException {
    Path page = run.path().resolve("report.html");
    Files.delete(page);
    Files.createSymbolicLink(page, precious);
    Cli cli = Cli.run("report", run.path());
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .isEqualTo("cogan: " + page + ": is a symbolic link; name the page with --out");
    assertThat(precious).hasContent(PRECIOUS);
    assertThat(Cli.run("report", run.path(), "--out", page).code).isZero();
    assertThat(Files.readString(precious)).startsWith("<!DOCTYPE html>");
  }

  /** As a process does that was killed when it had marked the best, but not described it. */
  @Test
  void markingTheBestAgainLeavesNothingBeside() throws IOException {
    for (int i = 0; i < 2; i++) {
      run.markBest(run.checkpoint(2));
      assertThat(run.best()).hasSameBinaryContentAs(run.checkpoint(2));
      try (Stream<Path> files = Files.list(run.path())) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.startsWith(".cogan"));
      }
    }
  }
}
