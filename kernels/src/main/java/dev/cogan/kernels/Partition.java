package dev.cogan.kernels;

/**
 * Cuts matrices into tasks. The cut follows from the sizes alone, so results do not depend on the
 * number of threads; there are enough tasks that a handful of threads end at about the same time.
 */
final class Partition {
  /** Tasks that are enough. More would be narrower, and read the packed A more often. */
  private static final int ENOUGH = 8;

  /** Vector instructions that make a task worth its own packing and dispatch. */
  private static final long TASK_COST = 16_384;

  private Partition() {}

  /**
   * First item of {@code part} when {@code items} are cut into {@code parts} as evenly as can be.
   */
  static int start(int part, int parts, int items) {
    return (int) ((long) items * part / parts);
  }

  /** Blocks of columns, each at most {@code widest} columns or one panel. */
  static int columnBlocks(int n, int widest) {
    int panels = Tile.padCols(n) / Tile.COLS;
    int perBlock = Math.max(1, widest / Tile.COLS);
    int blocks = (panels + perBlock - 1) / perBlock;
    return Math.max(blocks, Math.min(panels, ENOUGH));
  }

  /**
   * Blocks of rows, for matrices whose columns do not make enough tasks.
   *
   * @param cost of the whole product in vector instructions
   */
  static int rowBlocks(int m, int columnBlocks, long cost) {
    long wanted = Math.min(ENOUGH, cost / TASK_COST);
    if (columnBlocks >= ENOUGH || columnBlocks >= wanted) {
      return 1;
    }
    int panels = Tile.padRows(m) / Tile.ROWS;
    int most = Math.max(1, panels / 4);
    return (int) Math.min(most, (wanted + columnBlocks - 1) / columnBlocks);
  }
}
