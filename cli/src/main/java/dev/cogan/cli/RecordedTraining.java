package dev.cogan.cli;

import dev.cogan.cli.jfr.TrainingEvents;
import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.Trainer;
import dev.cogan.engine.train.TrainingListener;

/**
 * Records steps and snapshots for Java Flight Recorder.
 *
 * @param listener what snapshots consist of
 */
record RecordedTraining(TrainingEvents events, TrainingListener listener)
    implements TrainingListener {

  @Override
  public void onStart(Trainer trainer, long lastStep) {
    listener.onStart(trainer, lastStep);
  }

  @Override
  public void beforeStep(Trainer trainer) {
    listener.beforeStep(trainer);
    events.stepBegins(trainer);
  }

  @Override
  public void onStep(Trainer trainer, StepStats stats) {
    events.stepEnds(trainer, stats);
    listener.onStep(trainer, stats);
  }

  @Override
  public void onSnapshot(Trainer trainer) {
    events.snapshot(trainer.stepsDone(), () -> listener.onSnapshot(trainer));
  }

  @Override
  public boolean stopRequested() {
    return listener.stopRequested();
  }

  @Override
  public void onStop(Trainer trainer) {
    listener.onStop(trainer);
  }
}
