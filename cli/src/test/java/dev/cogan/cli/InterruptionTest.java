package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes that get real signals. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class InterruptionTest {
  @TempDir private Path folder;

  private List<String> train(Path outdir, long steps) {
    List<String> args = new ArrayList<>(List.of("train", "--steps", "" + steps));
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of("--snapshot", "100000", "--outdir", outdir.toString()));
    return args;
  }

  private static Path onlyRun(Path outdir) throws IOException {
    try (Stream<Path> runs = Files.list(outdir)) {
      List<Path> all = runs.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130, Ctrl-C", "TERM, 143, SIGTERM"})
  void aSignalEndsAfterACheckpointAndTheResumedTrainingHasTheSameBits(
      String signal, int code, String word) throws IOException, InterruptedException {
    // A shell that runs the tests in the background has them, and their children, ignore Ctrl-C.
    assumeFalse(signal.equals("INT") && TrainingProcess.ignores(2), "Ctrl-C is ignored here");
    Path stopped = folder.resolve("stopped");
    TrainingProcess training = TrainingProcess.start(folder, train(stopped, 1_000_000));
    training.awaitText("run       ");
    training.awaitText("step ");
    training.signal(signal);
    assertThat(training.exitCode()).as(training.output()).isEqualTo(code);
    assertThat(training.output()).contains("stopped   at step ", word, "resume");
    Path run = onlyRun(stopped);
    assertThat(run.resolve("log.txt")).content().contains("stopped   at step ");
    Path last = new RunDirectory(run).newestFirst().get(0);
    String digits = last.getFileName().toString().replaceAll("\\D", "");
    long step = Long.parseLong(digits);
    assertThat(step).isPositive();

    long end = step + 3;
    TrainingProcess resumed =
        TrainingProcess.start(folder, "resume", run.toString(), "--steps", "" + end);
    assertThat(resumed.exitCode()).as(resumed.output()).isZero();
    Path straight = folder.resolve("straight");
    TrainingProcess through = TrainingProcess.start(folder, train(straight, end));
    assertThat(through.exitCode()).as(through.output()).isZero();
    String name = String.format("checkpoint-%06d.safetensors", end);
    assertThat(Files.readAllBytes(run.resolve(name)))
        .isEqualTo(Files.readAllBytes(onlyRun(straight).resolve(name)));
  }

  @Test
  void aSecondProcessInTheSameRunIsRefused() throws IOException, InterruptedException {
    TrainingProcess training = TrainingProcess.start(folder, train(folder.resolve("r"), 1_000_000));
    training.awaitText("run       ");
    training.awaitText("step ");
    Path run = onlyRun(folder.resolve("r"));
    Cli second = Cli.run("resume", run);
    assertThat(second.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(second.message()).contains("is being trained by process " + training.process.pid());
    training.kill();
    // The lock ends with the process that held it.
    assertThat(Cli.run("resume", run, "--steps", 0).code).isZero();
  }

  @Test
  void aRunWhoseFolderIsRemovedSaysSoAndEndsWithOne() throws IOException, InterruptedException {
    List<String> args = train(folder.resolve("r"), 1_000_000);
    TrainingProcess training = TrainingProcess.start(folder, args);
    training.awaitText("run       ");
    training.awaitText("step ");
    Path run = onlyRun(folder.resolve("r"));
    Files.move(run, folder.resolve("elsewhere"));
    assertThat(training.exitCode()).as(training.output()).isEqualTo(ExitCode.FAILED);
    assertThat(training.output()).contains("cannot write");
  }

  @Test
  void killedAtAnyMomentNothingIsLostButTheLastSteps() throws IOException, InterruptedException {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    KillHarness.Result result = new KillHarness(folder, 7, nowhere).run(3);
    assertThat(result.kills()).isEqualTo(3);
    assertThat(result.steps()).isPositive();
  }
}
