package dev.cogan.engine.metric;

/**
 * The Frechet distance between two sets of feature vectors, each seen as a normal distribution
 * (Heusel et al. 2017, there with Inception features and called FID).
 *
 * <pre>
 *   d^2 = |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))
 * </pre>
 *
 * <p>{@code tr (C1 C2)^(1/2)} is the sum of the roots of the eigenvalues of {@code C1^(1/2) C2
 * C1^(1/2)}, which is symmetric. Covariances are divided by {@code n - 1}. All in double.
 */
public final class FrechetDistance {
  private final double[] mean;
  private final double[][] covariance;
  private double[][] root;

  /**
   * The distribution of a set.
   *
   * @param features two vectors or more
   */
  public FrechetDistance(Features features) {
    int n = features.count();
    int size = features.size();
    if (n < 2) {
      throw new IllegalArgumentException("a covariance needs two vectors, got " + n);
    }
    mean = new double[size];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < size; j++) {
        mean[j] += features.values()[i * size + j];
      }
    }
    for (int j = 0; j < size; j++) {
      mean[j] /= n;
    }
    covariance = new double[size][size];
    // Centred vectors, a block at a time and transposed: then each element is one long sum.
    int block = 256;
    double[][] centred = new double[size][block];
    for (int from = 0; from < n; from += block) {
      int rows = Math.min(block, n - from);
      for (int j = 0; j < size; j++) {
        for (int i = 0; i < rows; i++) {
          centred[j][i] = features.values()[(from + i) * size + j] - mean[j];
        }
      }
      addProducts(centred, rows);
    }
    for (int j = 0; j < size; j++) {
      for (int k = 0; k <= j; k++) {
        covariance[j][k] /= n - 1;
        covariance[k][j] = covariance[j][k];
      }
    }
  }

  private void addProducts(double[][] centred, int rows) {
    for (int j = 0; j < centred.length; j++) {
      double[] a = centred[j];
      for (int k = 0; k <= j; k++) {
        double[] b = centred[k];
        // Four sums: one would wait for its own result at every addition.
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < rows; i += 4) {
          s0 += a[i] * b[i];
          s1 += a[i + 1] * b[i + 1];
          s2 += a[i + 2] * b[i + 2];
          s3 += a[i + 3] * b[i + 3];
        }
        for (; i < rows; i++) {
          s0 += a[i] * b[i];
        }
        covariance[j][k] += s0 + s1 + (s2 + s3);
      }
    }
  }

  /** The squared distance to another set, at least 0 but for rounding. */
  public double to(FrechetDistance other) {
    int size = mean.length;
    if (other.mean.length != size) {
      throw new IllegalArgumentException(
          "features of length " + size + " and " + other.mean.length);
    }
    if (root == null) {
      root = new SymmetricEigen(covariance).squareRoot();
    }
    double distance = 0;
    for (int j = 0; j < size; j++) {
      double d = mean[j] - other.mean[j];
      distance += d * d + covariance[j][j] + other.covariance[j][j];
    }
    double[][] product = multiply(multiply(root, other.covariance), root);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        double middle = (product[i][j] + product[j][i]) / 2;
        product[i][j] = middle;
        product[j][i] = middle;
      }
    }
    for (double value : new SymmetricEigen(product).values()) {
      distance -= 2 * Math.sqrt(Math.max(0, value));
    }
    return distance;
  }

  private static double[][] multiply(double[][] a, double[][] b) {
    int size = a.length;
    double[][] c = new double[size][size];
    for (int i = 0; i < size; i++) {
      double[] row = c[i];
      for (int k = 0; k < size; k++) {
        double f = a[i][k];
        double[] from = b[k];
        for (int j = 0; j < size; j++) {
          row[j] += f * from[j];
        }
      }
    }
    return c;
  }
}
