package dev.cogan.golden;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** PReLU, LeakyReLU, ReLU, sigmoid, tanh and max pooling: outputs and gradients. */
final class ActivationCases {
  private final SafetensorsWriter file;
  private final Values values;

  ActivationCases(SafetensorsWriter file, Values values) {
    this.file = file;
    this.values = values;
  }

  void addAll() {
    prelu("prelu.one", 1, 3, 5, 4, 7);
    prelu("prelu.channels", 5, 3, 5, 4, 7);
    prelu("prelu.flat", 1, 6, 19);
    prelu("prelu.flat.channels", 19, 6, 19);

    map("leakyrelu", "slope=0.2", x -> torch.leaky_relu(x, new Scalar(0.2)), kinked());
    map("relu", "", torch::relu, kinked());
    map("sigmoid", "", torch::sigmoid, spread());
    map("tanh", "", torch::tanh, spread());

    map("maxpool2d.even", "size=2", x -> Torch.maxPool2d(x, 2), values.normal(2, 3, 8, 12));
    map("maxpool2d.odd", "size=2", x -> Torch.maxPool2d(x, 2), values.normal(2, 3, 9, 7));
    map("maxpool2d.ties", "size=2", x -> Torch.maxPool2d(x, 2), values.integers(3, 2, 3, 8, 8));
  }

  private Tensor kinked() {
    return values.normalWithZeros(3, 5, 4, 7);
  }

  /** Ordinary values, large ones on both sides, and zero. */
  private Tensor spread() {
    float[] x = values.normal(3 * 43, 2, 0);
    float[] ends = {0, -0f, 1e-6f, -1e-6f, 5, -5, 9, -9, 20, -20, 30, -30, 80, -80, 100, -100};
    System.arraycopy(ends, 0, x, 0, ends.length);
    return Torch.tensor(x, 3, 43);
  }

  private void prelu(String name, int slopes, long... shape) {
    Tensor x = Torch.leaf(values.normalWithZeros(shape));
    Tensor weight = Torch.leaf(Torch.tensor(values.normal(slopes, 0.1, 0.25), slopes));
    new Case(file, name, "slopes=" + slopes)
        .put("input", x)
        .put("weight", weight)
        .backward(values, torch.prelu(x, weight))
        .putGrad("input", x)
        .putGrad("weight", weight);
  }

  private void map(String name, String configuration, UnaryOperator<Tensor> function, Tensor x) {
    Torch.leaf(x);
    new Case(file, name, configuration)
        .put("input", x)
        .backward(values, function.apply(x))
        .putGrad("input", x);
  }
}
