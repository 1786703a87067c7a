package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import java.util.ArrayList;
import java.util.List;

/**
 * How one pass of a convolution is computed with fewer multiplications: in strips of rows of the
 * side that is cut, so that what belongs to a strip fits into the caches.
 */
final class FastPlan {
  final PlanePlan[] strips;

  /** Of each strip, the first row; with the end of the last one. */
  final int[] firstRow;

  /** From taps to weights, along the kernel's height and width. */
  final Combination rowWeights;

  final Combination colWeights;

  /** And back. */
  final Combination rowTaps;

  final Combination colTaps;

  /**
   * @param large whether the rows of the large side are cut, or those of the small side
   * @param most products per strip that are wanted at most
   */
  FastPlan(ConvShape s, boolean large, long most) {
    LineWeights down = new LineWeights(s.kh());
    LineWeights across = new LineWeights(s.kw());
    LinePlan cols = line(across, s, s.w(), s.ow(), 0, s.w(), 0, s.ow());
    List<LinePlan> rows = cut(down, s, large, Math.max(1, most / Math.max(1, cols.products)));
    int count = rows.size();
    int size = large ? s.h() : s.oh();
    int height = (size + count - 1) / count;
    firstRow = new int[count + 1];
    for (int i = 0; i < count; i++) {
      firstRow[i + 1] = Math.min(size, (i + 1) * height);
    }
    strips = new PlanePlan[count];
    for (int i = 0; i < count; i++) {
      strips[i] = new PlanePlan(rows.get(i), cols, down.count(), across.count());
    }
    rowWeights = down.combination();
    colWeights = across.combination();
    rowTaps = rowWeights.transposed();
    colTaps = colWeights.transposed();
  }

  /** Whether every strip has products; with a wide padding, all windows may lie outside of one. */
  boolean isWhole() {
    for (PlanePlan strip : strips) {
      if (strip.products() == 0) {
        return false;
      }
    }
    return true;
  }

  /** The cut with fewest products in all whose strips have no more than {@code most} each. */
  private static List<LinePlan> cut(LineWeights weights, ConvShape s, boolean large, long most) {
    int size = large ? s.h() : s.oh();
    List<LinePlan> best = null;
    long fewest = Long.MAX_VALUE;
    for (int height = size; height >= 1; height--) {
      if (best != null && height < size / 16) {
        break;
      }
      int count = (size + height - 1) / height;
      if (height < size && (size + count - 1) / count != height) {
        continue;
      }
      List<LinePlan> rows = new ArrayList<>();
      long products = 0;
      boolean fits = true;
      for (int from = 0; from < size; from += height) {
        int to = Math.min(size, from + height);
        LinePlan plan =
            large
                ? line(weights, s, s.h(), s.oh(), from, to, 0, s.oh())
                : line(weights, s, s.h(), s.oh(), 0, s.h(), from, to);
        rows.add(plan);
        products += plan.products;
        fits &= plan.products <= most;
      }
      if ((fits || height == 1) && products < fewest) {
        best = rows;
        fewest = products;
      }
    }
    return best;
  }

  private static LinePlan line(
      LineWeights weights, ConvShape s, int large, int small, int l0, int l1, int s0, int s1) {
    return new LinePlan(weights, s.stride(), s.pad(), large, small, l0, l1, s0, s1);
  }

  /** Weights in all. */
  int weights() {
    return rowWeights.outputs * colWeights.outputs;
  }

  /** Products of all strips. */
  long products() {
    long products = 0;
    for (PlanePlan strip : strips) {
      products += strip.products();
    }
    return products;
  }
}
