package dev.cogan.engine.train;

import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Spectral normalisation of the discriminators (Miyato et al. 2018): they compute with {@code W /
 * sigma(W)} in place of every weight W, where sigma is the largest singular value of W as a matrix
 * {@code [out, rest]}. What is trained and saved is W.
 *
 * <p>Sigma comes from a power iteration. Theirs does one round a step and remembers its vector;
 * this one begins anew each time and does {@value #ROUNDS} rounds, which costs next to nothing here
 * and leaves no state behind that a checkpoint would have to hold.
 *
 * <p>With u and v the singular vectors, a gradient G to {@code W / sigma} is to W
 *
 * <pre>
 *   (G - <G, W / sigma> u v') / sigma
 * </pre>
 */
final class SpectralNorm {
  private static final int ROUNDS = 12;

  private final ParameterStore store;
  private final List<Weight> weights = new ArrayList<>();
  private float[] trained;

  private static final class Weight {
    final int offset;
    final int rows;
    final int columns;
    final double[] u;
    final double[] v;
    final double[] start;
    double sigma;

    Weight(Parameter p) {
      offset = p.offset();
      rows = p.shape().size(0);
      columns = p.count() / rows;
      u = new double[rows];
      v = new double[columns];
      start = new double[rows];
      Random random = new Random(rows);
      for (int i = 0; i < rows; i++) {
        start[i] = random.nextGaussian();
      }
    }

    /** Finds sigma, u and v of the matrix in {@code w}. */
    void measure(float[] w) {
      System.arraycopy(start, 0, u, 0, rows);
      normalise(u);
      for (int round = 0; round < ROUNDS; round++) {
        java.util.Arrays.fill(v, 0);
        for (int r = 0; r < rows; r++) {
          int row = offset + r * columns;
          for (int c = 0; c < columns; c++) {
            v[c] += u[r] * w[row + c];
          }
        }
        normalise(v);
        for (int r = 0; r < rows; r++) {
          int row = offset + r * columns;
          double sum = 0;
          for (int c = 0; c < columns; c++) {
            sum += w[row + c] * v[c];
          }
          u[r] = sum;
        }
        sigma = normalise(u);
      }
    }

    /** Returns the length before. */
    private static double normalise(double[] x) {
      double squares = 0;
      for (double value : x) {
        squares += value * value;
      }
      double length = Math.sqrt(squares);
      for (int i = 0; length > 0 && i < x.length; i++) {
        x[i] /= length;
      }
      return length;
    }

    boolean isZero() {
      return !(sigma > 0);
    }
  }

  /** Of every weight of the team; biases and slopes stay as they are. */
  SpectralNorm(ParameterStore store) {
    this.store = store;
    for (Parameter p : store.parameters()) {
      if (p.role() == Parameter.Role.WEIGHT) {
        weights.add(new Weight(p));
      }
    }
  }

  /** The same, keeping the trained weights so that they can come back. */
  static SpectralNorm forTraining(ParameterStore store, float[] copy) {
    SpectralNorm norm = new SpectralNorm(store);
    norm.trained = copy;
    return norm;
  }

  /** Puts normalised weights in the place of the trained ones. */
  void apply() {
    float[] values = store.values();
    if (trained != null) {
      System.arraycopy(values, 0, trained, 0, values.length);
    }
    for (int i = 0; i < weights.size(); i++) {
      Weight w = weights.get(i);
      w.measure(values);
      for (int j = 0; !w.isZero() && j < w.rows * w.columns; j++) {
        values[w.offset + j] = (float) (values[w.offset + j] / w.sigma);
      }
    }
  }

  /** Makes the gradients to the normalised weights those to the trained ones. */
  void convertGradients() {
    float[] values = store.values();
    float[] gradients = store.gradients();
    for (int i = 0; i < weights.size(); i++) {
      Weight w = weights.get(i);
      if (w.isZero()) {
        continue;
      }
      double product = 0;
      for (int j = w.offset; j < w.offset + w.rows * w.columns; j++) {
        product += (double) gradients[j] * values[j];
      }
      for (int r = 0; r < w.rows; r++) {
        int row = w.offset + r * w.columns;
        double factor = product * w.u[r];
        for (int c = 0; c < w.columns; c++) {
          gradients[row + c] = (float) ((gradients[row + c] - factor * w.v[c]) / w.sigma);
        }
      }
    }
  }

  /** Puts the trained weights back. */
  void restore() {
    System.arraycopy(trained, 0, store.values(), 0, trained.length);
  }
}
