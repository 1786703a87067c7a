package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.LANES;

/**
 * A convolution over a plane, or over some rows of it, as the product of two {@link LinePlan}s:
 * product {@code (i, j)} takes row i's weight along the columns of the kernel and column j's along
 * its rows. Products that take the same weight are the columns of one matrix product.
 */
final class PlanePlan {
  final LinePlan rows;
  final LinePlan cols;
  private final int colWeights;

  /** Of each weight, how many products take it. */
  final int[] uses;

  PlanePlan(LinePlan rows, LinePlan cols, int rowWeights, int colWeights) {
    this.rows = rows;
    this.cols = cols;
    this.colWeights = colWeights;
    uses = new int[rowWeights * colWeights];
    for (int i = 0; i < rowWeights; i++) {
      for (int j = 0; j < colWeights; j++) {
        uses[i * colWeights + j] = rows.uses(i) * cols.uses(j);
      }
    }
  }

  /** Products of one channel with one other. */
  int products() {
    return rows.products * cols.products;
  }

  /** Panels of columns for one weight, when each product is a vector for each of the groups. */
  int panels(int weight, int groups) {
    return (uses[weight] * groups + 1) / 2;
  }

  /** Panels of all weights. */
  int panels(int groups) {
    int panels = 0;
    for (int weight = 0; weight < uses.length; weight++) {
      panels += panels(weight, groups);
    }
    return panels;
  }

  /** Blocks along K for one weight, when its products are what is summed over. */
  int blocks(int weight, int groups) {
    return (uses[weight] * groups * LANES + Tile.PAIR_STEPS - 1) / Tile.PAIR_STEPS;
  }

  /** Blocks of all weights. */
  int blocks(int groups) {
    int blocks = 0;
    for (int weight = 0; weight < uses.length; weight++) {
      blocks += blocks(weight, groups);
    }
    return blocks;
  }

  /** Places of the products of one group of images in panels {@code stride} floats apart. */
  void inPanels(int groups, int group, int stride, Places places) {
    places.room(products(), uses.length);
    int[] first = places.first;
    first[0] = 0;
    for (int weight = 1; weight < uses.length; weight++) {
      first[weight] = first[weight - 1] + panels(weight - 1, groups);
    }
    for (int i = 0; i < rows.products; i++) {
      for (int j = 0; j < cols.products; j++) {
        int column = number(i, j) * groups + group;
        int panel = first[weight(i, j)] + column / 2;
        places.at[i * cols.products + j] = panel * stride + column % 2 * LANES;
      }
    }
  }

  /**
   * Places of the products of one group of images along K, in blocks {@code blockStride} floats
   * apart whose steps are {@code stepStride} apart.
   */
  void inBlocks(int groups, int group, int blockStride, int stepStride, Places places) {
    places.room(products(), uses.length);
    int[] first = places.first;
    first[0] = 0;
    for (int weight = 1; weight < uses.length; weight++) {
      first[weight] = first[weight - 1] + blocks(weight - 1, groups);
    }
    for (int i = 0; i < rows.products; i++) {
      for (int j = 0; j < cols.products; j++) {
        int step = (number(i, j) * groups + group) * LANES;
        int block = first[weight(i, j)] + step / Tile.PAIR_STEPS;
        places.at[i * cols.products + j] =
            block * blockStride + step % Tile.PAIR_STEPS * stepStride;
      }
    }
  }

  private int weight(int i, int j) {
    return rows.weightOf[i] * colWeights + cols.weightOf[j];
  }

  private int number(int i, int j) {
    return rows.numberOf[i] * cols.uses(cols.weightOf[j]) + cols.numberOf[j];
  }
}
