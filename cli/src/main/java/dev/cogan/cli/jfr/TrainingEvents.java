package dev.cogan.cli.jfr;

import dev.cogan.engine.train.DivergedException;
import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.Trainer;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/**
 * Where a training says what it does, for Java Flight Recorder. This class says nothing, for a JVM
 * without the module {@code jdk.jfr}; {@link #get} gives one that does if it can. Calls come from
 * the training's thread; they cost next to nothing while nobody records.
 */
public class TrainingEvents {
  /** For {@link #get} and its subclass. */
  TrainingEvents() {}

  /** Events of this JVM: real ones where it has them. */
  public static TrainingEvents get() {
    try {
      return new FlightRecorder();
    } catch (LinkageError e) {
      return new TrainingEvents();
    }
  }

  /** Before a step. */
  public void stepBegins(Trainer trainer) {}

  /** After the step. */
  public void stepEnds(Trainer trainer, StepStats stats) {}

  /** Everything that is done at a snapshot. */
  public void snapshot(long step, Runnable body) {
    body.run();
  }

  /** Writes a checkpoint and reads it back. */
  public void checkpoint(long step, Path file, Runnable body) {
    body.run();
  }

  /**
   * Measures how well pairs correspond.
   *
   * @param body returns the mean agreement, NaN if there is none
   */
  public double evaluation(long step, int pairs, DoubleSupplier body) {
    return body.getAsDouble();
  }

  /** Writes a report. */
  public void report(long step, Path file, Runnable body) {
    body.run();
  }

  /** A training has diverged. */
  public void divergence(DivergedException e) {}

  /**
   * A training goes back.
   *
   * @param from the step at which it had diverged
   * @param to the step from which it goes on
   */
  public void rollback(long from, long to, double generatorRate, double discriminatorRate) {}
}
