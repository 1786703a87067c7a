package dev.cogan.bench.peers;

import dev.cogan.bench.GemmProblem;
import dev.cogan.bench.Operation;
import dev.cogan.bench.Peer;
import dev.ludovic.netlib.blas.JavaBLAS;

/** netlib's BLAS on the Vector API; one thread. */
public final class VectorBlasPeer implements Peer {

  @Override
  public String name() {
    return "vectorblas";
  }

  @Override
  public Operation gemm(GemmProblem problem, int threads) {
    if (threads != 1) {
      throw new UnsupportedOperationException("vectorblas uses one thread only, not " + threads);
    }
    JavaBLAS blas = JavaBLAS.getInstance();
    // Without the flag netlib silently takes its plain Java.
    if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
      throw new IllegalStateException(
          "vectorblas: netlib chose " + blas.getClass().getName() + " in this JVM");
    }
    return new BlasOperation(blas, problem);
  }
}
