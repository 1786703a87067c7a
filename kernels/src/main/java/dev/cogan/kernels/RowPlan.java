package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.LANES;

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
  /**
   * Rows of kernels below 5 are whole multiples of this, even where a vector is half as long; with
   * still shorter vectors, groups of images are so small that only longer rows pay.
   */
  private static final int ROW = LANES < 8 ? 32 : 16;

  final LinePlan line;

  /** From the kernel's rows to weights, and back. */
  final Combination weights;

  final Combination taps;

  /** From rows of the side that is read to products. */
  final Combination in;

  /** The products, in the order of the last row that each reads. */
  final int[] order;

  /**
   * Of each product, which of the different combinations of the other side's rows it belongs to.
   */
  final int[] outOf;

  /** These combinations, in the order of the last row that each takes; and back to rows. */
  final Combination outs;

  final Combination toOut;

  /**
   * @param forward whether the large side is read, or the small one
   */
  RowPlan(ConvShape s, boolean forward) {
    LineWeights of = new LineWeights(s.kh());
    line = new LinePlan(of, s.stride(), s.pad(), s.h(), s.oh(), 0, s.h(), 0, s.oh());
    weights = of.combination();
    taps = weights.transposed();
    in = forward ? line.large : line.small;
    Integer[] byRow = new Integer[line.products];
    Arrays.setAll(byRow, i -> i);
    Arrays.sort(byRow, Comparator.comparingInt(this::lastRow));
    order = Arrays.stream(byRow).mapToInt(i -> i).toArray();
    Combination out = forward ? line.small : line.large;
    List<float[]> different = new ArrayList<>();
    for (int i = 0; i < line.products; i++) {
      float[] row = row(out, i);
      if (find(different, row) < 0) {
        different.add(row);
      }
    }
    different.sort(Comparator.comparingInt(RowPlan::last));
    outOf = new int[line.products];
    for (int i = 0; i < line.products; i++) {
      outOf[i] = find(different, row(out, i));
    }
    outs = Combination.of(different.toArray(new float[0][]), out.inputs);
    toOut = outs.transposed();
  }

  /**
   * Whether rows are the fastest way forward and to the input's gradient, as measured: with stride
   * 2, where rows of positions are whole vectors. In shorter rows a {@link FastPlan} saves more
   * multiplications, but for few images combining them costs too much; for fewer still, panels
   * would be half empty.
   */
  static boolean pays(ConvShape s) {
    if (s.stride() != 2 || s.kh() < 3 || s.cin() < 16 || s.cout() < 16) {
      return false;
    }
    boolean fewImages = s.n() > LANES / 2 && s.n() <= LANES && s.cin() * s.cout() <= 1 << 14;
    boolean whole = s.ow() % ROW == 0 || s.kh() >= 5 && s.ow() % LANES == 0;
    return whole || 2 * s.ow() == LANES && fewImages;
  }

  /**
   * Whether a row of positions is at most one panel of columns, or is cut into whole ones, its
   * <em>strips</em>.
   */
  static boolean hasStrips(ConvShape s) {
    return s.ow() <= COLS || s.ow() % COLS == 0;
  }

  /** Panels in a row of positions; 1 where several images share one. */
  static int strips(ConvShape s) {
    return Math.max(1, s.ow() / COLS);
  }

  /** The last row that a product reads. */
  int lastRow(int product) {
    return in.index[in.start[product + 1] - 1];
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
