package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * The convolution's gradient to its weights with the channels of the large side in the lanes: for
 * every tap the matrix product
 *
 * <pre>
 *   C[o, i] += sum over images and positions of  dy[o, position] * x[i, pixel under the tap]
 * </pre>
 *
 * Each image of the large side is turned round once, with its padding; what lies under a tap is
 * then a copy of whole vectors, whatever the stride, and the small side is copied as it is. The
 * batch is cut into parts by its size alone; each sums into memory of its own, and the sums are
 * added in a fixed order.
 */
final class ConvPanelGrad {
  private static final int MOST_PARTS = 8;

  /** Most floats of the sums of a part: they stay in the second-level cache. */
  private static final int MOST_SUMS = 64 << 10;

  private final Workers workers;
  private final Parallel.Body multiplying = this::multiply;
  private final Parallel.Body adding = this::add;

  private ConvShape s;
  private ConvShape prepared;
  private float[] dw;
  private int dwOff;
  private float[] x;
  private int xOff;
  private float[] dy;
  private int dyOff;

  private int parts;
  private int tiles;
  private int panels;
  private int width;
  private int imageSize;
  private int perBlock;
  private int sumSize;
  private int[] at = new int[0];
  private float[] sums = new float[0];

  ConvPanelGrad(Workers workers) {
    this.workers = workers;
  }

  /** Whether the positions of an image are one block along K. */
  static boolean isPossible(ConvShape s) {
    return s.oh() * s.ow() <= DEPTH;
  }

  /**
   * Whether this is the fastest way, as measured: where the sums are small, and channels fill the
   * panels and the tiles.
   */
  static boolean suits(ConvShape s) {
    return isPossible(s)
        && s.stride() == 2
        && s.n() >= MOST_PARTS
        && s.kh() * s.kw() >= 4
        && s.cin() % COLS == 0
        && Tile.fills(s.cout())
        && s.oh() * s.ow() >= DEPTH / 2
        && s.weightSize() <= MOST_SUMS;
  }

  void run(ConvShape s, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    this.s = s;
    this.dw = dw;
    this.dwOff = dwOff;
    this.x = x;
    this.xOff = xOff;
    this.dy = dy;
    this.dyOff = dyOff;
    prepare();
    parts = Math.min(MOST_PARTS, s.n());
    sums = workers.grow(sums, parts * sumSize);
    workers.run(parts, s.multiplyAdds() / LANES, multiplying);
    workers.run(tiles, (long) parts * sumSize / LANES, adding);
    this.dw = null;
    this.x = null;
    this.dy = null;
  }

  private void prepare() {
    if (s.equals(prepared)) {
      return;
    }
    // Not prepared for anything until the end: there may be no memory for what follows.
    prepared = null;
    tiles = Tile.padRows(s.cout()) / ROWS;
    panels = Tile.padCols(s.cin()) / COLS;
    width = s.w() + 2 * s.pad();
    imageSize = (s.h() + 2 * s.pad()) * width * panels * COLS;
    int plane = s.oh() * s.ow();
    perBlock = DEPTH / plane;
    sumSize = s.kh() * s.kw() * panels * tiles * ROWS * COLS;
    at = Workers.table(at, perBlock * plane);
    for (int i = 0; i < perBlock * plane; i++) {
      int row = i % plane / s.ow() * s.stride();
      int col = i % s.ow() * s.stride();
      at[i] = i / plane * imageSize + (row * width + col) * panels * COLS;
    }
    prepared = s;
  }

  /** Some of the images. */
  private void multiply(int part, int worker) {
    Scratch scratch = workers.scratch(worker);
    int image = Partition.start(part, parts, s.n());
    int end = Partition.start(part + 1, parts, s.n());
    float[] turned = scratch.b(perBlock * imageSize);
    float[] a = scratch.a(tiles * ROWS * DEPTH);
    float[] panel = scratch.d(DEPTH * COLS);
    Arrays.fill(turned, 0, perBlock * imageSize, 0f);
    Arrays.fill(a, 0, tiles * ROWS * DEPTH, 0f);
    Arrays.fill(sums, part * sumSize, (part + 1) * sumSize, 0f);
    for (; image < end; image += perBlock) {
      int count = Math.min(perBlock, end - image);
      for (int i = 0; i < count; i++) {
        turn(image + i, turned, i * imageSize);
        copyRows(image + i, a, i * s.oh() * s.ow());
      }
      multiplyTaps(count * s.oh() * s.ow(), turned, a, panel, part * sumSize);
    }
  }

  /** An image of the large side, {@code [row, col, channel]}, into the middle of its padding. */
  private void turn(int image, float[] dst, int to) {
    int plane = s.h() * s.w();
    int thick = panels * COLS;
    for (int c = 0; c < s.cin(); c += LANES) {
      int from = xOff + (image * s.cin() + c) * plane;
      int planes = Math.min(LANES, s.cin() - c);
      for (int row = 0; row < s.h(); row++) {
        int at = to + ((row + s.pad()) * width + s.pad()) * thick + c;
        LaneTurn.toLanes(x, from + row * s.w(), plane, planes, s.w(), dst, at, thick);
      }
    }
  }

  private void copyRows(int image, float[] a, int to) {
    int plane = s.oh() * s.ow();
    for (int o = 0; o < s.cout(); o++) {
      System.arraycopy(dy, dyOff + (image * s.cout() + o) * plane, a, o * DEPTH + to, plane);
    }
  }

  private void multiplyTaps(int depth, float[] turned, float[] a, float[] panel, int c) {
    int to = c;
    for (int tap = 0; tap < s.kh() * s.kw(); tap++) {
      int from = (tap / s.kw() * width + tap % s.kw()) * panels * COLS;
      for (int i = 0; i < panels; i++) {
        copy(turned, from + i * COLS, at, depth, panel);
        for (int tile = 0; tile < tiles; tile++, to += ROWS * COLS) {
          int wanted = s.cout() - tile * ROWS;
          Tile.multiply(wanted, depth, a, tile * ROWS * DEPTH, panel, 0, sums, to, COLS, true);
        }
      }
    }
  }

  private static void copy(float[] src, int from, int[] at, int depth, float[] panel) {
    for (int p = 0; p < depth; p++) {
      int i = from + at[p];
      load(src, i).intoArray(panel, p * COLS);
      load(src, i + LANES).intoArray(panel, p * COLS + LANES);
    }
  }

  /** The sums of one tile's channels, over all parts. */
  private void add(int tile, int worker) {
    int taps = s.kh() * s.kw();
    int size = ROWS * COLS;
    int step = tiles * size;
    for (int i = 0; i < taps * panels; i++) {
      int to = i * step + tile * size;
      for (int part = 1; part < parts; part++) {
        Lanes.add(size, sums, part * sumSize + to, sums, to);
      }
    }
    for (int row = 0; row < Math.min(ROWS, s.cout() - tile * ROWS); row++) {
      for (int channel = 0; channel < s.cin(); channel++) {
        int to = dwOff + ((tile * ROWS + row) * s.cin() + channel) * taps;
        int from = channel / COLS * step + tile * size + row * COLS + channel % COLS;
        for (int tap = 0; tap < taps; tap++) {
          dw[to + tap] += sums[from + tap * panels * step];
        }
      }
    }
  }
}
