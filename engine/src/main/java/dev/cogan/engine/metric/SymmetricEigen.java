package dev.cogan.engine.metric;

/**
 * Eigenvalues and eigenvectors of a real symmetric matrix: Householder reflections to a tridiagonal
 * matrix, then the QL iteration with implicit shifts (Golub and Van Loan, Matrix Computations,
 * sections 8.3 and 8.5). Accurate to a few units in the last place of the largest eigenvalue,
 * whatever the rank.
 *
 * <pre>
 *   A = V diag(values) V^T
 * </pre>
 */
final class SymmetricEigen {
  private static final int MOST_ITERATIONS = 60;

  private final int n;
  private final double[] diagonal;
  private final double[] below;

  /** Row i is the i-th basis vector: rows, because the QL rotations mix two vectors at a time. */
  private final double[][] vectors;

  /** Largest sum of a row of the tridiagonal matrix: what is far below it is rounding. */
  private double norm;

  /**
   * Decomposes.
   *
   * @param a square and symmetric; left as it is
   */
  SymmetricEigen(double[][] a) {
    n = a.length;
    diagonal = new double[n];
    below = new double[n];
    vectors = new double[n][n];
    double largest = 0;
    for (double[] row : a) {
      for (double value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    // Scaled: the squares of very small numbers would lose their bits.
    double scale = largest > 0 ? largest : 1;
    tridiagonalise(a, scale);
    for (int i = 0; i < n; i++) {
      double row = Math.abs(diagonal[i]) + Math.abs(below[i]);
      norm = Math.max(norm, i == 0 ? row : row + Math.abs(below[i - 1]));
    }
    iterate();
    for (int i = 0; i < n; i++) {
      diagonal[i] *= scale;
    }
  }

  /** Eigenvalues, in no particular order. */
  double[] values() {
    return diagonal;
  }

  /** Eigenvector of value {@code i}, of length 1. */
  double[] vector(int i) {
    return vectors[i];
  }

  /** {@code V diag(f(values)) V^T} with {@code f} the root; what is below zero counts as zero. */
  double[][] squareRoot() {
    double[][] root = new double[n][n];
    for (int e = 0; e < n; e++) {
      double r = Math.sqrt(Math.max(0, diagonal[e]));
      double[] v = vectors[e];
      for (int i = 0; i < n; i++) {
        double f = r * v[i];
        double[] row = root[i];
        for (int j = 0; j < n; j++) {
          row[j] += f * v[j];
        }
      }
    }
    return root;
  }

  /** {@code A = Q T Q^T} with T tridiagonal; the rows of {@code vectors} become those of Q^T. */
  private void tridiagonalise(double[][] a, double scale) {
    double[][] t = new double[n][];
    for (int i = 0; i < n; i++) {
      t[i] = a[i].clone();
      for (int j = 0; j < n; j++) {
        t[i][j] /= scale;
      }
    }
    double[][] reflectors = new double[n][];
    double[] p = new double[n];
    for (int k = 0; k < n - 1; k++) {
      double[] v = new double[n];
      double column = 0;
      for (int i = k + 1; i < n; i++) {
        v[i] = t[i][k];
        column = Math.hypot(column, v[i]);
      }
      if (column == 0 || k == n - 2) {
        below[k] = v[k + 1];
        continue;
      }
      // H = I - 2 v v^T / (v^T v) sends the column to (alpha, 0, ..., 0).
      double alpha = v[k + 1] > 0 ? -column : column;
      v[k + 1] -= alpha;
      double length = 0;
      for (int i = k + 1; i < n; i++) {
        length = Math.hypot(length, v[i]);
      }
      for (int i = k + 1; i < n; i++) {
        v[i] /= length;
      }
      below[k] = alpha;
      reflectors[k] = v;
      reflect(t, v, p, k + 1);
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = t[i][i];
      vectors[i][i] = 1;
    }
    // Q = H_0 H_1 ...: applied to the identity from the last on, each touches few rows.
    for (int k = n - 2; k >= 0; k--) {
      if (reflectors[k] != null) {
        applyToRows(reflectors[k], k + 1, p);
      }
    }
  }

  /** {@code t = H t H} for the lower right block from {@code from} on. */
  private void reflect(double[][] t, double[] v, double[] p, int from) {
    double vp = 0;
    for (int i = from; i < n; i++) {
      double sum = 0;
      double[] row = t[i];
      for (int j = from; j < n; j++) {
        sum += row[j] * v[j];
      }
      p[i] = sum;
      vp += sum * v[i];
    }
    for (int i = from; i < n; i++) {
      p[i] -= vp * v[i];
    }
    for (int i = from; i < n; i++) {
      double vi = 2 * v[i];
      double pi = 2 * p[i];
      double[] row = t[i];
      for (int j = from; j < n; j++) {
        row[j] -= vi * p[j] + pi * v[j];
      }
    }
  }

  /** {@code Q^T = Q^T H}, row by row; rows above {@code from} are still those of the identity. */
  private void applyToRows(double[] v, int from, double[] p) {
    for (int i = from; i < n; i++) {
      double[] row = vectors[i];
      double sum = 0;
      for (int j = from; j < n; j++) {
        sum += row[j] * v[j];
      }
      sum *= 2;
      for (int j = from; j < n; j++) {
        row[j] -= sum * v[j];
      }
    }
  }

  private void iterate() {
    for (int low = 0; low < n; low++) {
      for (int iteration = 0; ; iteration++) {
        int high = low;
        while (high < n - 1 && !negligible(high)) {
          high++;
        }
        if (high == low) {
          break;
        }
        if (iteration == MOST_ITERATIONS) {
          throw new ArithmeticException("eigenvalues do not converge: the matrix is not finite");
        }
        step(low, high);
      }
    }
  }

  private boolean negligible(int i) {
    return Math.abs(below[i]) <= Math.ulp(1.0) * norm;
  }

  /** One QL step with Wilkinson's shift on the block from {@code low} to {@code high}. */
  private void step(int low, int high) {
    double half = (diagonal[low + 1] - diagonal[low]) / (2 * below[low]);
    double root = Math.hypot(half, 1);
    double g = diagonal[high] - diagonal[low] + below[low] / (half + Math.copySign(root, half));
    double sine = 1;
    double cosine = 1;
    double p = 0;
    for (int i = high - 1; i >= low; i--) {
      double f = sine * below[i];
      final double b = cosine * below[i];
      double r = Math.hypot(f, g);
      below[i + 1] = r;
      if (r == 0) {
        // The block falls apart here.
        diagonal[i + 1] -= p;
        below[high] = 0;
        return;
      }
      sine = f / r;
      cosine = g / r;
      g = diagonal[i + 1] - p;
      r = (diagonal[i] - g) * sine + 2 * cosine * b;
      p = sine * r;
      diagonal[i + 1] = g + p;
      g = cosine * r - b;
      rotate(vectors[i], vectors[i + 1], cosine, sine);
    }
    diagonal[low] -= p;
    below[low] = g;
    below[high] = 0;
  }

  private void rotate(double[] u, double[] w, double cosine, double sine) {
    for (int k = 0; k < n; k++) {
      double f = w[k];
      w[k] = sine * u[k] + cosine * f;
      u[k] = cosine * u[k] - sine * f;
    }
  }
}
