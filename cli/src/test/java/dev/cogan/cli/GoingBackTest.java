package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resume from an older checkpoint leaves what came after it, and loses nothing of it. */
@Tag("slow")
class GoingBackTest {
  @TempDir private Path folder;

  /** A run with checkpoints of steps 4 and 6, and its best one, of step 2, under that name only. */
  private RunDirectory run() throws IOException {
    List<Object> args = new ArrayList<>(List.of("train", "--steps", 6, "--snapshot", 2));
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of("--keep", 3, "--outdir", folder));
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    RunDirectory run = new RunDirectory(folder.resolve("00000-mnist-edge-digits-small"));
    Files.deleteIfExists(run.best());
    Files.move(run.checkpoint(2), run.best());
    Files.writeString(run.bestJson(), "{\"step\": 2, \"score\": 0.99}");
    return run;
  }

  private static Path abandoned(RunDirectory run, String name) {
    return run.path().resolve(GoingBack.FOLDER).resolve(name);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Cli resume(Object... args) {
    List<Object> all = new ArrayList<>(List.of("resume"));
    all.addAll(List.of(args));
    return Cli.run(all.toArray());
  }

  @Test
  void theRunGoesOnFromWhereItWentBackTo() throws IOException {
    RunDirectory run = run();
    final byte[] six = Files.readAllBytes(run.checkpoint(6));
    // Two checkpoints are kept, both of later steps: the new one was deleted as the oldest.
    Cli back = resume(run.best(), "--steps", 3, "--keep", 2);
    assertThat(back.code).as(back.toString()).isZero();
    assertThat(run.newestFirst()).containsExactly(run.checkpoint(3), run.checkpoint(2));
    assertThat(run.fakes(4)).doesNotExist();
    assertThat(run.best()).exists();
    Path left = abandoned(run, "00000-after-000002");
    assertThat(names(left))
        .containsExactly(
            "checkpoint-000004.safetensors",
            "checkpoint-000006.safetensors",
            "fakes000004.png",
            "fakes000006.png",
            "metrics.jsonl",
            "options.json");
    assertThat(back.err.replaceAll("\\s+", " "))
        .contains("abandoned what the run had done after step 2 (2 checkpoints, 2 pictures, ")
        .contains(left + " now; delete that folder");
    assertThat(left.resolve("options.json")).content().contains("\"steps\": 6");
    assertThat(left.resolve("metrics.jsonl")).content().contains("\"step\":6");
    assertThat(run.path().resolve(GoingBack.NOTE)).doesNotExist();

    Cli on = resume(run.path(), "--steps", 6);
    assertThat(on.code).as(on.toString()).isZero();
    assertThat(on.err).contains("at step 3").doesNotContain("abandoned");
    // Nothing was changed, so the other course has the bits of the first.
    assertThat(Files.readAllBytes(run.checkpoint(6))).isEqualTo(six);

    // What was left is a run, too.
    assertThat(Cli.run("report", left).code).isZero();
    Cli other = resume(left, "--steps", 7);
    assertThat(other.code).as(other.toString()).isZero();
    assertThat(other.err).contains("at step 6");
  }

  @Test
  void theOnlyWholeCheckpointStaysThoughItsDescriptionIsDamaged() throws IOException {
    RunDirectory run = run();
    final byte[] best = Files.readAllBytes(run.best());
    for (Path file : new Path[] {run.checkpoint(4), run.checkpoint(6), run.bestJson()}) {
      Files.writeString(file, "{");
    }
    Cli on = resume(run.path(), "--steps", 2);
    assertThat(on.code).as(on.toString()).isZero();
    assertThat(on.err.replaceAll("\\s+", " ")).contains("best.safetensors at step 2", "is unknown");
    assertThat(run.best()).hasBinaryContent(best);
  }

  @Test
  void aWholeBestIsNewerThanTheCheckpointBeforeADamagedOne() throws IOException {
    RunDirectory run = run();
    Files.copy(run.checkpoint(6), run.best(), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(run.bestJson(), "{\"step\": 6, \"score\": 0.99}");
    byte[] damaged = Files.readAllBytes(run.checkpoint(6));
    damaged[damaged.length - 1] ^= 1;
    Files.write(run.checkpoint(6), damaged);
    assertThat(run.resumable()).containsExactly(run.checkpoint(6), run.best(), run.checkpoint(4));
    Cli on = resume(run.path(), "--steps", 7);
    assertThat(on.code).as(on.toString()).isZero();
    assertThat(on.err.replaceAll("\\s+", " "))
        .contains("trying the one before", "best.safetensors at step 6");
    assertThat(run.newestFirst()).startsWith(run.checkpoint(7), run.checkpoint(6));
    assertThat(
            Files.readAllBytes(abandoned(run, "00000-after-000006/checkpoint-000006.safetensors")))
        .isEqualTo(damaged);
    run.markBest(run.checkpoint(7));
    assertThat(run.resumable()).startsWith(run.checkpoint(7), run.checkpoint(6));
  }

  @Test
  void aResumeThatIsRefusedMovesNothing() throws IOException {
    RunDirectory run = run();
    final List<String> before = names(run.path());
    final String options = Files.readString(run.options());
    assertThat(resume(run.best(), "--steps", 8, "--rate-g", 1).code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(resume(run.best(), "--steps", 8, "--dry-run").code).isZero();
    assertThat(names(run.path())).isEqualTo(before);
    assertThat(run.options()).content().isEqualTo(options);
  }

  @Test
  void aBestOfALaterStepGoesWithItsCourseAndASecondOneGetsItsOwnFolder() throws IOException {
    RunDirectory run = run();
    Files.delete(run.best());
    run.markBest(run.checkpoint(6));
    Files.writeString(run.bestJson(), "{\"step\": 6, \"score\": 0.99}");
    assertThat(resume(run.checkpoint(4), "--steps", 5).code).isZero();
    assertThat(names(abandoned(run, "00000-after-000004")))
        .contains("best.json", "best.safetensors", "checkpoint-000006.safetensors");
    assertThat(resume(run.checkpoint(4), "--steps", 5).code).isZero();
    assertThat(names(abandoned(run, "00001-after-000004")))
        .contains("checkpoint-000005.safetensors");
    assertThat(run.newestFirst()).containsExactly(run.checkpoint(5), run.checkpoint(4));
  }

  /** Killed when it had decided, and moved one file of three. */
  @Test
  void aKillInBetweenHasGoneBackAltogether() throws IOException {
    RunDirectory run = new RunDirectory(folder);
    for (int step = 2; step <= 8; step += 2) {
      Files.writeString(run.checkpoint(step), "step " + step);
    }
    Files.writeString(run.fakes(8), "picture");
    Path left = Files.createDirectories(abandoned(run, "00000-after-000004"));
    Files.move(run.checkpoint(6), left.resolve("checkpoint-000006.safetensors"));
    Path note = Files.writeString(folder.resolve(GoingBack.NOTE), "00000-after-000004\n");
    assertThat(run.newestFirst()).containsExactly(run.checkpoint(4), run.checkpoint(2));
    assertThat(RunDirectory.findCheckpoint(folder)).isEqualTo(run.checkpoint(4));

    assertThat(GoingBack.to(run, 4, run.checkpoint(4)).orElseThrow())
        .contains("2 checkpoints, 1 picture");
    assertThat(names(left))
        .containsExactly(
            "checkpoint-000006.safetensors", "checkpoint-000008.safetensors", "fakes000008.png");
    assertThat(note).doesNotExist();
    assertThat(run.newestFirst()).containsExactly(run.checkpoint(4), run.checkpoint(2));
    assertThat(GoingBack.to(run, 4, run.checkpoint(4))).isEmpty();
  }

  @Test
  void whoAsksForTheOtherCourseByNameGetsIt() throws IOException {
    RunDirectory run = new RunDirectory(folder);
    Files.writeString(run.checkpoint(2), "2");
    Files.writeString(run.checkpoint(6), "6");
    Files.writeString(folder.resolve(GoingBack.NOTE), "00000-after-000002\n");
    assertThat(GoingBack.to(run, 6, run.checkpoint(6))).isEmpty();
    assertThat(run.newestFirst()).containsExactly(run.checkpoint(6), run.checkpoint(2));
  }

  @Test
  void aNoteThatSaysNothingIsNoNote() throws IOException {
    RunDirectory run = new RunDirectory(folder);
    Files.writeString(run.checkpoint(6), "6");
    for (String text : List.of("", "../x-after-000002", "00000-after-2", "x".repeat(1000))) {
      Files.writeString(folder.resolve(GoingBack.NOTE), text);
      assertThat(run.newestFirst()).as(text).containsExactly(run.checkpoint(6));
    }
  }

  /** As a copy under a name of the user's. */
  @Test
  void aCheckpointOfTheSameStepAndAnotherCourseMakesRoom() throws IOException {
    RunDirectory run = new RunDirectory(folder);
    Files.writeString(run.checkpoint(4), "another course");
    Path mine = Files.writeString(folder.resolve("mine.safetensors"), "the course");
    assertThat(GoingBack.to(run, 4, mine)).isPresent();
    assertThat(run.checkpoint(4)).hasContent("the course");
    assertThat(mine).hasContent("the course");
    assertThat(abandoned(run, "00000-after-000004").resolve("checkpoint-000004.safetensors"))
        .hasContent("another course");
    assertThat(GoingBack.to(run, 4, mine)).isEmpty();
  }
}
