package dev.cogan.cli;

import dev.cogan.cli.jfr.TrainingEvents;
import dev.cogan.cli.report.ReportPage;
import dev.cogan.cli.report.RunFiles;
import dev.cogan.cli.report.RunReader;
import dev.cogan.cli.tensorboard.EventFile;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.Trainer;
import dev.cogan.engine.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Tells others how a training goes, after {@link RunRecorder} has written its files: measures the
 * pairs at snapshots, writes {@code metrics.jsonl} and {@code report.html}, feeds the dashboard and
 * TensorBoard.
 */
final class RunPublisher implements TrainingListener, AutoCloseable {
  private static final int STATS_EVERY = 10;
  private static final long LIVE_NANOS = 500_000_000;
  // A report is written again when its last writing is one part in so many of the time since.
  private static final int REPORT_SHARE = 200;
  private static final long PICTURE_BYTES = 6_000_000;
  // A page exists several times while it is made: in a small heap it has fewer pictures.
  private static final int HEAP_SHARE = 100;

  private final RunDirectory directory;
  private final RunFiles files;
  private final Agreements agreements;
  private final TrainingEvents recording;
  private final DoubleSupplier clock;
  private final RunLog log;
  private final LivePage page;
  private EventFile events;
  private StatsLog metrics;
  private long lastStep;
  private long firstStep;
  private long startNanos;
  private long liveNanos;
  private long reportNanos;
  private long reportCost;
  private boolean reportFailed;
  private long step;
  private boolean catchingUp;

  /**
   * @param clock seconds of training, earlier runs included; asked after {@link #onStart}
   */
  RunPublisher(
      RunDirectory directory,
      Agreements agreements,
      TrainingEvents recording,
      DoubleSupplier clock,
      RunLog log,
      LivePage page) {
    this.directory = directory;
    this.files = new RunFiles(directory.path());
    this.agreements = agreements;
    this.recording = recording;
    this.clock = clock;
    this.log = log;
    this.page = page;
  }

  /** Also writes an event file for TensorBoard. */
  void writeEvents() {
    events = new EventFile(directory.path().resolve("tensorboard"), (long) epochSeconds());
  }

  /**
   * The training goes on from a step of a snapshot: its line in {@code metrics.jsonl} is made if it
   * is missing, because a process ended between the checkpoint and the line.
   */
  void catchUp() {
    catchingUp = true;
  }

  private static double epochSeconds() {
    return System.currentTimeMillis() / 1e3;
  }

  @Override
  public void onStart(Trainer trainer, long last) {
    lastStep = last;
    firstStep = trainer.stepsDone();
    step = firstStep;
    startNanos = System.nanoTime();
    reportNanos = startNanos;
    // The snapshot of step 0 is made again.
    metrics = new StatsLog(files.metrics(), firstStep == 0 ? -1 : firstStep);
    if (events != null && events.continued()) {
      events.restart(firstStep == 0 ? 0 : firstStep + 1, epochSeconds());
    }
    page.begin();
    if (catchingUp && metrics.lastStep() < firstStep) {
      Map<String, Object> row = measure(trainer);
      if (row.size() > 1) {
        tell(row);
      }
    }
  }

  @Override
  public void onStep(Trainer trainer, StepStats stats) {
    step = trainer.stepsDone();
    if (events != null && step % STATS_EVERY == 0) {
      Map<String, Object> row = StatsRow.of(trainer, stats, clock.getAsDouble());
      row.remove("step");
      writeEvent(row);
    }
    if (!page.isOpen()) {
      return;
    }
    long now = System.nanoTime();
    if (step % STATS_EVERY == 0 || now - liveNanos > LIVE_NANOS) {
      liveNanos = now;
      double seconds = (now - startNanos) / 1e9;
      Map<String, Object> row = StatsRow.of(trainer, stats, clock.getAsDouble());
      row.put("seconds_left", (long) (seconds / (step - firstStep) * (lastStep - step)));
      page.publish("stats", row);
    }
  }

  @Override
  public void onSnapshot(Trainer trainer) {
    step = trainer.stepsDone();
    tell(measure(trainer));
    if (System.nanoTime() - reportNanos > REPORT_SHARE * reportCost) {
      writeReport();
    }
  }

  /** The step and what is known of the pairs, which may be nothing. */
  private Map<String, Object> measure(Trainer trainer) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("step", step);
    agreements
        .at(trainer)
        .forEach(
            (d, report) -> {
              String name = "agreement_" + agreements.name(d);
              row.put(name, (float) report.model().binarised());
              row.put(name + "_chance", (float) report.chance().binarised());
              row.put(name + "_blank", (float) report.blank().binarised());
            });
    agreements
        .labels()
        .forEach(
            (d, report) -> {
              String name = "labels_" + agreements.name(d);
              row.put(name, (float) report.pairs().agreement());
              row.put(name + "_chance", (float) report.pairs().chance());
            });
    return row;
  }

  private void tell(Map<String, Object> row) {
    if (row.size() > 1) {
      metrics.append(row);
    }
    if (events != null) {
      writePicture(row);
    }
    page.publish("metrics", row);
    page.publishFrame(step, directory.fakes(step));
  }

  /** TensorBoard groups tags by what stands before the slash: loss_d_a is loss_d/a there. */
  private void writeEvent(Map<String, Object> row) {
    Map<String, Number> values = new LinkedHashMap<>();
    row.forEach(
        (name, value) -> {
          if (!name.equals("step") && value instanceof Number number) {
            values.put(name.replaceFirst("^(loss_[dg]|d_right|agreement|labels)_", "$1/"), number);
          }
        });
    events.scalars(step, epochSeconds(), values);
  }

  private void writePicture(Map<String, Object> row) {
    writeEvent(row);
    try {
      byte[] png = Files.readAllBytes(directory.fakes(step));
      events.image(step, epochSeconds(), "fakes", png);
    } catch (IOException e) {
      throw InputException.cannotRead(directory.fakes(step), e);
    }
  }

  /** Most bytes of pictures in a report that a heap of this size allows. */
  static long pictureBytes(long heap) {
    return Math.min(PICTURE_BYTES, heap / HEAP_SHARE);
  }

  /** A report that cannot be written costs a message, not the training. */
  private void writeReport() {
    long start = System.nanoTime();
    try {
      recording.report(step, files.report(), this::makeReport);
    } catch (InputException | UncheckedIOException | OutOfMemoryError e) {
      if (!reportFailed) {
        log.println(Fields.line("report", "not written: " + e.getMessage()));
      }
      reportFailed = true;
    }
    reportNanos = System.nanoTime();
    reportCost = reportNanos - start;
  }

  private void makeReport() {
    Map<String, Object> run =
        RunReader.inlined(pictureBytes(Runtime.getRuntime().maxMemory())).read(files.folder());
    ReportPage.write(files.report(), Version.text(), List.of(run));
  }

  /** The training is over, one way or the other, or rolls back: the last report. */
  @Override
  public void close() {
    page.setEnd((step >= lastStep ? "finished" : "stopped") + " at step " + step);
    if (metrics != null) {
      writeReport();
    }
  }
}
