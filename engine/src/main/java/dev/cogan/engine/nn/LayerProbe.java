package dev.cogan.engine.nn;

/**
 * Is told which layer a {@link Sequential} is about to run, for profiles: together with kernels
 * that are timed, it says where a step's time goes. See {@link Workspace#observe}.
 */
public interface LayerProbe {

  /**
   * Before the layer's forward or backward. A batch norm that is computed in one with the PReLU
   * behind it stands for both.
   *
   * @param backward whether it is the backward
   */
  void begin(Layer layer, boolean backward);

  /** After it. */
  void end();
}
