package dev.cogan.kernels;

/** What one worker needs while it computes; grows to the largest task seen. */
final class Scratch {
  /** Number of the arrays that grow. */
  static final int ARRAYS = 4;

  /** One tile of C at the edge of a matrix. */
  final float[] edge = new float[Tile.ROWS * Tile.COLS];

  /** Lanes of the vectors that a sum ends with. */
  final float[] lanes = new float[4 * Tile.LANES];

  /** Sums of the lanes of up to two vectors. */
  final double[] sums = new double[2 * Tile.LANES];

  /** Where the positions of one block lie in the images. */
  final PatchTable patches = new PatchTable();

  /** Where the products of one channel go. */
  final Places places = new Places();

  private float[] near;
  private float[] a = new float[0];
  private float[] b = new float[0];
  private float[] c = new float[0];
  private float[] d = new float[0];

  /**
   * At least {@code size}, and large enough for {@link Workers#START} to be of use: half of a
   * region of the G1 collector, where the JVM may use up to eight gigabytes.
   */
  static int aligned(int size) {
    return Math.max(size, 1 << 19);
  }

  /** One panel of B, of {@code DEPTH} steps; null if it is not wanted. */
  float[] near(boolean wanted) {
    if (wanted && near == null) {
      near = new float[Tile.DEPTH * Tile.COLS];
    }
    return wanted ? near : null;
  }

  /** Room for packed panels of A. */
  float[] a(int size) {
    return a = grow(a, size);
  }

  /** Room for packed panels of B. */
  float[] b(int size) {
    return b = grow(b, size);
  }

  /** Room for a block of C. */
  float[] c(int size) {
    return c = grow(c, size);
  }

  private static float[] grow(float[] old, int size) {
    return old.length >= size ? old : new float[size];
  }

  /** Floats of the array with this number. */
  int length(int array) {
    return (array == 0 ? a : array == 1 ? b : array == 2 ? c : d).length;
  }

  /** Room for a few rows. */
  float[] d(int size) {
    return d = grow(d, size);
  }
}
