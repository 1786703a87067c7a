package dev.cogan.engine.kernel;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parity of the matrix product. */
interface GemmParity extends Parity {

  /** {m, n, k}: single rows, columns and terms, register tile edges, cache block edges. */
  int[][] SIZES = {
    {1, 1, 1},
    {1, 1, 7},
    {1, 17, 1},
    {17, 1, 1},
    {1, 33, 5},
    {33, 1, 5},
    {3, 3, 3},
    {7, 15, 17},
    {8, 16, 4},
    {8, 32, 64},
    {9, 33, 65},
    {15, 31, 2},
    {16, 48, 33},
    {33, 17, 15},
    {5, 1021, 3},
    {1021, 5, 3},
    {3, 5, 1021},
    {64, 64, 64},
    {65, 129, 63},
    {130, 300, 517},
    {12, 70, 1030}
  };

  @Test
  default void gemmAgreesForAllTransposesAndBetas() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(1);
    for (int[] size : SIZES) {
      for (int flags = 0; flags < 4; flags++) {
        for (float beta : new float[] {0, 1, 0.5f}) {
          gemmAgrees(kernels, random, size, (flags & 1) != 0, (flags & 2) != 0, beta, 0);
        }
      }
    }
  }

  @Test
  default void gemmTakesLeadingDimensionsLargerThanTheRows() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(2);
    for (int[] size : SIZES) {
      for (int flags = 0; flags < 4; flags++) {
        gemmAgrees(kernels, random, size, (flags & 1) != 0, (flags & 2) != 0, 0.5f, 5);
        gemmAgrees(kernels, random, size, (flags & 1) != 0, (flags & 2) != 0, 0, 3);
      }
    }
  }

  @Test
  default void gemmOfNothingScalesC() {
    Random random = new Random(3);
    Kernels kernels = create(Parallel.none());
    for (float beta : new float[] {0, 1, 0.5f}) {
      gemmAgrees(kernels, random, new int[] {5, 7, 0}, false, false, beta, 2);
    }
    gemmAgrees(kernels, random, new int[] {0, 7, 3}, false, false, 0, 2);
    gemmAgrees(kernels, random, new int[] {5, 0, 3}, true, true, 0, 2);
  }

  @Test
  default void gemmPassesOnNanAndInfinity() {
    Kernels kernels = create(Parallel.none());
    Random random = new Random(4);
    for (int[] size : new int[][] {{9, 21, 13}, {70, 90, 300}}) {
      int m = size[0];
      int n = size[1];
      int k = size[2];
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        Buffer a = Buffer.random(random, m * k);
        Buffer b = Buffer.random(random, k * n);
        a.set(3 * k + 5, bad);
        agree(kernels, "bad A", k, gemm(false, false, size, k, n, n, 0.5f), a, b, c(random, m, n));
        a = Buffer.random(random, m * k);
        // Zero times infinity is NaN: skipping zeros would hide it.
        for (int p = 0; p < k; p++) {
          a.set(k + p, 0);
        }
        b.set(4 * n + 7, bad);
        agree(kernels, "bad B", k, gemm(false, false, size, k, n, n, 0), a, b, c(random, m, n));
        b = Buffer.random(random, k * n);
        Buffer c = c(random, m, n).set(2 * n + 3, bad);
        agree(kernels, "bad C", k, gemm(false, false, size, k, n, n, 1), a, b, c);
      }
    }
  }

  private static Buffer c(Random random, int m, int n) {
    return Buffer.random(random, m * n);
  }

  private void gemmAgrees(
      Kernels kernels,
      Random random,
      int[] size,
      boolean transA,
      boolean transB,
      float beta,
      int gap) {
    int m = size[0];
    int n = size[1];
    int k = size[2];
    int lda = (transA ? m : k) + gap;
    int ldb = (transB ? k : n) + 2 * gap;
    int ldc = n + 3 * gap;
    Buffer a = transA ? Buffer.matrix(random, k, m, lda) : Buffer.matrix(random, m, k, lda);
    Buffer b = transB ? Buffer.matrix(random, n, k, ldb) : Buffer.matrix(random, k, n, ldb);
    Buffer c = Buffer.matrix(random, m, n, ldc);
    if (beta == 0) {
      c.replaceAll(Float.NaN);
    }
    String what =
        "gemm %dx%dx%d transA=%s transB=%s beta=%s gap=%d"
            .formatted(m, n, k, transA, transB, beta, gap);
    agree(kernels, what, k, gemm(transA, transB, size, lda, ldb, ldc, beta), a, b, c);
  }

  /** {@code b[2] = beta * b[2] + op(b[0]) * op(b[1])}. */
  static Call gemm(
      boolean transA, boolean transB, int[] size, int lda, int ldb, int ldc, float beta) {
    return (kernels, b) ->
        kernels.gemm(
            transA,
            transB,
            size[0],
            size[1],
            size[2],
            b[0].array,
            b[0].offset,
            lda,
            b[1].array,
            b[1].offset,
            ldb,
            beta,
            b[2].array,
            b[2].offset,
            ldc);
  }
}
