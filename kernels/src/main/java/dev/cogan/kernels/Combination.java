package dev.cogan.kernels;

/**
 * A linear map with few non-zero coefficients: {@code out[o] = sum over t of coef[t] *
 * in[index[t]]} for t from {@code start[o]} to {@code start[o + 1] - 1}.
 */
final class Combination {
  final int outputs;
  final int inputs;
  final int[] start;
  final int[] index;
  final float[] coef;

  private Combination(int outputs, int inputs, int[] start, int[] index, float[] coef) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.start = start;
    this.index = index;
    this.coef = coef;
  }

  /** The map of a matrix {@code [outputs][inputs]}. */
  static Combination of(float[][] matrix, int inputs) {
    int terms = 0;
    for (float[] row : matrix) {
      for (float x : row) {
        terms += x == 0 ? 0 : 1;
      }
    }
    int[] start = new int[matrix.length + 1];
    int[] index = new int[terms];
    float[] coef = new float[terms];
    int at = 0;
    for (int o = 0; o < matrix.length; o++) {
      for (int i = 0; i < inputs; i++) {
        if (matrix[o][i] != 0) {
          index[at] = i;
          coef[at++] = matrix[o][i];
        }
      }
      start[o + 1] = at;
    }
    return new Combination(matrix.length, inputs, start, index, coef);
  }

  /** The map of the transposed matrix. */
  Combination transposed() {
    float[][] matrix = new float[inputs][outputs];
    for (int o = 0; o < outputs; o++) {
      for (int t = start[o]; t < start[o + 1]; t++) {
        matrix[index[t]][o] = coef[t];
      }
    }
    return of(matrix, outputs);
  }

  /** First input that has a coefficient. */
  int firstInput() {
    int first = inputs;
    for (int i : index) {
      first = Math.min(first, i);
    }
    return first;
  }

  /** Input behind the last one that has a coefficient. */
  int endInput() {
    int end = 0;
    for (int i : index) {
      end = Math.max(end, i + 1);
    }
    return end;
  }
}
