package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * Convolution with far more weights than positions (the discriminators' last layers): the product
 * {@code [cout, cin*kh*kw] * [cin*kh*kw, positions]} takes the weights as they lie, so that they
 * are read once and never packed as a whole; only the patches are made, which are few.
 */
final class ConvFewPositions {
  private static final int MOST_POSITIONS = 128;

  /** The same where all images fill one vector, so that a {@link FastPlan} saves less. */
  private static final int MOST_OF_FEW_IMAGES = 256;

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

  /** Where the pixel under the first tap lies at each position, in the planes of one channel. */
  private void locate() {
    places = Workers.table(places, positions);
    int width = paddedWidth();
    for (int i = 0; i < positions; i++) {
      int row = i / s.ow() % s.oh() * s.stride();
      int col = i % s.ow() * s.stride();
      places[i] = i / (s.oh() * s.ow()) * paddedSize() + row * width + col;
    }
  }

  private int paddedWidth() {
    return s.w() + 2 * s.pad();
  }

  private int paddedSize() {
    return (s.h() + 2 * s.pad()) * paddedWidth();
  }

  /** The patches of some channels: each channel's images, with their padding, stay near. */
  private void gather(int task, int worker) {
    int end = Partition.start(task + 1, channelTasks, s.cin());
    float[] planes = workers.scratch(worker).d(s.n() * paddedSize());
    Arrays.fill(planes, 0, s.n() * paddedSize(), 0f);
    for (int c = Partition.start(task, channelTasks, s.cin()); c < end; c++) {
      copyPlanes(c, planes);
      int to = c * s.kh() * s.kw() * positions;
      for (int u = 0; u < s.kh(); u++) {
        for (int v = 0; v < s.kw(); v++, to += positions) {
          pick(planes, u * paddedWidth() + v, places, positions, patches, to);
        }
      }
    }
  }

  /** A channel of all images, into the middle of their padding. */
  private void copyPlanes(int c, float[] planes) {
    for (int image = 0; image < s.n(); image++) {
      int from = xOff + (image * s.cin() + c) * s.h() * s.w();
      int to = image * paddedSize() + s.pad() * paddedWidth() + s.pad();
      for (int row = 0; row < s.h(); row++, from += s.w(), to += paddedWidth()) {
        for (int col = 0; col < s.w(); col++) { // Few: not worth a call.
          planes[to + col] = x[from + col];
        }
      }
    }
  }

  private static void pick(float[] src, int off, int[] places, int n, float[] dst, int to) {
    for (int i = 0; i < n; i++) {
      dst[to + i] = src[off + places[i]];
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
