package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.cli.tensorboard.EventReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.util.Event;

class TensorBoardTest {
  @TempDir private Path folder;

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void resumedTrainingGoesOnWithItsOptionsAndHidesStepsThatItTakesAgain() throws IOException {
    List<Object> args = new ArrayList<>(List.of("train", "--tensorboard", "--steps", 20));
    args.addAll(List.of("--on-diverge", "rollback:2", "--outdir", folder));
    args.addAll(TrainingProcess.TINY);
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    Path run = list(folder).get(0);
    Cli resumed = Cli.run("resume", run, "--steps", 30);
    assertThat(resumed.code).as(resumed.toString()).isZero();

    List<Path> files = list(run.resolve("tensorboard"));
    assertThat(files).hasSize(2);
    assertThat(EventReader.read(files.get(0))).noneMatch(Event::hasSessionLog);
    List<Event> events = EventReader.read(files.get(1));
    assertThat(events.get(1).hasSessionLog()).isTrue();
    assertThat(events.get(1).getStep()).isEqualTo(21);
    assertThat(run.resolve("options.json")).content().contains("\"on_diverge\": \"rollback:2\"");
    assertThat(events).anyMatch(event -> event.getStep() == 30 && event.hasSummary());

    assertThat(Cli.run("resume", run, "--steps", 40, "--no-tensorboard").code).isZero();
    assertThat(list(run.resolve("tensorboard"))).hasSize(2);
  }

  @Test
  void goingBackToTheBeginningHidesAll() throws IOException {
    List<Object> args = new ArrayList<>(List.of("train", "--tensorboard", "--steps", 10));
    args.addAll(List.of("--outdir", folder));
    args.addAll(TrainingProcess.TINY);
    assertThat(Cli.run(args.toArray()).code).isZero();
    RunDirectory run = new RunDirectory(list(folder).get(0));
    Cli back = Cli.run("resume", run.checkpoint(0), "--steps", 10);
    assertThat(back.code).as(back.toString()).isZero();
    List<Event> events = EventReader.read(list(run.path().resolve("tensorboard")).get(1));
    assertThat(events.get(1).hasSessionLog()).isTrue();
    assertThat(events.get(1).getStep()).isZero();
  }
}
