package dev.cogan.bench;

/** A piece of work bound to its data: can be run any number of times, and shows what came out. */
public interface Operation extends AutoCloseable {

  /** Does the work once. */
  void run();

  /**
   * What the first run has to give, for comparison with another implementation. Operations that add
   * to their output or update it in place give other numbers after further runs.
   */
  float[] result();

  /** Gives back memory and threads that the garbage collector does not know of. */
  @Override
  default void close() {}
}
