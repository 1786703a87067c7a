package dev.cogan.bench.peers;

import dev.cogan.bench.GemmProblem;
import dev.cogan.bench.Operation;
import dev.cogan.bench.Peer;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.R032Store;

/** ojAlgo's float matrices, which hold op(A) and op(B) by columns: its own, fastest layout. */
public final class OjAlgoPeer implements Peer {

  @Override
  public String name() {
    return "ojalgo";
  }

  @Override
  public Operation gemm(GemmProblem p, int threads) {
    OjAlgoUtils.limitThreadsTo(threads);
    R032Store a = matrix(p.m(), p.k(), p.a(), p.lda(), p.transA());
    R032Store b = matrix(p.k(), p.n(), p.b(), p.ldb(), p.transB());
    return new Product(a, b, R032Store.FACTORY.make(p.m(), p.n()));
  }

  private static R032Store matrix(
      int rows, int columns, float[] values, int ld, boolean transposed) {
    R032Store matrix = R032Store.FACTORY.make(rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, transposed ? values[j * ld + i] : values[i * ld + j]);
      }
    }
    return matrix;
  }

  private record Product(R032Store a, R032Store b, R032Store c) implements Operation {
    @Override
    public void run() {
      c.fillByMultiplying(a, b);
    }

    @Override
    public float[] result() {
      int rows = (int) c.countRows();
      int columns = (int) c.countColumns();
      float[] values = new float[rows * columns];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          values[i * columns + j] = (float) c.doubleValue(i, j);
        }
      }
      return values;
    }
  }
}
