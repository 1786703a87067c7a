package dev.cogan.engine.train;

import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.nn.ParameterStore;

/**
 * The running average of the generators' weights, {@code a += (1 - decay) (w - a)} after every
 * step. The decay begins low, {@code (1 + step) / (10 + step)}, so that the initial weights are
 * soon forgotten.
 */
final class WeightAverage {
  private final float decay;
  private final CoupledGenerators averaged;
  private final ParameterStore trained;
  private boolean started;

  /**
   * @param averaged generators without gradients, of the same config as the trained ones
   */
  WeightAverage(float decay, CoupledGenerators averaged, ParameterStore trained) {
    this.decay = decay;
    this.averaged = averaged;
    this.trained = trained;
  }

  CoupledGenerators generators() {
    return averaged;
  }

  /** Whether it has a value: what {@link #start} or a checkpoint gave it. */
  boolean started() {
    return started;
  }

  /** Starts at the current weights. */
  void start() {
    started = true;
    System.arraycopy(trained.values(), 0, averaged.store().values(), 0, trained.count());
  }

  /** Starts at the current weights of a training that has gone some way, with its statistics. */
  void startAmidst() {
    start();
    float[] buffers = trained.buffers();
    System.arraycopy(buffers, 0, averaged.store().buffers(), 0, buffers.length);
  }

  /** Takes in the weights after a step, counted from 1. */
  void add(long step) {
    double now = Math.min(decay, (1.0 + step) / (10.0 + step));
    move(averaged.store().values(), trained.values(), (float) (1 - now));
  }

  private static void move(float[] a, float[] w, float share) {
    for (int i = 0; i < a.length; i++) {
      a[i] += share * (w[i] - a[i]);
    }
  }

  /**
   * Fills the average's running statistics, by running the trained network with the averaged
   * weights in place: memory for a second network's activations would double the plan.
   */
  void refresh(Runnable statistics) {
    float[] buffers = averaged.store().buffers();
    swap(trained.values(), averaged.store().values());
    swap(trained.buffers(), buffers);
    try {
      statistics.run();
    } finally {
      swap(trained.values(), averaged.store().values());
      swap(trained.buffers(), buffers);
    }
  }

  private static void swap(float[] a, float[] b) {
    for (int i = 0; i < a.length; i++) {
      float t = a[i];
      a[i] = b[i];
      b[i] = t;
    }
  }
}
