package dev.cogan.golden;

import java.util.List;
import java.util.function.BiConsumer;
import org.bytedeco.pytorch.Tensor;

/**
 * Layers in a row.
 *
 * @param path prefix of the tensors' names
 * @param layers counted from 0 in the names, those without tensors too
 */
record Sequential(String path, List<Layer> layers) {
  Tensor forward(Tensor x, boolean train) {
    for (Layer layer : layers) {
      x = layer.forward(x, train);
    }
    return x;
  }

  void forEachParameter(BiConsumer<String, Tensor> action) {
    for (int i = 0; i < layers.size(); i++) {
      String prefix = path + '.' + i + '.';
      layers.get(i).parameters().forEach((name, tensor) -> action.accept(prefix + name, tensor));
    }
  }

  void forEachBuffer(BiConsumer<String, Tensor> action) {
    for (int i = 0; i < layers.size(); i++) {
      String prefix = path + '.' + i + '.';
      layers.get(i).buffers().forEach((name, tensor) -> action.accept(prefix + name, tensor));
    }
  }
}
