package dev.cogan.kernels;

/** Where a run of positions lies in the images; scratch memory of {@link Patches}. */
final class PatchTable {
  private static final int SIZE = Math.max(Tile.DEPTH, Tile.COLS);

  /** Positions in the table. */
  int count;

  /** Of each position: index of the pixel under tap 0 in channel 0, and its row and column. */
  final int[] at = new int[SIZE];

  final int[] row = new int[SIZE];
  final int[] col = new int[SIZE];

  // Their bounds, for a quick look at whether a tap stays inside the images. The largest index is
  // not always the last position's: with a wide padding, rows of positions are longer than the
  // image's, and the end of one lies beyond the beginning of the next.
  int lastAt;
  int minRow;
  int maxRow;
  int minCol;
  int maxCol;

  /**
   * Neighbours in the images, in runs of at most a vector: position of the first, and its pixel.
   */
  final int[] runPosition = new int[SIZE];

  final int[] runAt = new int[SIZE];
  int runs;

  // The same for one tap, when a part of its pixels lies outside the images.
  final int[] insidePosition = new int[SIZE];
  final int[] insideAt = new int[SIZE];
  int inside;
  final int[] outsidePosition = new int[SIZE];
  int outside;
}
