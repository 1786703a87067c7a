package dev.cogan.cli;

import static dev.cogan.cli.TinyRuns.run;
import static dev.cogan.cli.TinyRuns.train;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.io.Json;
import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What train and resume leave, keep and refuse. */
@Tag("slow")
class RunDirectoryTest {
  /** As it was written before labels counted. */
  private static final String OLD_BEST = "{\"step\": 2, \"agreement\": 0.99}";

  @TempDir private Path folder;

  private static byte[] last(Path outdir, long step) throws IOException {
    return Files.readAllBytes(new RunDirectory(run(outdir)).checkpoint(step));
  }

  @Test
  void keepsAsManyCheckpointsAsAskedForAndALog() throws IOException {
    Cli cli = train(folder, "--steps", 10, "--snapshot", 2, "--keep", 3);
    assertThat(cli.code).as(cli.toString()).isZero();
    RunDirectory run = new RunDirectory(run(folder));
    assertThat(run.newestFirst())
        .containsExactly(run.checkpoint(10), run.checkpoint(8), run.checkpoint(6));
    assertThat(run.log()).content().contains("kernels", "step     10/10", "trained   in");
    assertThat(run.options()).content().contains("\"keep\": 3");
    try (Checkpoint best = Checkpoint.open(run.best())) {
      assertThat(run.bestJson()).content().contains("\"step\": " + best.step() + ",");
    }
  }

  @Test
  void theBestIsThatOfPixelsAndLabelsTogether() throws IOException {
    assertThat(train(folder, "--steps", 6, "--snapshot", 2).code).isZero();
    RunDirectory run = new RunDirectory(run(folder));
    double most = -1;
    Object best = null;
    for (String line : Files.readAllLines(run.metrics())) {
      Map<?, ?> map = (Map<?, ?>) Json.parse(line, "metrics");
      double beyondChance = figure(map, "labels_b") - figure(map, "labels_b_chance");
      double score = figure(map, "agreement_b") * Math.max(0, beyondChance);
      if (score > most && (long) map.get("step") > 0) {
        most = score;
        best = map.get("step");
      }
    }
    Map<?, ?> marked = (Map<?, ?>) Json.read(run.bestJson());
    assertThat(marked.get("step")).isEqualTo(best);
    assertThat(figure(marked, "score")).isCloseTo(most, within(1e-6));
  }

  private static double figure(Map<?, ?> line, String name) {
    return ((Number) line.get(name)).doubleValue();
  }

  @Test
  void aDamagedBestJsonLeavesTheBestUnknown() throws IOException {
    assertThat(train(folder, "--steps", 2, "--snapshot", 2).code).isZero();
    RunDirectory run = new RunDirectory(run(folder));
    for (String damaged :
        new String[] {"{\"step\": 2, \"agree", "{\"step\": \"two\"}", "", OLD_BEST}) {
      Files.writeString(run.bestJson(), damaged);
      Cli resumed = Cli.run("resume", run.path(), "--steps", 2);
      assertThat(resumed.code).as(damaged + resumed).isZero();
      assertThat(resumed.err.replaceAll("\\s+", " "))
          .contains(run.bestJson() + ": ", "how good the best checkpoint was is unknown")
          .doesNotContain("former-best");
      assertThat(run.bestJson()).content().contains("\"step\": 2,", "\"agreement\": 0.");
      assertThat(Cli.run("resume", run.path()).err).doesNotContain("unknown");
    }
  }

  @Test
  void aBestOfUnknownScoreStaysBeside() throws IOException {
    assertThat(train(folder, "--steps", 4, "--snapshot", 2).code).isZero();
    RunDirectory run = new RunDirectory(run(folder));
    Files.deleteIfExists(run.best());
    Files.move(run.checkpoint(2), run.best());
    byte[] two = Files.readAllBytes(run.best());
    Files.writeString(run.bestJson(), OLD_BEST);
    Cli resumed = Cli.run("resume", run.path(), "--steps", 4);
    assertThat(resumed.code).as(resumed.toString()).isZero();
    assertThat(resumed.err.replaceAll("\\s+", " "))
        .contains(
            "best.json: expected step and score of the best checkpoint; how good",
            "is unknown: the next takes its place, and it stays as former-best.safetensors");
    assertThat(run.path().resolve("former-best.safetensors")).hasBinaryContent(two);
    assertThat(run.bestJson()).content().contains("\"step\": 4,");
  }

