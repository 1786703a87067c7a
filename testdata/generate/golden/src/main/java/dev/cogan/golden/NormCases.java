package dev.cogan.golden;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Batch norm. Two training passes with different inputs, each with its own gradients, then one pass
 * in evaluation mode with the running statistics of the two.
 */
final class NormCases {
  private final SafetensorsWriter file;
  private final Values values;

  NormCases(SafetensorsWriter file, Values values) {
    this.file = file;
    this.values = values;
  }

  void addAll() {
    add("batchnorm2d.plain", false, 4, 6, 5, 7);
    add("batchnorm2d.affine", true, 3, 5, 4, 4);
    add("batchnorm1d.plain", false, 6, 24);
    add("batchnorm1d.affine", true, 8, 17);
  }

  private void add(String name, boolean affine, long... shape) {
    int channels = (int) shape[1];
    Tensor weight =
        affine ? Torch.leaf(Torch.tensor(values.normal(channels, 0.3, 1), channels)) : null;
    Tensor bias = affine ? Torch.leaf(values.normal(channels)) : null;
    Tensor mean = torch.zeros(channels);
    Tensor var = torch.ones(channels);
    Case out =
        new Case(
            file,
            name,
            String.format(
                Locale.ROOT, "channels=%d affine=%b eps=1e-5 momentum=0.1", channels, affine));
    out.put("weight", weight).put("bias", bias);
    for (int pass = 1; pass <= 2; pass++) {
      Tensor x = input(shape, pass);
      Tensor y = Torch.batchNorm(x, weight, bias, mean, var, true);
      Tensor dout = values.normal(shape);
      zero(weight);
      zero(bias);
      Torch.backward(y, dout);
      out.put("input" + pass, x).put("output" + pass, y).put("dout" + pass, dout);
      out.put("dinput" + pass, x.grad());
      if (affine) {
        out.put("dweight" + pass, weight.grad()).put("dbias" + pass, bias.grad());
      }
      out.put("running_mean" + pass, mean).put("running_var" + pass, var);
    }
    Tensor x = input(shape, 3);
    out.put("eval_input", x).put("eval_output", Torch.batchNorm(x, weight, bias, mean, var, false));
  }

  /** Every channel with a mean and a deviation of its own. */
  private Tensor input(long[] shape, int pass) {
    float[] x = Torch.floats(values.normal(shape));
    int channels = (int) shape[1];
    int pixels = shape.length == 4 ? (int) (shape[2] * shape[3]) : 1;
    for (int i = 0; i < x.length; i++) {
      int c = i / pixels % channels;
      x[i] = (0.5f + 0.4f * c) * x[i] + pass * (c - 2);
    }
    return Torch.leaf(Torch.tensor(x, shape));
  }

  private static void zero(Tensor leaf) {
    if (leaf != null && leaf.grad().defined()) {
      leaf.mutable_grad().zero_();
    }
  }
}
