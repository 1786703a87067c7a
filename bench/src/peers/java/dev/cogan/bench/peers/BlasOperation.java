package dev.cogan.bench.peers;

import dev.cogan.bench.GemmProblem;
import dev.cogan.bench.Operation;
import dev.ludovic.netlib.blas.BLAS;

/**
 * A matrix product by BLAS, which stores matrices by columns: what is C by rows is its transpose by
 * columns, so {@code C^T = op(B)^T op(A)^T} is computed, without any copying.
 */
final class BlasOperation implements Operation {
  private final BLAS blas;
  private final GemmProblem problem;
  private final float[] a;
  private final float[] b;
  private final float[] c;

  BlasOperation(BLAS blas, GemmProblem problem) {
    this.blas = blas;
    this.problem = problem;
    a = problem.a();
    b = problem.b();
    c = new float[problem.m() * problem.n()];
  }

  @Override
  public void run() {
    GemmProblem p = problem;
    blas.sgemm(
        p.transB() ? "T" : "N",
        p.transA() ? "T" : "N",
        p.n(),
        p.m(),
        p.k(),
        1f,
        b,
        p.ldb(),
        a,
        p.lda(),
        0f,
        c,
        p.n());
  }

  @Override
  public float[] result() {
    return c;
  }
}