  @Test
  void anAgreementIsAScoreWhereNothingNamesTheImages() throws IOException {
    ByteBuffer idx = ByteBuffer.allocate(16 + 40 * 28 * 28);
    idx.putInt(0x803).putInt(40).putInt(28).putInt(28);
    while (idx.hasRemaining()) {
      idx.put((byte) (idx.position() * 37));
    }
    String images = "idx:" + Files.write(folder.resolve("images.idx"), idx.array());
    Path runs = folder.resolve("runs");
    Cli cli = train(runs, "--a", images, "--b", images + ":negative", "--steps", 2);
    assertThat(cli.code).as(cli.toString()).isZero();
    RunDirectory run = new RunDirectory(run(runs));
    assertThat(run.bestJson()).content().doesNotContain("labels");
    Files.writeString(run.bestJson(), OLD_BEST);
    Cli resumed = Cli.run("resume", run.path(), "--steps", 3);
    assertThat(resumed.code).as(resumed.toString()).isZero();
    assertThat(resumed.err).doesNotContain("is unknown");
    assertThat(run.bestJson()).hasContent(OLD_BEST);
  }

  @Test
  void aResumeTakesTheCourseFromTheRunAndRemovesLeftovers() throws IOException {
    assertThat(train(folder, "--steps", 4, "--snapshot", 2, "--keep", 3).code).isZero();
    Path run = run(folder);
    Path leftover = Files.writeString(run.resolve(".cogan-abc"), "half");
    Cli done = Cli.run("resume", run);
    assertThat(done.code).as(done.toString()).isZero();
    assertThat(done.err).contains("all 4 steps are done");
    assertThat(leftover).doesNotExist();
    assertThat(Cli.run("resume", run, "--steps", 8).code).isZero();
    assertThat(run.resolve("checkpoint-000006.safetensors")).exists();
    assertThat(run.resolve("options.json")).content().contains("\"steps\": 8", "\"keep\": 3");
  }

  @Test
  void namesDecideWhatIsNewestWhateverTheClockSaid() throws IOException {
    assertThat(train(folder, "--steps", 4, "--snapshot", 2).code).isZero();
    Path run = run(folder);
    // As if the clock had been put back by a day before the last checkpoint.
    FileTime yesterday = FileTime.from(Instant.now().minus(1, ChronoUnit.DAYS));
    Files.setLastModifiedTime(run.resolve("checkpoint-000004.safetensors"), yesterday);
    assertThat(Cli.run("resume", run, "--steps", 5).err).contains("at step 4");
    assertThat(new RunDirectory(run).newestFirst())
        .containsExactly(
            run.resolve("checkpoint-000005.safetensors"),
            run.resolve("checkpoint-000004.safetensors"));
  }

