package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;

/**
 * The gradient to the weights with far more weights than positions: the product {@code [cout,
 * positions] * [positions, cin*kh*kw]} goes to the gradient as it lies, which is what takes the
 * time. {@link ConvWeightGrad} computes it transposed.
 */
final class ConvFewPositionsWeightGrad {
  private static final int MOST_POSITIONS = 256;

  /** Rows and columns of the weights below which there are too few to matter. */
  private static final int LEAST = 256;

  private final VectorGemm gemm;
  private final FewPositions positions;

  ConvFewPositionsWeightGrad(VectorGemm gemm, FewPositions positions) {
    this.gemm = gemm;
    this.positions = positions;
  }

  static boolean suits(ConvShape s) {
    return (long) s.n() * s.oh() * s.ow() <= MOST_POSITIONS
        && s.cout() >= LEAST
        && s.cin() * s.kh() * s.kw() >= LEAST;
  }

  void run(ConvShape s, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    int k = FewPositions.count(s);
    int n = s.cin() * s.kh() * s.kw();
    float[] a = positions.small(s, dy, dyOff);
    float[] b = positions.patches(s, x, xOff);
    gemm.gemm(false, true, s.cout(), n, k, a, 0, k, b, 0, k, 1f, dw, dwOff, n);
  }
}
