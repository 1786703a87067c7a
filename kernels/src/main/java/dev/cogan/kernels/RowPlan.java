package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A convolution as rows times rows: along the height with the fewer products of a {@link LinePlan},
 * along the width tap by tap. The products are in groups that share rows of the large side; no two
 * groups share any.
 */
final class RowPlan {
  /** A group has at most so many rows of the large side: one, or those of a block of the plan. */
  static final int MOST_ROWS = 3;

  final LinePlan line;

  /** From the kernel's rows to weights, and back. */
  final Combination weights;

  final Combination taps;

  /** Products of group g are {@code firstProduct[g] .. firstProduct[g + 1] - 1}. */
  final int[] firstProduct;

  final int groups;

  /** The large side's rows of the groups: {@code MOST_ROWS} per group, -1 where it has fewer. */
  final int[] rows;

  /** Of each term of {@code line.large}, which of its group's rows it takes. */
  final int[] rowOf;

  /** Of each product, which of the different combinations of the small side's rows it takes. */
  final int[] smallOf;

  /** These combinations, in the order of the last row that each takes. */
  final Combination smalls;

  RowPlan(ConvShape s) {
    LineWeights of = new LineWeights(s.kh());
    line = new LinePlan(of, s.stride(), s.pad(), s.h(), s.oh(), 0, s.h(), 0, s.oh());
    weights = of.combination();
    taps = weights.transposed();
    Combination large = line.large;
    firstProduct = new int[line.products + 1];
    rows = new int[MOST_ROWS * line.products];
    Arrays.fill(rows, -1);
    rowOf = new int[large.index.length];
    int group = -1;
    for (int i = 0; i < line.products; i++) {
      if (group < 0 || !shares(group, i)) {
        firstProduct[++group] = i;
      }
      for (int t = large.start[i]; t < large.start[i + 1]; t++) {
        int at = MOST_ROWS * group;
        while (rows[at] != large.index[t] && rows[at] >= 0) {
          at++;
        }
        rows[at] = large.index[t];
        rowOf[t] = at - MOST_ROWS * group;
      }
    }
    groups = group + 1;
    firstProduct[groups] = line.products;
    List<float[]> different = new ArrayList<>();
    for (int i = 0; i < line.products; i++) {
      float[] row = row(line.small, i);
      if (find(different, row) < 0) {
        different.add(row);
      }
    }
    different.sort((a, b) -> Integer.compare(last(a), last(b)));
    smallOf = new int[line.products];
    for (int i = 0; i < line.products; i++) {
      smallOf[i] = find(different, row(line.small, i));
    }
    smalls = Combination.of(different.toArray(new float[0][]), s.oh());
  }

  /** Whether a product takes one of the rows that a group has so far. */
  private boolean shares(int group, int product) {
    for (int t = line.large.start[product]; t < line.large.start[product + 1]; t++) {
      for (int i = 0; i < MOST_ROWS; i++) {
        if (rows[MOST_ROWS * group + i] == line.large.index[t]) {
          return true;
        }
      }
    }
    return false;
  }

  private static float[] row(Combination map, int output) {
    float[] row = new float[map.inputs];
    for (int t = map.start[output]; t < map.start[output + 1]; t++) {
      row[map.index[t]] = map.coef[t];
    }
    return row;
  }

  private static int find(List<float[]> rows, float[] row) {
    for (int i = 0; i < rows.size(); i++) {
      if (Arrays.equals(rows.get(i), row)) {
        return i;
      }
    }
    return -1;
  }

  private static int last(float[] row) {
    int last = row.length - 1;
    while (last > 0 && row[last] == 0) {
      last--;
    }
    return last;
  }
}
