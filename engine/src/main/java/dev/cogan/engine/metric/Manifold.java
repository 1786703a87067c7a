package dev.cogan.engine.metric;

import dev.cogan.engine.kernel.Kernels;
import java.util.Arrays;

/**
 * A set of feature vectors as the union of balls around them, each as large as the distance to the
 * k-th nearest neighbour within the set; and how two such sets cover each other.
 *
 * <ul>
 *   <li>precision: share of generated vectors inside some ball of the real ones
 *   <li>recall: share of real vectors inside some ball of the generated ones (both Kynkaanniemi et
 *       al. 2019, k = 3)
 *   <li>density: mean number of real balls around a generated vector, divided by k; may exceed 1
 *   <li>coverage: share of real balls with a generated vector inside (both Naeem et al. 2020, k =
 *       5)
 * </ul>
 *
 * <p>Distances come from a matrix product, block by block: {@code |x - y|^2 = |x|^2 + |y|^2 - 2
 * xy}. The memory is that of one block of rows; the time grows with the product of the sizes.
 */
public final class Manifold {
  private static final int ROWS = 256;

  private final Features points;
  private final double[] norms;
  private final Kernels kernels;

  /** A set of vectors. */
  public Manifold(Features points, Kernels kernels) {
    this.points = points;
    this.kernels = kernels;
    norms = new double[points.count()];
    for (int i = 0; i < norms.length; i++) {
      for (int j = 0; j < points.size(); j++) {
        double v = points.values()[i * points.size() + j];
        norms[i] += v * v;
      }
    }
  }

  /** Receives the squared distances of one vector of {@code this} to all of another set. */
  interface Row {
    void accept(int index, float[] distances, int offset);
  }

  /** Squared distances of every vector to every vector of {@code to}, row by row. */
  void distances(Manifold to, Row row) {
    int columns = to.points.count();
    int size = points.size();
    float[] block = new float[Math.min(ROWS, points.count()) * columns];
    for (int from = 0; from < points.count(); from += ROWS) {
      int rows = Math.min(ROWS, points.count() - from);
      kernels.gemm(
          false,
          true,
          rows,
          columns,
          size,
          points.values(),
          from * size,
          size,
          to.points.values(),
          0,
          size,
          0f,
          block,
          0,
          columns);
      for (int i = 0; i < rows; i++) {
        double norm = norms[from + i];
        for (int j = 0; j < columns; j++) {
          int at = i * columns + j;
          block[at] = (float) Math.max(0, norm + to.norms[j] - 2.0 * block[at]);
        }
        row.accept(from + i, block, i * columns);
      }
    }
  }

  /**
   * Squared distance of each vector to its k-th nearest neighbour in the set, itself not counted.
   */
  float[] radii(int k) {
    if (points.count() <= k) {
      throw new IllegalArgumentException(
          k + " neighbours need more than " + k + " vectors, got " + points.count());
    }
    float[] radii = new float[points.count()];
    float[] nearest = new float[k];
    distances(
        this,
        (index, distances, offset) -> {
          Arrays.fill(nearest, Float.POSITIVE_INFINITY);
          for (int j = 0; j < points.count(); j++) {
            float d = distances[offset + j];
            if (d < nearest[k - 1] && j != index) {
              insert(nearest, d);
            }
          }
          radii[index] = nearest[k - 1];
        });
    return radii;
  }

  private static void insert(float[] sorted, float value) {
    int i = sorted.length - 1;
    while (i > 0 && sorted[i - 1] > value) {
      sorted[i] = sorted[i - 1];
      i--;
    }
    sorted[i] = value;
  }

  /**
   * How a generated and a real set cover each other.
   *
   * @param precision share of the generated in the balls of the real (k = 3)
   * @param recall share of the real in the balls of the generated (k = 3)
   * @param density real balls around a generated vector, by k (k = 5)
   * @param coverage share of the real balls that hold a generated vector (k = 5)
   */
  public record Cover(double precision, double recall, double density, double coverage) {}

  /** Compares generated with real vectors; neighbours 3 and 5, as the papers have them. */
  public static Cover compare(Features generated, Features real, Kernels kernels) {
    return compare(generated, real, 3, 5, kernels);
  }

  static Cover compare(Features generated, Features real, int k, int coverK, Kernels kernels) {
    Manifold fake = new Manifold(generated, kernels);
    Manifold truth = new Manifold(real, kernels);
    float[] fakeRadii = fake.radii(k);
    float[] realRadii = truth.radii(k);
    float[] coverRadii = coverK == k ? realRadii : truth.radii(coverK);
    boolean[] recalled = new boolean[real.count()];
    boolean[] covered = new boolean[real.count()];
    long[] counts = new long[2]; // generated inside, real balls around generated
    fake.distances(
        truth,
        (index, distances, offset) -> {
          boolean inside = false;
          for (int j = 0; j < real.count(); j++) {
            float d = distances[offset + j];
            inside |= d <= realRadii[j];
            recalled[j] |= d <= fakeRadii[index];
            if (d <= coverRadii[j]) {
              covered[j] = true;
              counts[1]++;
            }
          }
          counts[0] += inside ? 1 : 0;
        });
    return new Cover(
        (double) counts[0] / generated.count(),
        share(recalled),
        (double) counts[1] / ((double) coverK * generated.count()),
        share(covered));
  }

  private static double share(boolean[] flags) {
    int set = 0;
    for (boolean flag : flags) {
      set += flag ? 1 : 0;
    }
    return (double) set / flags.length;
  }
}
