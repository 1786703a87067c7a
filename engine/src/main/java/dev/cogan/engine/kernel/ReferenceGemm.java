package dev.cogan.engine.kernel;

/** The matrix product, one dot product per element of C. */
interface ReferenceGemm extends Kernels {

  @Override
  default void gemm(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      float beta,
      float[] c,
      int cOff,
      int ldc) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          float x = transA ? a[aOff + p * lda + i] : a[aOff + i * lda + p];
          float y = transB ? b[bOff + j * ldb + p] : b[bOff + p * ldb + j];
          sum += (double) x * y;
        }
        int at = cOff + i * ldc + j;
        // beta = 0 means that C need not hold numbers yet: 0 * NaN must not come out.
        c[at] = (float) (beta == 0 ? sum : sum + (double) beta * c[at]);
      }
    }
  }
}
