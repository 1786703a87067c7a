package dev.cogan.golden;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A layer of a small network: a function of libtorch and the tensors that it owns. */
interface Layer {
  Tensor forward(Tensor x, boolean train);

  /** Trained tensors by PyTorch's names, leaves that collect gradients. */
  default Map<String, Tensor> parameters() {
    return Map.of();
  }

  /** Tensors that are kept but not trained. */
  default Map<String, Tensor> buffers() {
    return Map.of();
  }

  /** A layer without tensors. */
  static Layer of(UnaryOperator<Tensor> function) {
    return (x, train) -> function.apply(x);
  }

  static Layer sigmoid() {
    return of(torch::sigmoid);
  }

  static Layer maxPool2d(int size) {
    return of(x -> Torch.maxPool2d(x, size));
  }

  static Layer flatten() {
    return of(x -> x.reshape(x.size(0), -1));
  }

  static Layer prelu() {
    return weighted(Map.of("weight", Torch.tensor(new float[] {0.25f}, 1)), torch::prelu);
  }

  /** One slope per channel. */
  static Layer prelu(int channels) {
    float[] slopes = new float[channels];
    Arrays.fill(slopes, 0.25f);
    return weighted(Map.of("weight", Torch.tensor(slopes, channels)), torch::prelu);
  }

  static Layer tanh() {
    return of(torch::tanh);
  }

  static Layer linear(Values values, int in, int out, boolean bias) {
    Map<String, Tensor> own = weights(values, in, out, bias, out, out, in);
    return weighted(own, (x, w) -> torch.linear(x, w, Torch.optional(own.get("bias"))));
  }

  static Layer conv2d(Values values, int in, int out, int kernel) {
    int area = kernel * kernel;
    Map<String, Tensor> own =
        weights(values, in * area, out * area, true, out, out, in, kernel, kernel);
    return weighted(own, (x, w) -> Torch.conv2d(x, w, own.get("bias"), 1, 0));
  }

  /** Without bias. */
  static Layer conv2d(Values values, int in, int out, int kernel, int stride, int pad) {
    int area = kernel * kernel;
    Map<String, Tensor> own =
        weights(values, in * area, out * area, false, out, out, in, kernel, kernel);
    return weighted(own, (x, w) -> Torch.conv2d(x, w, null, stride, pad));
  }

  static Layer convTranspose2d(
      Values values, int in, int out, int kernel, int stride, int pad, boolean bias) {
    int area = kernel * kernel / (stride * stride);
    Map<String, Tensor> own =
        weights(values, in * area, out * area, bias, out, in, out, kernel, kernel);
    return weighted(
        own, (x, w) -> Torch.convTranspose2d(pixels(x), w, own.get("bias"), stride, pad));
  }

  /** Noise [n, c] seen as images [n, c, 1, 1]. */
  private static Tensor pixels(Tensor x) {
    return x.dim() == 2 ? x.reshape(x.size(0), x.size(1), 1, 1) : x;
  }

  /** Batch norm without scale and shift. */
  static Layer batchNorm(int channels) {
    Map<String, Tensor> own =
        Map.of("running_mean", torch.zeros(channels), "running_var", torch.ones(channels));
    return new Layer() {
      @Override
      public Tensor forward(Tensor x, boolean train) {
        return Torch.batchNorm(
            x, null, null, own.get("running_mean"), own.get("running_var"), train);
      }

      @Override
      public Map<String, Tensor> buffers() {
        return new TreeMap<>(own);
      }
    };
  }

  /** A function of the input and a weight. */
  @FunctionalInterface
  interface Weighted {
    Tensor apply(Tensor x, Tensor weight);
  }

  private static Layer weighted(Map<String, Tensor> own, Weighted function) {
    own.values().forEach(Torch::leaf);
    return new Layer() {
      @Override
      public Tensor forward(Tensor x, boolean train) {
        return function.apply(x, own.get("weight"));
      }

      @Override
      public Map<String, Tensor> parameters() {
        return new TreeMap<>(own);
      }
    };
  }

  /** Normal weights of Xavier's deviation times sqrt 2, and small biases that are not zero. */
  private static Map<String, Tensor> weights(
      Values values, int fanIn, int fanOut, boolean bias, int biases, long... shape) {
    double deviation = Math.sqrt(2) * Math.sqrt(2.0 / (fanIn + fanOut));
    Map<String, Tensor> own = new TreeMap<>();
    own.put("weight", values.normal(deviation, shape));
    if (bias) {
      own.put("bias", values.normal(0.1, new long[] {biases}));
    }
    return own;
  }
}
