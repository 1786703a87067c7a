package dev.cogan.bench.peers;

import dev.cogan.bench.GemmProblem;
import dev.cogan.bench.Operation;
import dev.cogan.bench.Peer;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;

/** EJML's dense row-major float matrices, around the benchmark's own arrays. */
public final class EjmlPeer implements Peer {

  @Override
  public String name() {
    return "ejml";
  }

  @Override
  public Operation gemm(GemmProblem p, int threads) {
    EjmlConcurrency.setMaxThreads(threads);
    return new Product(
        p,
        threads > 1,
        FMatrixRMaj.wrap(p.transA() ? p.k() : p.m(), p.lda(), p.a()),
        FMatrixRMaj.wrap(p.transB() ? p.n() : p.k(), p.ldb(), p.b()),
        new FMatrixRMaj(p.m(), p.n()));
  }

  private record Product(
      GemmProblem p, boolean parallel, FMatrixRMaj a, FMatrixRMaj b, FMatrixRMaj c)
      implements Operation {

    @Override
    public void run() {
      if (parallel) {
        runParallel();
      } else if (p.transA() && p.transB()) {
        CommonOps_FDRM.multTransAB(a, b, c);
      } else if (p.transA()) {
        CommonOps_FDRM.multTransA(a, b, c);
      } else if (p.transB()) {
        CommonOps_FDRM.multTransB(a, b, c);
      } else {
        CommonOps_FDRM.mult(a, b, c);
      }
    }

    private void runParallel() {
      if (p.transA() && p.transB()) {
        CommonOps_MT_FDRM.multTransAB(a, b, c);
      } else if (p.transA()) {
        CommonOps_MT_FDRM.multTransA(a, b, c);
      } else if (p.transB()) {
        CommonOps_MT_FDRM.multTransB(a, b, c);
      } else {
        CommonOps_MT_FDRM.mult(a, b, c);
      }
    }

    @Override
    public float[] result() {
      return c.data;
    }
  }
}
