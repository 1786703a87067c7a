package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link VectorNormPrelu} for images of fewer pixels than a vector: an image's block of channels is
 * taken as one row of {@code channels * s} columns, and what belongs to a channel is spread over
 * its columns. Sums go down the columns, in floats for at most {@link #ROWS} images, and are added
 * up by channel in doubles.
 */
final class NormPreluColumns {
  /** Most columns of a block: what is kept for them stays in the first-level cache. */
  static final int COLUMNS = 256;

  private static final int ROWS = 64;

  // Where each row of values begins in the memory of a worker.
  private static final int MEAN = 0;
  private static final int SCALE = COLUMNS;
  private static final int SHIFT = 2 * COLUMNS;
  private static final int SLOPE = 3 * COLUMNS;
  private static final int FIRST = 4 * COLUMNS;
  private static final int SECOND = 5 * COLUMNS;
  private static final int SUMS = 6 * COLUMNS;
  private static final int SIZE = 9 * COLUMNS;

  private final float[][] memory;
  private final double[][] totals;

  NormPreluColumns(int workers) {
    memory = new float[workers][];
    totals = new double[workers][];
  }

  private float[] memory(int worker) {
    if (memory[worker] == null) {
      // The one that is asked for last, since there may be no memory for the other.
      totals[worker] = new double[3 * COLUMNS];
      memory[worker] = new float[SIZE];
    }
    return memory[worker];
  }

  /** Mean, deviation and result of channels {@code first} to {@code end - 1}. */
  void forward(NormPreluCall a, int first, int end, int worker) {
    float[] w = memory(worker);
    double[] sums = totals[worker];
    int channels = end - first;
    int len = channels * a.s;
    int stride = a.c * a.s;
    int at = a.xOff + first * a.s;
    double count = (double) a.n * a.s;
    Arrays.fill(sums, 0, channels, 0.0);
    for (int from = 0; from < a.n; from += ROWS) {
      Arrays.fill(w, SUMS, SUMS + len, 0f);
      for (int image = from; image < Math.min(a.n, from + ROWS); image++) {
        sum(len, a.x, at + image * stride, w);
      }
      fold(channels, a.s, w, SUMS, sums, 0);
    }
    // A first mean is good enough to sum differences from it; their mean is what it was off by.
    for (int j = 0; j < channels; j++) {
      float about = (float) (sums[j] / count);
      a.mean[a.meanOff + first + j] = about;
      Arrays.fill(w, MEAN + j * a.s, MEAN + (j + 1) * a.s, about);
    }
    Arrays.fill(sums, 0, 2 * COLUMNS, 0.0);
    for (int from = 0; from < a.n; from += ROWS) {
      Arrays.fill(w, SUMS, SUMS + 2 * COLUMNS, 0f);
      for (int image = from; image < Math.min(a.n, from + ROWS); image++) {
        squares(len, a.x, at + image * stride, w);
      }
      fold(channels, a.s, w, SUMS, sums, 0);
      fold(channels, a.s, w, SUMS + COLUMNS, sums, COLUMNS);
    }
    for (int j = 0; j < channels; j++) {
      int c = first + j;
      float about = a.mean[a.meanOff + c];
      double off = sums[j] / count;
      double variance = Math.max(0, sums[COLUMNS + j] / count - off * off);
      a.mean[a.meanOff + c] = Float.isFinite(about) ? (float) (about + off) : about;
      a.invStd[a.invStdOff + c] = (float) (1 / Math.sqrt(variance + a.eps));
    }
    fixedForward(a, first, end, worker);
  }

  /** The result from statistics that are known. */
  void fixedForward(NormPreluCall a, int first, int end, int worker) {
    float[] w = memory(worker);
    spread(a, first, end, w);
    for (int image = 0; image < a.n; image++) {
      int row = (image * a.c + first) * a.s;
      normalize((end - first) * a.s, a.out, a.outOff + row, a.x, a.xOff + row, w);
    }
  }

  /**
   * Gradients of channels {@code first} to {@code end - 1}.
   *
   * @param slopeSums gets their sums for the gradient to the slope
   */
  void backward(NormPreluCall a, int first, int end, double[] slopeSums, int worker) {
    float[] w = memory(worker);
    double[] sums = totals[worker];
    int channels = end - first;
    int len = channels * a.s;
    spread(a, first, end, w);
    Arrays.fill(sums, 0.0);
    for (int from = 0; from < a.n; from += ROWS) {
      Arrays.fill(w, SUMS, SUMS + 3 * COLUMNS, 0f);
      for (int image = from; image < Math.min(a.n, from + ROWS); image++) {
        int row = (image * a.c + first) * a.s;
        products(len, a.dy, a.dyOff + row, a.x, a.xOff + row, w);
      }
      for (int sum = 0; sum < 3 * COLUMNS; sum += COLUMNS) {
        fold(channels, a.s, w, SUMS + sum, sums, sum);
      }
    }
    double count = (double) a.n * a.s;
    for (int j = 0; j < channels; j++) {
      int c = first + j;
      double inv = a.invStd[a.invStdOff + c];
      double product = inv * sums[COLUMNS + j];
      if (a.dbeta != null) {
        a.dbeta[a.dbetaOff + c] += (float) sums[j];
      }
      if (a.dgamma != null) {
        a.dgamma[a.dgammaOff + c] += (float) product;
      }
      slopeSums[c] = sums[2 * COLUMNS + j];
      int column = j * a.s;
      Arrays.fill(w, FIRST + column, FIRST + column + a.s, (float) (sums[j] / count));
      Arrays.fill(w, SECOND + column, SECOND + column + a.s, (float) (-inv * product / count));
    }
    if (a.out != null) {
      inputGradients(a, first, len, w);
    }
  }

  /** The gradient to the input where the statistics are not those of the batch. */
  void fixedBackward(NormPreluCall a, int first, int end, int worker) {
    float[] w = memory(worker);
    spread(a, first, end, w);
    Arrays.fill(w, FIRST, FIRST + COLUMNS, 0f);
    Arrays.fill(w, SECOND, SECOND + COLUMNS, 0f);
    inputGradients(a, first, (end - first) * a.s, w);
  }

  private static void inputGradients(NormPreluCall a, int first, int len, float[] w) {
    for (int image = 0; image < a.n; image++) {
      int row = (image * a.c + first) * a.s;
      gradient(len, a.out, a.outOff + row, a.dy, a.dyOff + row, a.x, a.xOff + row, w);
    }
  }

  /** What belongs to a channel, for each of its columns. */
  private static void spread(NormPreluCall a, int first, int end, float[] w) {
    int column = 0;
    for (int c = first; c < end; c++) {
      int next = column + a.s;
      Arrays.fill(w, MEAN + column, MEAN + next, a.mean(c));
      Arrays.fill(w, SCALE + column, SCALE + next, a.scale(c));
      Arrays.fill(w, SHIFT + column, SHIFT + next, a.shift(c));
      Arrays.fill(w, SLOPE + column, SLOPE + next, a.slope(c));
      column = next;
    }
  }

  /** {@code sums += the sum of the channel's columns}. */
  private static void fold(int channels, int s, float[] w, int from, double[] sums, int to) {
    for (int j = 0; j < channels; j++) {
      double sum = 0;
      for (int i = 0; i < s; i++) {
        sum += w[from + j * s + i];
      }
      sums[to + j] += sum;
    }
  }

  private static void sum(int len, float[] x, int xOff, float[] w) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      exact(load(x, xOff + i).add(load(w, SUMS + i))).intoArray(w, SUMS + i);
    }
    for (; i < len; i++) {
      w[SUMS + i] += x[xOff + i];
    }
  }

  /** Sums of {@code x - mean} and of its square. */
  private static void squares(int len, float[] x, int xOff, float[] w) {
    int squares = SUMS + COLUMNS;
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector d = exact(load(x, xOff + i).sub(load(w, MEAN + i)));
      exact(d.add(load(w, SUMS + i))).intoArray(w, SUMS + i);
      exact(d.fma(d, load(w, squares + i))).intoArray(w, squares + i);
    }
    for (; i < len; i++) {
      float d = x[xOff + i] - w[MEAN + i];
      w[SUMS + i] += d;
      w[squares + i] = Math.fma(d, d, w[squares + i]);
    }
  }

  /** {@code z = (x - mean) * scale + shift}, {@code y = z > 0 ? z : slope * z}. */
  private static void normalize(int len, float[] y, int yOff, float[] x, int xOff, float[] w) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector d = exact(load(x, xOff + i).sub(load(w, MEAN + i)));
      FloatVector z = exact(d.fma(load(w, SCALE + i), load(w, SHIFT + i)));
      exact(exact(z.mul(load(w, SLOPE + i))).blend(z, z.compare(VectorOperators.GT, 0f)))
          .intoArray(y, yOff + i);
    }
    for (; i < len; i++) {
      float z = Math.fma(x[xOff + i] - w[MEAN + i], w[SCALE + i], w[SHIFT + i]);
      y[yOff + i] = z > 0 ? z : w[SLOPE + i] * z;
    }
  }

  /**
   * With {@code z} as above and {@code g = z > 0 ? dy : slope * dy}: sums of g, of {@code g * (x -
   * mean)} and of {@code dy * min(z, 0)}.
   */
  private static void products(int len, float[] dy, int dyOff, float[] x, int xOff, float[] w) {
    int second = SUMS + COLUMNS;
    int third = SUMS + 2 * COLUMNS;
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector d = exact(load(x, xOff + i).sub(load(w, MEAN + i)));
      FloatVector z = exact(d.fma(load(w, SCALE + i), load(w, SHIFT + i)));
      FloatVector u = load(dy, dyOff + i);
      VectorMask<Float> positive = z.compare(VectorOperators.GT, 0f);
      FloatVector g = exact(exact(u.mul(load(w, SLOPE + i))).blend(u, positive));
      exact(g.add(load(w, SUMS + i))).intoArray(w, SUMS + i);
      exact(g.fma(d, load(w, second + i))).intoArray(w, second + i);
      exact(exact(exact(u.mul(z)).blend(zero, positive)).add(load(w, third + i)))
          .intoArray(w, third + i);
    }
    for (; i < len; i++) {
      float d = x[xOff + i] - w[MEAN + i];
      float z = Math.fma(d, w[SCALE + i], w[SHIFT + i]);
      float u = dy[dyOff + i];
      float g = z > 0 ? u : w[SLOPE + i] * u;
      w[SUMS + i] += g;
      w[second + i] = Math.fma(g, d, w[second + i]);
      w[third + i] += z > 0 ? 0f : u * z;
    }
  }

  /** {@code dx = scale * (g - first + (x - mean) * second)}, with g as in {@link #products}. */
  private static void gradient(
      int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] x, int xOff, float[] w) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector d = exact(load(x, xOff + i).sub(load(w, MEAN + i)));
      FloatVector scale = load(w, SCALE + i);
      FloatVector u = load(dy, dyOff + i);
      VectorMask<Float> positive =
          exact(d.fma(scale, load(w, SHIFT + i))).compare(VectorOperators.GT, 0f);
      FloatVector g = exact(exact(u.mul(load(w, SLOPE + i))).blend(u, positive));
      FloatVector off = exact(g.sub(load(w, FIRST + i)));
      exact(exact(d.fma(load(w, SECOND + i), off)).mul(scale)).intoArray(dx, dxOff + i);
    }
    for (; i < len; i++) {
      float d = x[xOff + i] - w[MEAN + i];
      float u = dy[dyOff + i];
      float g = Math.fma(d, w[SCALE + i], w[SHIFT + i]) > 0 ? u : w[SLOPE + i] * u;
      dx[dxOff + i] = w[SCALE + i] * Math.fma(d, w[SECOND + i], g - w[FIRST + i]);
    }
  }
}
