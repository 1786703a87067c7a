package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A convolution as rows times rows: along the height with the fewer products of a {@link LinePlan},
 * along the width tap by tap.
 */
final class RowPlan {
  final LinePlan line;

  /** From the kernel's rows to weights, and back. */
  final Combination weights;

  final Combination taps;

  /** The products, in the order of the last row of the large side that each takes. */
  final int[] order;

  /** Of each product, which of the different combinations of the small side's rows it takes. */
  final int[] smallOf;

  /** These combinations, in the order of the last row that each takes; and back to rows. */
  final Combination smalls;

  final Combination toSmall;

  RowPlan(ConvShape s) {
    LineWeights of = new LineWeights(s.kh());
    line = new LinePlan(of, s.stride(), s.pad(), s.h(), s.oh(), 0, s.h(), 0, s.oh());
    weights = of.combination();
    taps = weights.transposed();
    Integer[] byRow = new Integer[line.products];
    Arrays.setAll(byRow, i -> i);
    Arrays.sort(byRow, Comparator.comparingInt(this::lastRow));
    order = Arrays.stream(byRow).mapToInt(i -> i).toArray();
    List<float[]> different = new ArrayList<>();
    for (int i = 0; i < line.products; i++) {
      float[] row = row(line.small, i);
      if (find(different, row) < 0) {
        different.add(row);
      }
    }
    different.sort(Comparator.comparingInt(RowPlan::last));
    smallOf = new int[line.products];
    for (int i = 0; i < line.products; i++) {
      smallOf[i] = find(different, row(line.small, i));
    }
    smalls = Combination.of(different.toArray(new float[0][]), s.oh());
    toSmall = smalls.transposed();
  }

  /** The last row of the large side that a product takes. */
  int lastRow(int product) {
    return line.large.index[line.large.start[product + 1] - 1];
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
