package dev.cogan.golden;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The few libtorch calls that all cases need, with Java arrays on the outside. */
final class Torch {
  private static final long[] ONE = {1, 1};

  private Torch() {}

  /** A float tensor with a copy of the values. */
  static Tensor tensor(float[] values, long... shape) {
    Tensor tensor = torch.empty(shape);
    tensor.data_ptr_float().put(values, 0, values.length);
    return tensor;
  }

  /** A copy of a tensor's values in row-major order. */
  static float[] floats(Tensor tensor) {
    Tensor plain = tensor.detach().contiguous();
    float[] values = new float[Math.toIntExact(plain.numel())];
    FloatPointer pointer = plain.data_ptr_float();
    pointer.get(values, 0, values.length);
    return values;
  }

  /** A tensor's shape; a scalar counts as one element. */
  static long[] shape(Tensor tensor) {
    long[] shape = new long[Math.toIntExact(tensor.dim())];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = tensor.size(i);
    }
    return shape.length == 0 ? new long[] {1} : shape;
  }

  /** The tensor as a leaf that collects a gradient. */
  static Tensor leaf(Tensor tensor) {
    return tensor.set_requires_grad(true);
  }

  static TensorOptional optional(Tensor tensor) {
    return tensor == null ? new TensorOptional() : new TensorOptional(tensor);
  }

  static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, int stride, int pad) {
    return torch.conv2d(
        x, weight, optional(bias), new long[] {stride, stride}, new long[] {pad, pad}, ONE, 1);
  }

  static Tensor convTranspose2d(Tensor x, Tensor weight, Tensor bias, int stride, int pad) {
    return torch.conv_transpose2d(
        x,
        weight,
        optional(bias),
        new long[] {stride, stride},
        new long[] {pad, pad},
        new long[] {0, 0},
        1,
        ONE);
  }

  static Tensor maxPool2d(Tensor x, int size) {
    long[] window = {size, size};
    return torch.max_pool2d(x, window, window, new long[] {0, 0}, ONE, false);
  }

  /** Batch norm that reads or, in training, updates the running statistics. */
  static Tensor batchNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor var, boolean train) {
    return torch.batch_norm(
        x, optional(gamma), optional(beta), optional(mean), optional(var), train, 0.1, 1e-5, false);
  }

  /** Mean binary cross entropy of logits against one target for all. */
  static Tensor bceWithLogits(Tensor logits, boolean real) {
    Tensor target = real ? torch.ones_like(logits) : torch.zeros_like(logits);
    return torch.binary_cross_entropy_with_logits(logits, target);
  }

  /** Backward with a given gradient of the output. */
  static void backward(Tensor output, Tensor dout) {
    output.backward(dout, new BoolOptional(), false, new TensorArrayRefOptional());
  }

  static AdamOptions adam(double rate, double beta1, double beta2, double decay) {
    AdamOptions options = new AdamOptions(rate);
    // libstdc++ lays a tuple out from its last element to its first.
    options.betas().put(0, beta2).put(1, beta1);
    options.eps().put(1e-8);
    options.weight_decay().put(decay);
    return options;
  }

  static AdamWOptions adamW(double rate, double beta1, double beta2, double decay) {
    AdamWOptions options = new AdamWOptions(rate);
    options.betas().put(0, beta2).put(1, beta1);
    options.eps().put(1e-8);
    options.weight_decay().put(decay);
    return options;
  }
}
