package dev.cogan.engine.train;

/**
 * Is told how a training goes. Calls come from the training's thread; an exception ends the
 * training and reaches its caller.
 */
public interface TrainingListener {

  /** Before the first step of this run; after a resume, {@code trainer.stepsDone()} is not 0. */
  default void onStart(Trainer trainer, long lastStep) {}

  /** Before every step. */
  default void beforeStep(Trainer trainer) {}

  /** After every step. The stats are overwritten by the next one. */
  default void onStep(Trainer trainer, StepStats stats) {}

  /**
   * At the first and the last step and every so many between: the running statistics have just been
   * refreshed, so the model is ready to be sampled and saved.
   */
  default void onSnapshot(Trainer trainer) {}

  /**
   * Asked after every step: whether the training should end here. Then {@link #onStop} is told,
   * unless there was a snapshot at this very step, and {@link Trainer#run} returns.
   */
  default boolean stopRequested() {
    return false;
  }

  /**
   * The training ends early, because {@link #stopRequested} said so: the model is ready to be
   * saved, as in {@link #onSnapshot}.
   */
  default void onStop(Trainer trainer) {}
}
