package dev.cogan.cli.jfr;

import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.LayerProbe;
import dev.cogan.engine.train.DivergedException;
import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/** {@link TrainingEvents} that are recorded. Only loaded where the JVM has {@code jdk.jfr}. */
final class FlightRecorder extends TrainingEvents implements LayerProbe {
  /** The layers of one step in so many are told. */
  static final int EVERY = 50;

  private final StepEvent step = new StepEvent();
  private final LayerEvent layer = new LayerEvent();
  private LayerEvent running;
  private StepEvent open;
  private long number;

  @Override
  public void stepBegins(Trainer trainer) {
    number = trainer.stepsDone() + 1;
    boolean sampled = number % EVERY == 0 && layer.isEnabled();
    trainer.workspace().observe(sampled ? this : null);
    open = null;
    if (step.isEnabled()) {
      open = new StepEvent();
      open.begin();
    }
  }

  @Override
  public void stepEnds(Trainer trainer, StepStats stats) {
    trainer.workspace().observe(null);
    if (open == null) {
      return;
    }
    open.end();
    if (open.shouldCommit()) {
      open.step = trainer.stepsDone();
      open.discriminatorLoss = stats.discriminatorLoss();
      open.generatorLoss = stats.generatorLoss();
      open.discriminatorRight = (float) stats.accuracy();
      open.images = trainer.options().batch() * trainer.data().size();
      open.commit();
    }
    open = null;
  }

  @Override
  public void begin(Layer about, boolean backward) {
    running = new LayerEvent();
    running.step = number;
    running.layer = about.path();
    running.kind = about.getClass().getSimpleName();
    running.backward = backward;
    running.begin();
  }

  @Override
  public void end() {
    if (running != null) {
      running.commit();
      running = null;
    }
  }

  @Override
  public void snapshot(long at, Runnable body) {
    SnapshotEvent event = new SnapshotEvent();
    event.begin();
    body.run();
    event.step = at;
    event.commit();
  }

  @Override
  public void checkpoint(long at, Path file, Runnable body) {
    CheckpointEvent event = new CheckpointEvent();
    event.begin();
    body.run();
    event.end();
    if (event.shouldCommit()) {
      event.step = at;
      event.path = file.toString();
      event.bytes = size(file);
      event.commit();
    }
  }

  @Override
  public double evaluation(long at, int pairs, DoubleSupplier body) {
    EvaluationEvent event = new EvaluationEvent();
    event.begin();
    double agreement = body.getAsDouble();
    event.step = at;
    event.pairs = pairs;
    event.agreement = (float) agreement;
    event.commit();
    return agreement;
  }

  @Override
  public void report(long at, Path file, Runnable body) {
    ReportEvent event = new ReportEvent();
    event.begin();
    body.run();
    event.end();
    if (event.shouldCommit()) {
      event.step = at;
      event.path = file.toString();
      event.bytes = size(file);
      event.commit();
    }
  }

  @Override
  public void divergence(DivergedException e) {
    DivergenceEvent event = new DivergenceEvent();
    event.step = e.step();
    event.tensor = e.tensor();
    event.reason = e.getMessage();
    event.commit();
  }

  @Override
  public void rollback(long from, long to, double generatorRate, double discriminatorRate) {
    RollbackEvent event = new RollbackEvent();
    event.divergedAt = from;
    event.step = to;
    event.generatorRate = generatorRate;
    event.discriminatorRate = discriminatorRate;
    event.commit();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }
}
