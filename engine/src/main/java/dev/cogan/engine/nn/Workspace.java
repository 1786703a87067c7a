package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.random.RandomStream;

/**
 * What the passes of one training (or one sampler) have in common: the kernels, the memory plan,
 * the dropout stream, and two buffers between which the gradients of activations go back and forth.
 * Passes of one workspace run one after the other, in one thread at a time, so two buffers serve
 * them all.
 */
public final class Workspace {
  private final Kernels kernels;
  private final Memory memory;
  private final RandomStream dropout;
  private float[] even = {};
  private float[] odd = {};
  private long size;
  private boolean sealed;
  private LayerProbe probe;

  /**
   * @param dropout stream of the dropout masks
   */
  public Workspace(Kernels kernels, Memory memory, RandomStream dropout) {
    this.kernels = kernels;
    this.memory = memory;
    this.dropout = dropout;
  }

  /** A workspace for sampling: heap memory, and no dropout to draw for. */
  public static Workspace inference(Kernels kernels) {
    return new Workspace(kernels, Memory.heap(), RandomStream.of(0, "dropout"));
  }

  /** The arithmetic. */
  public Kernels kernels() {
    return kernels;
  }

  /** Where arrays come from. */
  public Memory memory() {
    return memory;
  }

  /** Stream of the dropout masks. */
  public RandomStream dropout() {
    return dropout;
  }

  /** From now on tells {@code probe}, if it is not null, which layer runs. */
  public void observe(LayerProbe probe) {
    this.probe = probe;
  }

  LayerProbe probe() {
    return probe;
  }

  /**
   * Asks for gradient buffers of at least this size; first call this for every network that will be
   * trained, then make the passes.
   *
   * @throws IllegalStateException if a training pass has been made with smaller ones
   */
  public void reserveGradients(long floats) {
    if (sealed && floats > size) {
      throw new IllegalStateException("reserve gradient buffers before the first training pass");
    }
    size = Math.max(size, floats);
  }

  float[] gradientBuffer(int layer) {
    if (!sealed) {
      even = memory.floats("backward", size);
      odd = memory.floats("backward", size);
      sealed = true;
    }
    return layer % 2 == 0 ? even : odd;
  }
}
