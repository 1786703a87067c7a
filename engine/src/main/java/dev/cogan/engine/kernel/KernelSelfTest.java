package dev.cogan.engine.kernel;

import java.util.Locale;

/**
 * A short comparison of kernels with the scalar kernels, run when they are chosen: enough to notice
 * a JVM that miscompiles them, not a test suite.
 */
final class KernelSelfTest {
  private static final int LENGTH = 67;

  private final Kernels candidate;
  private final Kernels scalar = new ScalarKernels();

  private KernelSelfTest(Kernels candidate) {
    this.candidate = candidate;
  }

  /** What the candidate gets wrong first, or null. */
  static String firstDifference(Kernels candidate) {
    KernelSelfTest test = new KernelSelfTest(candidate);
    String difference = test.gemm();
    if (difference == null) {
      difference = test.conv();
    }
    return difference != null ? difference : test.elementwise();
  }

  /** Numbers between -1 and 1 without a pattern that a kernel could share. */
  private static float[] numbers(int length, int seed) {
    float[] numbers = new float[length];
    int state = seed;
    for (int i = 0; i < length; i++) {
      state = state * 1664525 + 1013904223;
      numbers[i] = (state >> 8) / (float) (1 << 23);
    }
    return numbers;
  }

  private String gemm() {
    int m = 13;
    int n = 37;
    int k = 29;
    float[] a = numbers(m * k, 1);
    float[] b = numbers(k * n, 2);
    for (int flags = 0; flags < 4; flags++) {
      boolean transA = (flags & 1) != 0;
      boolean transB = (flags & 2) != 0;
      float[] expected = numbers(m * n, 3);
      float[] actual = expected.clone();
      for (int pass = 0; pass < 2; pass++) {
        (pass == 0 ? scalar : candidate)
            .gemm(
                transA,
                transB,
                m,
                n,
                k,
                a,
                0,
                transA ? m : k,
                b,
                0,
                transB ? k : n,
                0.5f,
                pass == 0 ? expected : actual,
                0,
                n);
      }
      String difference = compare("gemm", expected, actual);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private String conv() {
    ConvShape shape = ConvShape.of(2, 5, 9, 7, 11, 3, 3, 2, 1);
    float[] x = numbers(shape.inputSize(), 4);
    float[] w = numbers(shape.weightSize(), 5);
    float[] dy = numbers(shape.outputSize(), 6);
    float[] bias = numbers(11, 7);
    float[][] y = new float[2][shape.outputSize()];
    float[][] dx = new float[2][shape.inputSize()];
    float[][] dw = new float[2][shape.weightSize()];
    for (int pass = 0; pass < 2; pass++) {
      Kernels kernels = pass == 0 ? scalar : candidate;
      kernels.convForward(shape, y[pass], 0, x, 0, w, 0, bias, 0);
      kernels.convInputGrad(shape, dx[pass], 0, dy, 0, w, 0, null, 0);
      kernels.convWeightGrad(shape, dw[pass], 0, x, 0, dy, 0);
    }
    String difference = compare("convForward", y[0], y[1]);
    if (difference == null) {
      difference = compare("convInputGrad", dx[0], dx[1]);
    }
    return difference != null ? difference : compare("convWeightGrad", dw[0], dw[1]);
  }

  private String elementwise() {
    float[] x = numbers(LENGTH, 8);
    float[] g = numbers(LENGTH, 9);
    float[][] results = new float[2][];
    for (int pass = 0; pass < 2; pass++) {
      Kernels kernels = pass == 0 ? scalar : candidate;
      float[] y = x.clone();
      float[] m = new float[LENGTH];
      float[] v = new float[LENGTH];
      kernels.adam(LENGTH, y, 0, g, 0, m, 0, v, 0, 0.5f, 0.999f, 1e-8f, 0.01f, 1.5f, 0.01f, 0.01f);
      kernels.leakyReluForward(LENGTH, 0.2f, y, 0, y, 0);
      kernels.tanhForward(LENGTH, y, 0, y, 0);
      kernels.sigmoidForward(LENGTH, y, 0, y, 0);
      kernels.axpy(LENGTH, (float) kernels.sum(LENGTH, m, 0), y, 0, v, 0);
      results[pass] = y;
    }
    return compare("adam, activations or sum", results[0], results[1]);
  }

  private static String compare(String what, float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      // Written so that a NaN counts as a difference.
      if (!(Math.abs(expected[i] - actual[i]) <= 1e-4)) {
        return String.format(
            Locale.ROOT,
            "%s gives %s at %d where the scalar kernels give %s",
            what,
            actual[i],
            i,
            expected[i]);
      }
    }
    return null;
  }
}
