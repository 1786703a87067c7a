package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  @TempDir private Path folder;

  @Test
  void aSecondTrainingOfThisJvmIsRefusedAndTheFirstKeepsItsLockAgainstOthers() throws Exception {
    List<Object> args = new ArrayList<>(List.of("train", "--steps", 1, "--outdir", folder));
    args.addAll(TrainingProcess.TINY);
    assertThat(Cli.run(args.toArray()).code).isZero();
    Path run = onlyRun();
    try (RunLock first = RunLock.take(run)) {
      assertThat(first).isNotNull();
      Cli second = Cli.run("resume", run, "--steps", 2);
      assertThat(second.code).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(second.message()).contains("is being trained by this very process");
      // What the refused one opened and closed must not have taken the system's lock with it.
      TrainingProcess other =
          TrainingProcess.start(folder, "resume", run.toString(), "--steps", "2");
      assertThat(other.exitCode()).as(other.output()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(other.output().replaceAll("\\s+", " "))
          .contains("is being trained by process " + ProcessHandle.current().pid());
    }
    assertThat(Cli.run("resume", run, "--steps", 2).code).isZero();
  }

  /** A program that embeds this one may ask a thread to end just when it begins. */
  @Test
  void anInterruptDoesNotKeepFromLocking() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Thread.currentThread().interrupt();
    try (RunLock lock = RunLock.take(run)) {
      assertThat(lock).isNotNull();
      assertThat(Thread.interrupted()).as("still pending").isTrue();
      assertThat(Files.readString(run.resolve(RunLock.NAME)).strip())
          .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    } finally {
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anotherNameOfTheFolderIsTheSameRun() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), run);
    try (RunLock lock = RunLock.take(run)) {
      assertThat(lock).isNotNull();
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> RunLock.take(link))
          .withMessageContaining("by this very process");
    }
    RunLock.take(link).close();
  }

  @Test
  void aFolderThatIsGoneIsNamedAndNotTakenForLocked() throws IOException {
    Path run = folder.resolve("gone");
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> RunLock.take(run))
          .withMessageContaining("gone");
    }
    Files.createDirectory(run);
    RunLock.take(run).close();
  }

  private Path onlyRun() throws IOException {
    try (Stream<Path> runs = Files.list(folder)) {
      return runs.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }
}
