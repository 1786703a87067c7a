package dev.cogan.cli.export;

import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/** A checkpoint's parameters and running statistics by name, without what only training needs. */
public final class Weights {
  private Weights() {}

  /**
   * Reads them; the generators' are those that sampling uses.
   *
   * @throws dev.cogan.engine.io.InputException if the file has no discriminators but they are asked
   *     for
   */
  public static Map<String, Tensor> of(
      Checkpoint checkpoint, boolean generators, boolean discriminators) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    if (generators) {
      add(weights, checkpoint.loadForSampling(Memory.heap()).generators().store());
    }
    if (discriminators) {
      add(weights, checkpoint.loadDiscriminators(Memory.heap()).store());
    }
    return weights;
  }

  private static void add(Map<String, Tensor> weights, ParameterStore store) {
    for (Parameter p : store.parameters()) {
      weights.put(p.name(), p.value());
    }
    for (String buffer : store.bufferNames()) {
      weights.put(buffer, store.buffer(buffer));
    }
  }
}
