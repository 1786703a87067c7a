package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.Parallel;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes that take each of the matrix product's paths, whatever the width of the vectors. */
class VectorGemmTest {

  @ParameterizedTest(name = "{0}: m={1} n={2} k={3} beta={4}")
  @CsvSource({
    "whole tiles,                    48,  128, 64,   0",
    "one tile's edge in both ways,   5,   3,   7,    1",
    "half a tile at the bottom,      20,  96,  40,   0",
    "edge of half a tile,            11,  37,  40,   0.5",
    "several blocks along K,         33,  70,  1000, 0",
    "few rows and B transposed,      20,  203, 300,  0",
    "many rows,                      1050, 70,  300,  1",
    "many rows and an odd panel,     299, 83,  129,  0",
    "many rows and columns,          260, 1100, 130, 1",
    "many rows and columns to write, 262, 1100, 130, 0",
    "whole blocks along K to write,  264, 128, 256,  0",
    "rows of B far apart,            260, 1100, 192, 0",
    "the same with few rows,         33,  2100, 100, 0",
    "long rows of A and many columns, 200, 450, 520,  0",
    "columns in several rounds,      256, 65,  33000, 0",
    "the same added,                 37,  80,  64,   0.5",
    "one more than a block along K,  16,  64,  257,  1",
    "few columns: rows are cut,      600, 24,  300,  0",
    "many columns,                   9,   2100, 30,  -2",
    "one row,                        1,   331, 77,   0.5",
    "one row of many,                1,   3000, 70,  0",
    "one column,                     203, 1,   77,   0.5",
    "one column of many,             3000, 1,  70,   1",
    "one number,                     1,   1,   1000, 1",
    "outer product,                  64,  500, 1,    0",
    "empty sum,                      7,   9,   0,    0.5"
  })
  void agreesWithDoublePrecision(String what, int m, int n, int k, float beta) {
    VectorGemm gemm = new VectorGemm(new Workers(Parallel.none()));
    Random random = new Random(7);
    for (int flags = 0; flags < 4; flags++) {
      boolean transA = (flags & 1) != 0;
      boolean transB = (flags & 2) != 0;
      // Rows longer than needed, and offsets: what lies between must stay as it is.
      int lda = (transA ? m : k) + 3;
      int ldb = (transB ? k : n) + 1;
      int ldc = n + 2;
      float[] a = random(random, 5 + (transA ? k : m) * lda);
      float[] b = random(random, 2 + (transB ? n : k) * ldb);
      float[] c = random(random, 9 + m * ldc);
      float[] old = c.clone();
      gemm.gemm(transA, transB, m, n, k, a, 5, lda, b, 2, ldb, beta, c, 9, ldc);
      double[][] left = vectors(a, 5, transA ? 1 : lda, transA ? lda : 1, m, k);
      double[][] right = vectors(b, 2, transB ? ldb : 1, transB ? 1 : ldb, n, k);
      for (int at = 0; at < c.length; at++) {
        int i = (at - 9) / ldc;
        int j = (at - 9) % ldc;
        if (at < 9 || j >= n) {
          assertThat(c[at]).as("outside the matrix").isEqualTo(old[at]);
          continue;
        }
        double sum = (beta == 0 ? 0 : (double) beta * old[at]) + dot(left[i], right[j]);
        double error = Math.abs(sum - c[at]);
        assertThat(error).as("row %d, column %d", i, j).isLessThan(1e-6 * (3 + Math.sqrt(k)));
      }
    }
  }

  /** Rows of A, or columns of B, each in one piece: the comparison takes longest of all here. */
  private static double[][] vectors(
      float[] x, int from, int toNext, int alongDepth, int count, int k) {
    double[][] vectors = new double[count][k];
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < k; p++) {
        vectors[i][p] = x[from + i * toNext + p * alongDepth];
      }
    }
    return vectors;
  }

  /** Four sums, so that no addition waits for the one before. */
  private static double dot(double[] x, double[] y) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int p = 0;
    for (; p <= x.length - 4; p += 4) {
      sum0 += x[p] * y[p];
      sum1 += x[p + 1] * y[p + 1];
      sum2 += x[p + 2] * y[p + 2];
      sum3 += x[p + 3] * y[p + 3];
    }
    for (; p < x.length; p++) {
      sum0 += x[p] * y[p];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  private static float[] random(Random random, int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    return x;
  }
}
