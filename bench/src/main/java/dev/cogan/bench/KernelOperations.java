package dev.cogan.bench;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;

/** Matrix products and convolutions by the engine's kernels. */
final class KernelOperations {
  private KernelOperations() {}

  /** An operation whose output is one array that exists from the start. */
  static Operation of(float[] result, Runnable body) {
    return new Operation() {
      @Override
      public void run() {
        body.run();
      }

      @Override
      public float[] result() {
        return result;
      }
    };
  }

  /** {@code C = op(A) op(B)}. */
  static Operation gemm(Kernels k, GemmProblem p) {
    float[] a = p.a();
    float[] b = p.b();
    float[] c = new float[Math.multiplyExact(p.m(), p.n())];
    return of(
        c,
        () ->
            k.gemm(
                p.transA(),
                p.transB(),
                p.m(),
                p.n(),
                p.k(),
                a,
                0,
                p.lda(),
                b,
                0,
                p.ldb(),
                0f,
                c,
                0,
                p.n()));
  }

  /** One pass of a convolution. */
  static Operation conv(Kernels k, ConvProblem p) {
    ConvShape shape = p.shape();
    switch (p.kernel()) {
      case FORWARD -> {
        float[] large = p.large();
        float[] weights = p.weights();
        float[] small = new float[shape.outputSize()];
        return of(small, () -> k.convForward(shape, small, 0, large, 0, weights, 0, null, 0));
      }
      case INPUT_GRAD -> {
        float[] small = p.small();
        float[] weights = p.weights();
        float[] large = new float[shape.inputSize()];
        return of(large, () -> k.convInputGrad(shape, large, 0, small, 0, weights, 0, null, 0));
      }
      case WEIGHT_GRAD -> {
        float[] large = p.large();
        float[] small = p.small();
        float[] weights = new float[shape.weightSize()];
        return of(weights, () -> k.convWeightGrad(shape, weights, 0, large, 0, small, 0));
      }
      default -> throw new IllegalArgumentException("no such pass: " + p.kernel());
    }
  }
}
