package dev.cogan.golden;

import org.bytedeco.pytorch.Tensor;

/** One case of a golden file: a name prefix and what is stored under it. */
final class Case {
  private final SafetensorsWriter file;
  private final String name;

  /** Opens a case; the configuration goes into the file's metadata under the case's name. */
  Case(SafetensorsWriter file, String name, String configuration) {
    this.file = file;
    this.name = name;
    file.metadata(name, configuration);
  }

  /** Stores a tensor as {@code case/key}; null is left out. */
  Case put(String key, Tensor tensor) {
    if (tensor != null) {
      file.add(name + '/' + key, Torch.shape(tensor), Torch.floats(tensor));
    }
    return this;
  }

  /** Stores the gradient of a leaf as {@code case/dkey}; null is left out. */
  Case putGrad(String key, Tensor leaf) {
    if (leaf != null) {
      put('d' + key, leaf.grad());
    }
    return this;
  }

  /** Runs backward with a random {@code dout} and stores output and dout. */
  Case backward(Values values, Tensor output) {
    Tensor dout = values.normal(Torch.shape(output));
    Torch.backward(output, dout);
    return put("output", output).put("dout", dout);
  }
}
