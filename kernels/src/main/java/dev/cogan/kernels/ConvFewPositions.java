package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;

/**
 * Convolution with far more weights than positions (the discriminators' last layers): the product
 * {@code [cout, cin*kh*kw] * [cin*kh*kw, positions]} takes the weights as they lie, so that they
 * are read once and never packed as a whole; only the patches are made, which are few.
 */
final class ConvFewPositions {
  private static final int MOST_POSITIONS = 128;

  /** Rows and columns of the weights below which there are too few to matter. */
  private static final int LEAST = 256;

  private final Workers workers;
  private final GemmManyRows gemm;
  private final Parallel.Body gathering = this::gather;
  private final Parallel.Body writing = this::write;

  private ConvShape s;
  private float[] y;
  private int yOff;
  private float[] x;
  private int xOff;
  private float[] bias;
  private int biasOff;
  private int positions;
  private int channelTasks;
  private int imageTasks;
  private int[] places = new int[0];
  private float[] patches = new float[0];
  private float[] product = new float[0];

  ConvFewPositions(Workers workers) {
    this.workers = workers;
    gemm = new GemmManyRows(workers);
  }

  static boolean suits(ConvShape s) {
    long positions = (long) s.n() * s.oh() * s.ow();
    return positions >= Tile.LANES
        && positions <= MOST_POSITIONS
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
    this.x = x;
    this.xOff = xOff;
    this.bias = bias;
    this.biasOff = biasOff;
    int k = s.cin() * s.kh() * s.kw();
    positions = s.n() * s.oh() * s.ow();
    patches = workers.grow(patches, k * positions);
    product = workers.grow(product, s.cout() * positions);
    locate();
    channelTasks = Math.min(16, s.cin());
    workers.run(channelTasks, (long) k * positions, gathering);
    gemm.multiply(
        false, false, s.cout(), positions, k, w, wOff, k, patches, 0, positions, false, product, 0,
        positions);
    imageTasks = Math.min(16, s.n());
    workers.run(imageTasks, s.outputSize(), writing);
    this.y = null;
    this.x = null;
    this.bias = null;
  }

  /** Where the pixel under a tap lies in its plane at each position, or -1 outside. */
  private void locate() {
    int plane = s.oh() * s.ow();
    int taps = s.kh() * s.kw();
    if (places.length < taps * plane) {
      places = new int[taps * plane];
    }
    for (int i = 0; i < taps * plane; i++) {
      int tap = i / plane;
      int row = i % plane / s.ow() * s.stride() + tap / s.kw() - s.pad();
      int col = i % s.ow() * s.stride() + tap % s.kw() - s.pad();
      boolean inside = row >= 0 && row < s.h() && col >= 0 && col < s.w();
      places[i] = inside ? row * s.w() + col : -1;
    }
  }

  /** The patches of some channels. */
  private void gather(int task, int worker) {
    int first = Partition.start(task, channelTasks, s.cin());
    int end = Partition.start(task + 1, channelTasks, s.cin());
    int plane = s.oh() * s.ow();
    int taps = s.kh() * s.kw();
    for (int image = 0; image < s.n(); image++) {
      for (int c = first; c < end; c++) {
        int from = xOff + (image * s.cin() + c) * s.h() * s.w();
        for (int tap = 0; tap < taps; tap++) {
          int to = (c * taps + tap) * positions + image * plane;
          for (int i = 0; i < plane; i++) {
            int at = places[tap * plane + i];
            patches[to + i] = at < 0 ? 0f : x[from + at];
          }
        }
      }
    }
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
