package dev.cogan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Records the steps and snapshots of a training in this JVM, by its own events. */
final class StepClock implements AutoCloseable {
  private final Recording recording = new Recording();

  StepClock() {
    recording.enable("cogan.TrainingStep").withoutThreshold().withoutStackTrace();
    recording.enable("cogan.Snapshot").withoutThreshold().withoutStackTrace();
    recording.start();
  }

  /**
   * The time beside the steps, of the time from the first step to the end of the last snapshot.
   *
   * @param expected number of steps
   */
  double percentBesideSteps(int expected) throws IOException {
    recording.stop();
    Path file = Files.createTempFile("steps", ".jfr");
    try {
      recording.dump(file);
      return percent(file, expected);
    } finally {
      Files.delete(file);
    }
  }

  private static double percent(Path file, int expected) throws IOException {
    Instant begin = Instant.MAX;
    Instant end = Instant.MIN;
    Duration within = Duration.ZERO;
    int steps = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().equals("cogan.TrainingStep")) {
        begin = event.getStartTime().isBefore(begin) ? event.getStartTime() : begin;
        within = within.plus(event.getDuration());
        steps++;
      } else if (event.getEventType().getName().equals("cogan.Snapshot")) {
        end = event.getEndTime().isAfter(end) ? event.getEndTime() : end;
      }
    }
    if (steps != expected || !end.isAfter(begin)) {
      throw new IllegalStateException(steps + " steps from " + begin + " to " + end);
    }
    double all = Duration.between(begin, end).toNanos();
    return 100 * (all - within.toNanos()) / all;
  }

  @Override
  public void close() {
    recording.close();
  }
}
