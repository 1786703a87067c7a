package dev.cogan.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile: the block of C that a micro-kernel keeps in registers while it runs along K.
 *
 * <p>Matrix products are computed from packed blocks of at most {@link #DEPTH} steps along K. Rows
 * of A keep their order; a <em>panel</em> of B holds {@link #COLS} columns, stored step by step:
 *
 * <pre>
 *   A block: a[row * DEPTH + p]      B panel: b[p * COLS + column]      p = 0 .. depth-1
 * </pre>
 *
 * so that the inner loop reads B without a gap, and A as single floats at constant distances. Rows
 * and columns are padded with zeros to whole tiles: the micro-kernel has no tails.
 */
final class Tile {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  /** Floats in a vector. */
  static final int LANES = F.length();

  /** Whether the machine has the 32 vector registers that come with 512-bit vectors. */
  static final boolean WIDE = LANES >= 16;

  /** Rows of the tile: with two vectors per row, 16 of 32 or 12 of 16 registers are sums. */
  static final int ROWS = WIDE ? 8 : 6;

  /** Rows of half a tile, for the last rows of a matrix. */
  static final int HALF_ROWS = 4;

  /** Columns of the tile. */
  static final int COLS = 2 * LANES;

  /**
   * Longest run along K between two visits of C, and distance of A's rows. Eight rows of A (8 KB)
   * stay in the first-level cache while panels of B (32 KB at 512 bits) pass by.
   */
  static final int DEPTH = 256;

  private Tile() {}

  /** {@code x} rounded up to whole tiles of rows. */
  static int padRows(int x) {
    return (x + ROWS - 1) / ROWS * ROWS;
  }

  /** {@code x} rounded up to whole panels of B. */
  static int padCols(int x) {
    return (x + COLS - 1) / COLS * COLS;
  }

  /** How many blocks of at most {@link #DEPTH} cover {@code k}; at least one. */
  static int depthBlocks(int k) {
    return Math.max(1, (k + DEPTH - 1) / DEPTH);
  }

  /**
   * One tile: {@code C = A * B}, or {@code C += A * B}. Storing and adding are micro-kernels of
   * their own: one that does either by a branch is sometimes compiled by C2, for the whole life of
   * the JVM, with every vector on the heap.
   *
   * @param rows rows that are wanted; as many as {@link #height} says are computed
   * @param depth steps along K
   * @param c where the tile's first element goes, rows {@code ldc} apart; all of it is written
   */
  static void multiply(
      int rows,
      int depth,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int ldc,
      boolean add) {
    if (!WIDE) {
      if (add) {
        Tile6x2.multiplyAdd(depth, a, aOff, b, bOff, c, cOff, ldc);
      } else {
        Tile6x2.multiply(depth, a, aOff, b, bOff, c, cOff, ldc);
      }
    } else if (rows <= HALF_ROWS) {
      if (add) {
        Tile4x2.multiplyAdd(depth, a, aOff, b, bOff, c, cOff, ldc);
      } else {
        Tile4x2.multiply(depth, a, aOff, b, bOff, c, cOff, ldc);
      }
    } else if (add) {
      Tile8x2.multiplyAdd(depth, a, aOff, b, bOff, c, cOff, ldc);
    } else {
      Tile8x2.multiply(depth, a, aOff, b, bOff, c, cOff, ldc);
    }
  }

  /** Rows that are written for a tile of which {@code rows} are wanted. */
  static int height(int rows) {
    return WIDE && rows <= HALF_ROWS ? HALF_ROWS : ROWS;
  }
}