  @Test
  void aDamagedNewestCheckpointIsPassedOver() throws IOException {
    assertThat(train(folder, "--steps", 4, "--snapshot", 2).code).isZero();
    Path run = run(folder);
    byte[] whole = last(folder, 4);
    Files.write(run.resolve("checkpoint-000004.safetensors"), new byte[100]);
    Cli cli = Cli.run("resume", run);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err.replaceAll("\\s+", " "))
        .contains("checkpoint-000004", "trying the one before", "at step 2");
    assertThat(last(folder, 4)).isEqualTo(whole);
  }

  /** The last byte of the file is one of the last tensor's: the header is as it was. */
  @Test
  void aNewestCheckpointWithOneDamagedNumberIsPassedOver() throws IOException {
    assertThat(train(folder, "--steps", 4, "--snapshot", 2).code).isZero();
    Path run = run(folder);
    final byte[] whole = last(folder, 4);
    Path newest = run.resolve("checkpoint-000004.safetensors");
    byte[] damaged = whole.clone();
    damaged[damaged.length - 1] ^= 1;
    Files.write(newest, damaged);
    Cli named = Cli.run("resume", newest, "--steps", 5);
    assertThat(named.code).as("asked for by name: " + named).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(named.message()).contains("checkpoint-000004", "tensor", "damaged");
    Cli cli = Cli.run("resume", run);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err.replaceAll("\\s+", " "))
        .contains("checkpoint-000004", "damaged", "trying the one before", "at step 2");
    assertThat(last(folder, 4)).isEqualTo(whole);
  }

  @Test
  void aChangedOptionMustBeAllowedByNameAndIsRecorded() throws IOException {
    assertThat(train(folder, "--steps", 2).code).isZero();
    Path run = run(folder);
    Cli refused = Cli.run("resume", run, "--steps", 4, "--rate-g", 1e-4, "--allow", "rate-d");
    assertThat(refused.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.message()).contains("generator.rate was 0.003, now 1.0E-4");
    assertThat(Cli.run("resume", run, "--allow", "seed").message()).contains("--allow seed");
    Cli cli = Cli.run("resume", run, "--steps", 4, "--rate-g", 1e-4, "--allow", "rate-g");
    assertThat(cli.code).as(cli.toString()).isZero();
    try (Checkpoint checkpoint = Checkpoint.open(run.resolve("checkpoint-000004.safetensors"))) {
      assertThat(checkpoint.options().generator().rate()).isEqualTo(1e-4f);
      assertThat(checkpoint.provenance().get("history").toString())
          .contains("changed=generator.rate", "step=2");
    }
    // The next resume goes on with the changed rate, and still knows.
    assertThat(Cli.run("resume", run, "--steps", 5).code).isZero();
    assertThat(Cli.run("inspect", run).out).contains("changed generator.rate");
  }

  @Test
  void otherKernelsAreToldAndRecorded() throws IOException {
    assertThat(train(folder, "--steps", 2).code).isZero();
    RunDirectory run = new RunDirectory(run(folder));
    String other = "vector kernels, 4096-bit";
    Provenances.edit(run.checkpoint(2), provenance -> provenance.put("kernels", other));
    // Nothing is trained, so no bits can differ.
    assertThat(Cli.run("resume", run.path()).err).doesNotContain("other kernels");
    Cli cli = Cli.run("resume", run.path(), "--steps", 3);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err.replaceAll("\\s+", " "))
        .contains("warning other kernels round otherwise")
        .contains("changed kernels was " + other + ", now ");
    try (Checkpoint checkpoint = Checkpoint.open(run.checkpoint(3))) {
      assertThat(checkpoint.provenance().get("history").toString())
          .contains("changed=kernels, was=" + other + ", now=", "step=2");
    }
    // The same as the last checkpoint's now.
    assertThat(Cli.run("resume", run.path(), "--steps", 4).err).doesNotContain("other kernels");
  }

  @Test
  void aDamagedOptionsJsonIsAsGoodAsNone() throws IOException {
    assertThat(train(folder, "--steps", 2, "--keep", 3).code).isZero();
    RunDirectory run = new RunDirectory(run(folder));
    int step = 2;
    for (String damaged : new String[] {"", "{\"steps\": 2, \"mod", "\0\0"}) {
      Files.writeString(run.options(), damaged);
      step++;
      Cli cli = Cli.run("resume", run.path(), "--steps", step);
      assertThat(cli.code).as(damaged + cli).isZero();
      assertThat(cli.err.replaceAll("\\s+", " "))
          .contains("warning " + run.options() + ": ", "--keep", "is unknown");
      assertThat(run.options()).content().contains("\"steps\": " + step, "\"keep\": 2");
      assertThat(Cli.run("resume", run.path()).err).doesNotContain("unknown");
    }
  }

  @Test
  void aBeginningThatIsMadeAgainIsMeasuredOnce() throws IOException {
    assertThat(train(folder, "--steps", 0).code).isZero();
    Cli on = Cli.run("resume", run(folder), "--steps", 1);
    assertThat(on.code).as(on.toString()).isZero();
    assertThat(Files.readAllLines(run(folder).resolve("metrics.jsonl")))
        .satisfiesExactly(
            line -> assertThat(line).contains("\"step\":0,"),
            line -> assertThat(line).contains("\"step\":1,"));
  }

  /** As a kill or a full disk leaves them behind a checkpoint. */
  @Test
  void whatASnapshotLacksIsMadeByTheNextResume() throws IOException {
    assertThat(train(folder, "--steps", 4, "--snapshot", 2).code).isZero();
    RunDirectory run = new RunDirectory(run(folder));
    byte[] picture = Files.readAllBytes(run.fakes(4));
    List<String> rows = Files.readAllLines(run.metrics());
    assertThat(rows).hasSize(3);
    Files.delete(run.fakes(4));
    Files.write(run.metrics(), rows.subList(0, 2));
    Cli done = Cli.run("resume", run.path());
    assertThat(done.code).as(done.toString()).isZero();
    assertThat(done.out).contains("pictures    " + run.fakes(4));
    assertThat(run.fakes(4)).hasBinaryContent(picture);
    assertThat(Files.readAllLines(run.metrics())).isEqualTo(rows);
    // Neither is made twice, nor for a step without a snapshot.
    Files.delete(run.fakes(4));
    assertThat(Cli.run("resume", run.path(), "--steps", 6, "--snapshot", 3).code).isZero();
    assertThat(run.fakes(4)).doesNotExist();
    assertThat(Files.readAllLines(run.metrics()))
        .hasSize(4)
        .startsWith(rows.toArray(new String[0]));
  }

  @Test
  void twoTrainingsInOneJvmAreIndependent() throws Exception {
    train(folder.resolve("alone"), "--steps", 20, "--seed", 1);
    List<CompletableFuture<Cli>> both = new ArrayList<>();
    CyclicBarrier together = new CyclicBarrier(2);
    for (int seed = 1; seed <= 2; seed++) {
      Path outdir = folder.resolve("seed" + seed);
      Object[] more = {"--steps", 20, "--seed", seed};
      // Threads of their own: the common pool has but one on a small machine.
      both.add(
          CompletableFuture.supplyAsync(
              () -> {
                meet(together);
                return train(outdir, more);
              },
              task -> new Thread(task, "training").start()));
    }
    for (CompletableFuture<Cli> cli : both) {
      assertThat(cli.get().code).as(cli.get().toString()).isZero();
    }
    assertThat(last(folder.resolve("seed1"), 20)).isEqualTo(last(folder.resolve("alone"), 20));
    assertThat(last(folder.resolve("seed2"), 20)).isNotEqualTo(last(folder.resolve("alone"), 20));
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDryRunPrintsThePlanAndWritesNothing() {
    Cli cli = train(folder.resolve("runs"), "-n");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out)
        .contains("generators.shared (shared)", "used by", "memory", "parameters", "s a step");
    assertThat(cli.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void aDryRunOfAResumeTellsWhatIsLeftAndNeitherLocksNorWrites() throws IOException {
    assertThat(train(folder, "--steps", 3).code).isZero();
    Path run = run(folder);
    Files.delete(run.resolve(".lock"));
    final Map<Path, FileTime> before = times(run);
    Cli text = Cli.run("resume", run, "-n", "--steps", 5);
    assertThat(text.code).as(text.toString()).isZero();
    assertThat(text.out.replaceAll("\\s+", " "))
        .contains("5 steps (3 are done) of batch 4", " for 2 steps that are left (");
    assertThat(times(run)).isEqualTo(before);
    try (RunLock training = RunLock.take(run)) {
      assertThat(training).isNotNull();
      Map<?, ?> json =
          (Map<?, ?>) Json.parse(Cli.run("resume", run, "-n", "--json", "--steps", 5).out, "out");
      assertThat(json.get("steps")).isEqualTo(5L);
      assertThat(json.get("steps_done")).isEqualTo(3L);
      double perStep = ((Number) json.get("seconds_per_step")).doubleValue();
      assertThat(((Number) json.get("seconds")).doubleValue())
          .isCloseTo(2 * perStep, within(1e-3 * perStep));
    }
    assertThat(Cli.run("resume", run, "-n", "--steps", 2).message()).contains("already at step 3");
  }

  private static Map<Path, FileTime> times(Path run) throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }
}
