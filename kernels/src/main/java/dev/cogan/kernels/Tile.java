package dev.cogan.kernels;

import java.util.Objects;
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
 *
 * <p>Large products go over two panels at a time ({@link #pair}), with {@link #PAIR_STEPS} in the
 * place of {@link #DEPTH}.
 */
final class Tile {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  /** Floats in a vector. */
  static final int LANES = F.length();

  /** Whether the machine has the 32 vector registers that come with 512-bit vectors. */
  static final boolean WIDE = LANES >= 16;

  /** Rows of the tile: with two vectors per row, 16 of 32 or 10 of 16 registers are sums. */
  static final int ROWS = WIDE ? 8 : 5;

  /** Rows of half a tile, for the last rows of a matrix. */
  static final int HALF_ROWS = 4;

  /** Rows of the tile over two neighbouring panels. */
  static final int PAIR_ROWS = WIDE ? 6 : 5;

  /**
   * Longest run along K for a pair, and distance of A's rows there. With 512 bits 64 steps of two
   * panels of B are 16 KB, which stay in half a first-level cache while tiles of rows pass by; 128
   * fit a large one, and 256 are read from the second level ({@link NearCache}).
   */
  static final int PAIR_STEPS = WIDE ? NearCache.steps() : 256;

  /** Columns of the tile. */
  static final int COLS = 2 * LANES;

  /**
   * Longest run along K between two visits of C, and distance of A's rows. Eight rows of A (8 KB)
   * stay in the first-level cache while panels of B (32 KB at 512 bits) pass by.
   */
  static final int DEPTH = 256;

  /** Offsets are below this, so that an offset and a tile's length do not overflow together. */
  private static final int MOST_PLACES = 1 << 30;

  private Tile() {}

  /**
   * {@code offset}, of which the compiler then knows that what is added to it does not overflow:
   * else it computes every address in 32 bits first.
   */
  static int place(int offset) {
    return Objects.checkIndex(offset, MOST_PLACES);
  }

  /** {@code depth}, likewise. */
  static int steps(int depth) {
    return Objects.checkIndex(depth, DEPTH + 1);
  }

  /** {@code x} rounded up to whole tiles of rows. */
  static int padRows(int x) {
    return (x + ROWS - 1) / ROWS * ROWS;
  }

  /** Whether {@code rows} are whole tiles, or, as five rows divide few widths of nets, nearly. */
  static boolean fills(int rows) {
    return WIDE ? rows % ROWS == 0 : 8 * (padRows(rows) - rows) <= rows;
  }

  /** Tiles of {@link #PAIR_ROWS} rows that cover {@code x}. */
  static int pairTiles(int x) {
    return (x + PAIR_ROWS - 1) / PAIR_ROWS;
  }

  /** How many blocks of at most {@link #PAIR_STEPS} cover {@code k}. */
  static int pairBlocks(int k) {
    return (k + PAIR_STEPS - 1) / PAIR_STEPS;
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
   * their own, short enough for both compilers.
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
      single(depth, a, aOff, b, bOff, c, cOff, ldc, add);
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

  /**
   * Two tiles of {@link #PAIR_ROWS} rows side by side, of two panels of B: as {@link #multiply} for
   * each. Most multiply-adds for what has to be loaded; for products large enough.
   *
   * @param bNext where the second panel begins
   * @param cNext where the second tile goes
   */
  static void pair(
      int depth,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bNext,
      float[] c,
      int cOff,
      int cNext,
      int ldc,
      boolean add) {
    if (!WIDE) {
      single(depth, a, aOff, b, bOff, c, cOff, ldc, add);
      single(depth, a, aOff, b, bNext, c, cNext, ldc, add);
    } else if (add) {
      Tile6x4.multiplyAdd(depth, a, aOff, b, bOff, bNext, c, cOff, cNext, ldc, c, cOff, cNext, ldc);
    } else {
      Tile6x4.multiply(depth, a, aOff, b, bOff, bNext, c, cOff, cNext, ldc);
    }
  }

  /** One tile of {@link #PAIR_ROWS} rows: as {@link #pair}, of one panel. */
  static void single(
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
        Tile5x2.multiplyAdd(depth, a, aOff, b, bOff, c, cOff, ldc);
      } else {
        Tile5x2.multiply(depth, a, aOff, b, bOff, c, cOff, ldc);
      }
    } else if (add) {
      Tile6x2.multiplyAdd(depth, a, aOff, b, bOff, c, cOff, ldc);
    } else {
      Tile6x2.multiply(depth, a, aOff, b, bOff, c, cOff, ldc);
    }
  }

  /** Rows that are written for a tile of which {@code rows} are wanted. */
  static int height(int rows) {
    return WIDE && rows <= HALF_ROWS ? HALF_ROWS : ROWS;
  }
}
