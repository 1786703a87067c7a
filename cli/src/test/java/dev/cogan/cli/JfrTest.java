package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Percentage;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of a training says. */
class JfrTest {
  private static final List<String> NAMES =
      List.of(
          "TrainingStep",
          "Kernels",
          "Snapshot",
          "Checkpoint",
          "Evaluation",
          "Report",
          "Divergence",
          "Rollback");

  @TempDir private Path folder;

  private Map<String, List<RecordedEvent>> record(Object... more) throws IOException {
    Path file = folder.resolve("training.jfr");
    try (Recording recording = new Recording()) {
      NAMES.forEach(name -> recording.enable("cogan." + name).withoutThreshold());
      recording.start();
      List<Object> args = new ArrayList<>(List.of("train", "--outdir", folder.resolve("runs")));
      args.addAll(TrainingProcess.TINY);
      args.addAll(List.of(more));
      Cli.run(args.toArray());
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("cogan."))
        .collect(Collectors.groupingBy(e -> e.getEventType().getName().substring(6)));
  }

  private static List<Long> steps(List<RecordedEvent> events) {
    return events.stream().map(event -> event.getLong("step")).sorted().toList();
  }

  @Test
  void stepsKernelsSnapshotsAndWhatTheyConsistOf() throws IOException {
    Map<String, List<RecordedEvent>> events = record("--steps", 55, "--snapshot", 50);
    assertThat(steps(events.get("TrainingStep"))).hasSize(55).startsWith(1L).endsWith(55L);
    RecordedEvent step = events.get("TrainingStep").get(0);
    assertThat(step.getDuration().toNanos()).isPositive();
    assertThat(step.getDouble("discriminatorLoss")).isPositive();
    assertThat(step.getFloat("discriminatorRight")).isBetween(0f, 1f);
    assertThat(step.getInt("images")).isEqualTo(8);
    assertThat(step.getEventType().getCategoryNames()).containsExactly("CoGAN");
    assertThat(step.getEventType().getLabel()).isEqualTo("Training Step");
    for (String team : List.of("generator", "discriminator")) {
      assertThat(step.getEventType().getField(team + "Loss").getLabel())
          .as("its unit depends on --loss")
          .doesNotContain("nats");
    }
    assertThat(step.getEventType().getField("discriminatorRight").getAnnotation(Percentage.class))
        .isNotNull();

    // The layers of one step in 50, forward and backward.
    assertThat(steps(events.get("Kernels"))).containsOnly(50L);
    assertThat(events.get("Kernels"))
        .anyMatch(e -> e.getString("layer").equals("generators.shared.0"))
        .anyMatch(e -> e.getBoolean("backward") && e.getString("kind").equals("Conv2d"));

    assertThat(steps(events.get("Snapshot"))).containsExactly(0L, 50L, 55L);
    assertThat(steps(events.get("Checkpoint"))).containsExactly(0L, 50L, 55L);
    RecordedEvent last =
        events.get("Checkpoint").stream()
            .filter(e -> e.getLong("step") == 55)
            .findFirst()
            .orElseThrow();
    assertThat(last.getLong("bytes")).isEqualTo(Files.size(Path.of(last.getString("path"))));
    // Measured once a snapshot, for the best checkpoint and for the curves.
    assertThat(steps(events.get("Evaluation"))).containsExactly(0L, 50L, 55L);
    Path metrics = Path.of(last.getString("path")).resolveSibling("metrics.jsonl");
    assertThat(Files.readString(metrics))
        .contains("\"agreement_b\":" + events.get("Evaluation").get(0).getFloat("agreement"));
    assertThat(events.get("Report")).isNotEmpty();
    assertThat(events).doesNotContainKeys("Divergence", "Rollback");
  }

  @Test
  void divergencesAndRollbacks() throws IOException {
    Map<String, List<RecordedEvent>> events =
        record("--steps", 50, "--rate-g", "1e30", "--rate-d", "1e30", "--on-diverge", "rollback:1");
    assertThat(events.get("Divergence")).hasSize(2);
    assertThat(events.get("Divergence").get(0).getString("tensor")).isNotBlank();
    assertThat(events.get("Rollback")).hasSize(1);
    RecordedEvent back = events.get("Rollback").get(0);
    assertThat(back.getLong("step")).isZero();
    assertThat(back.getLong("divergedAt"))
        .isEqualTo(events.get("Divergence").get(0).getLong("step"));
    assertThat(back.getDouble("generatorRate")).isBetween(4.9e29, 5.1e29);
  }

  /**
   * A JVM that has nothing but java.base: no recorder, no picture decoders, no signals, no server.
   */
  @Test
  void aJvmWithoutTheModuleTrainsAllTheSame() throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("train", "--steps", "2"));
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of("--outdir", folder.resolve("bare").toString()));
    TrainingProcess bare =
        TrainingProcess.java(folder, List.of("-Xmx256m", "--limit-modules", "java.base"), args);
    assertThat(bare.exitCode()).as(bare.output()).isZero();
    assertThat(bare.output()).contains("trained   in");
  }
}
