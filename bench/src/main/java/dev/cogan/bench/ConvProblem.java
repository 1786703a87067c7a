package dev.cogan.bench;

import dev.cogan.engine.kernel.ConvShape;

/**
 * One pass of one convolutional layer, without bias.
 *
 * @param layer the layer
 * @param pass the layer's pass
 */
public record ConvProblem(ConvLayer layer, Pass pass) {

  /** Sizes; the large side is the input of a convolution and the output of a transposed one. */
  public ConvShape shape() {
    return layer.shape();
  }

  /**
   * The pass as the kernel contract names it: a transposed convolution's forward is the
   * convolution's gradient to the input, and the other way round.
   */
  public Pass kernel() {
    if (!layer.transposed()) {
      return pass;
    }
    return switch (pass) {
      case FORWARD -> Pass.INPUT_GRAD;
      case INPUT_GRAD -> Pass.FORWARD;
      case WEIGHT_GRAD -> Pass.WEIGHT_GRAD;
    };
  }

  /** Values of the large side, {@code [n, cin, h, w]}, newly allocated. */
  public float[] large() {
    return Values.uniform("conv large", shape().inputSize());
  }

  /** Values of the small side, {@code [n, cout, oh, ow]}, newly allocated. */
  public float[] small() {
    return Values.uniform("conv small", shape().outputSize());
  }

  /** Weights {@code [cout, cin, kh, kw]}, newly allocated. */
  public float[] weights() {
    return Values.uniform("conv weights", shape().weightSize());
  }

  /**
   * Arithmetic of the pass in 1e9 operations; a multiply-add counts as two, padding counts as if it
   * were read, and nothing is taken off for algorithms that need fewer multiplications.
   */
  public double gigaFlop() {
    return 2e-9 * shape().multiplyAdds();
  }
}
