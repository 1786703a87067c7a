package dev.cogan.cli;

import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.Trainer;
import dev.cogan.engine.train.TrainingListener;

/**
 * Tells several listeners, in their order.
 *
 * @param listeners first to last
 */
record ListenerChain(TrainingListener... listeners) implements TrainingListener {

  @Override
  public void onStart(Trainer trainer, long lastStep) {
    for (TrainingListener listener : listeners) {
      listener.onStart(trainer, lastStep);
    }
  }

  @Override
  public void beforeStep(Trainer trainer) {
    for (TrainingListener listener : listeners) {
      listener.beforeStep(trainer);
    }
  }

  @Override
  public void onStep(Trainer trainer, StepStats stats) {
    for (TrainingListener listener : listeners) {
      listener.onStep(trainer, stats);
    }
  }

  @Override
  public void onSnapshot(Trainer trainer) {
    for (TrainingListener listener : listeners) {
      listener.onSnapshot(trainer);
    }
  }

  /** Whether one of them wants it. */
  @Override
  public boolean stopRequested() {
    for (TrainingListener listener : listeners) {
      if (listener.stopRequested()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void onStop(Trainer trainer) {
    for (TrainingListener listener : listeners) {
      listener.onStop(trainer);
    }
  }
}
