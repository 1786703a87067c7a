package dev.cogan.engine.model;

import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.ParameterStore;
import java.util.List;
import java.util.function.Supplier;

/**
 * One weight layer with what belongs to it (norm, activation, pooling): a row of the paper's layer
 * tables, and the unit in which sharing is counted.
 */
@FunctionalInterface
public interface Block {

  /**
   * Makes the layers.
   *
   * @param store where their parameters are registered
   * @param paths gives the path of each next layer, for example {@code generators.shared.3}
   */
  List<Layer> layers(ParameterStore store, Supplier<String> paths);
}
