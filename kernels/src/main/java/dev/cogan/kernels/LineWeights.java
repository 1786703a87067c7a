package dev.cogan.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The weights that the products of a {@link LinePlan} take: combinations of the taps. */
final class LineWeights {
  final int taps;
  private final List<float[]> rows = new ArrayList<>();

  LineWeights(int taps) {
    this.taps = taps;
  }

  int count() {
    return rows.size();
  }

  /** One tap as it is. */
  int single(int tap) {
    float[] row = new float[taps];
    row[tap] = 1;
    return id(row);
  }

  /** Half of the sum of taps, of which each has {@code sign} times the sign of the one before. */
  int half(int sign, int... of) {
    float[] row = new float[taps];
    float coef = 0.5f;
    for (int tap : of) {
      row[tap] = coef;
      coef *= sign;
    }
    return id(row);
  }

  private int id(float[] row) {
    for (int i = 0; i < rows.size(); i++) {
      if (Arrays.equals(rows.get(i), row)) {
        return i;
      }
    }
    rows.add(row);
    return rows.size() - 1;
  }

  /** From taps to weights. */
  Combination combination() {
    return Combination.of(rows.toArray(new float[0][]), taps);
  }
}
