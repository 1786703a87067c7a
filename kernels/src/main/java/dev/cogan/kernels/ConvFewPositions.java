package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;

/**
 * Convolution with far more weights than positions (the discriminators' last layers): the product
 * {@code [cout, cin*kh*kw] * [cin*kh*kw, positions]} takes the weights as they lie, so that they
 * are read once and never packed as a whole; only the patches are made, which are few.
 */
final class ConvFewPositions {
  /**
   * Positions up to which this pays. With 512 bits a {@link FastPlan} takes less time for 128 of
   * them: it spares the products with padding, over a quarter of them where 4x4 pixels become 2x2
   * (0.68 to 0.81 of the time of face64.d5, Zen 4, with blocks of 64, 128 and 256 steps).
   */
  private static final int MOST_POSITIONS = Tile.WIDE ? 96 : 128;

  /** The same where all images fill one vector; with long blocks a plan is faster there, too. */
  private static final int MOST_OF_FEW_IMAGES =
      Tile.WIDE && Tile.PAIR_STEPS >= 256 ? MOST_POSITIONS : 256;

  /** Rows and columns of the weights below which there are too few to matter. */
  private static final int LEAST = 256;

  private final Workers workers;
  private final GemmManyRows gemm;
  private final FewPositions columns;
  private final Parallel.Body writing = this::write;

  private ConvShape s;
  private float[] y;
  private int yOff;
  private float[] bias;
  private int biasOff;
  private int positions;
  private int imageTasks;
  private float[] product = new float[0];

  ConvFewPositions(Workers workers, FewPositions columns) {
    this.workers = workers;
    this.columns = columns;
    gemm = new GemmManyRows(workers);
  }

  static boolean suits(ConvShape s) {
    long positions = (long) s.n() * s.oh() * s.ow();
    return positions >= Tile.LANES
        && positions <= (s.n() <= Tile.LANES ? MOST_OF_FEW_IMAGES : MOST_POSITIONS)
        && s.cout() >= LEAST
        && s.cin() * s.kh() * s.kw() >= LEAST;
  }

  void run(
      ConvShape s,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    this.s = s;
    this.y = y;
    this.yOff = yOff;
    this.bias = bias;
    this.biasOff = biasOff;
    int k = s.cin() * s.kh() * s.kw();
    positions = FewPositions.count(s);
    float[] patches = columns.patches(s, x, xOff);
    product = workers.grow(product, s.cout() * positions);
    gemm.multiply(
        false, false, s.cout(), positions, k, w, wOff, k, patches, 0, positions, false, product, 0,
        positions);
    imageTasks = Math.min(16, s.n());
    workers.run(imageTasks, s.outputSize(), writing);
    this.y = null;
    this.bias = null;
  }

  /** Some of the images. */
  private void write(int task, int worker) {
    int plane = s.oh() * s.ow();
    int end = Partition.start(task + 1, imageTasks, s.n());
    for (int image = Partition.start(task, imageTasks, s.n()); image < end; image++) {
      for (int o = 0; o < s.cout(); o++) {
        float add = bias == null ? 0f : bias[biasOff + o];
        int from = o * positions + image * plane;
        Lanes.copyPlus(plane, product, from, add, y, yOff + (image * s.cout() + o) * plane);
      }
    }
  }
}
