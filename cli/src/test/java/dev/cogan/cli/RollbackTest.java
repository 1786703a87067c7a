package dev.cogan.cli;

import static dev.cogan.cli.TinyRuns.run;
import static dev.cogan.cli.TinyRuns.train;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that diverges goes back, and loses nothing by it. */
@Tag("slow")
class RollbackTest {
  @TempDir private Path folder;

  @Test
  void aDivergenceRollsBackAsOftenAsItMay() throws IOException {
    Cli cli =
        train(
            folder,
            "--steps",
            50,
            "--rate-g",
            "1e30",
            "--rate-d",
            "1e30",
            "--on-diverge",
            "rollback:2");
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.DIVERGED);
    assertThat(cli.err.lines().filter(line -> line.startsWith("rollback"))).hasSize(2);
    assertThat(cli.err).contains("to step 0, with other noise and half the rates");
    Path first = run(folder).resolve("checkpoint-000000.safetensors");
    String end = cli.err.substring(cli.err.indexOf("cogan: diverged at step "));
    assertThat(end)
        .contains("Kept: " + first, "resume ", run(folder) + " --rate-g 1.25E29 --rate-d 1.25E29")
        .contains(" --allow rate-g,rate-d");
    assertThat(run(folder).resolve("log.txt")).content().endsWith(end);
    try (Checkpoint checkpoint = Checkpoint.open(first)) {
      assertThat((List<?>) checkpoint.provenance().get("history")).hasSize(2);
      assertThat(checkpoint.options().generator().rate()).isEqualTo(2.5e29f);
    }
  }

  @Test
  void aRollbackFromACheckpointThatIsLostGoesToTheOneBefore() throws IOException {
    assertThat(train(folder, "--steps", 4, "--snapshot", 2).code).isZero();
    Path run = run(folder);
    RunDirectory directory = new RunDirectory(run);
    directory.markBest(directory.checkpoint(4));
    Files.writeString(directory.bestJson(), "{\"step\": 4, \"score\": 0.99}");
    final byte[] best = Files.readAllBytes(directory.best());
    spoil(run.resolve("checkpoint-000004.safetensors"));
    Cli cli = Cli.run("resume", run, "--steps", 6, "--on-diverge", "rollback:3");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err.replaceAll("\\s+", " "))
        .contains("rollback to step 4, ", "it leads to a divergence", "rollback to step 2, ")
        .contains("abandoned what the run had done after step 2 (2 checkpoints, 1 picture, ");
    // Nothing is lost: the best, which the rates alone may have spoilt, least of all.
    Path left = run.resolve(GoingBack.FOLDER).resolve("00000-after-000002");
    assertThat(left.resolve("best.safetensors")).hasBinaryContent(best);
    assertThat(left.resolve("best.json")).content().contains("0.99");
    assertThat(left.resolve("metrics.jsonl")).content().contains("\"step\":4");
    for (String name : List.of("checkpoint-000004.safetensors", "fakes000004.png")) {
      assertThat(left.resolve(name)).isNotEmptyFile();
    }
    assertThat(directory.bestJson()).content().doesNotContain("0.99");
    try (Checkpoint checkpoint = Checkpoint.open(run.resolve("checkpoint-000006.safetensors"))) {
      assertThat(checkpoint.options().generator().rate()).isEqualTo(3e-3f / 4);
      assertThat(checkpoint.provenance().get("history").toString())
          .contains("back_to=4", "back_to=2", "tensor=");
    }
    assertThat(Cli.run("inspect", "--verify", run).code).isZero();
    assertThat(Cli.run("resume", run, "--steps", 7).code).isZero();
  }

  /** All numbers are finite, and nothing can come of them. */
  private static void spoil(Path checkpoint) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile file = SafetensorsFile.open(checkpoint)) {
      file.metadata()
          .forEach(
              (key, value) -> {
                if (!key.equals(SafetensorsFile.CHECKSUMS)) {
                  writer.metadata(key, value);
                }
              });
      for (String name : file.entries().keySet()) {
        Tensor tensor = file.readTensor(name);
        if (name.startsWith("discriminators.")) {
          Arrays.fill(tensor.data(), 1e30f);
        }
        writer.add(name, tensor);
      }
    }
    writer.withChecksums().write(checkpoint);
  }
}
