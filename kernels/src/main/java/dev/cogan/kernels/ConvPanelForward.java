package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;

/**
 * Convolution of stride 2 with the right factor copied from {@link ShiftedRows}, a panel at a time:
 * the copies are of whole vectors, and every tile of channels then reads them from the nearest
 * cache. Panels run on from one image to the next, so that few columns are empty.
 */
final class ConvPanelForward {
  /** Longest run along K: a panel takes half of the first-level cache. */
  private static final int STEPS = DEPTH / 2;

  /** Floats of shifted rows that stay in the second-level cache, of one image. */
  private static final long MOST_FLOATS = 96 << 10;

  private static final int MOST_TASKS = 8;

  private final Workers workers;
  private final ShiftedRows rows = new ShiftedRows(false);
  private final Parallel.Body packing = this::packTile;
  private final Parallel.Body multiplying = this::multiply;

  private ConvShape s;
  private float[] y;
  private int yOff;
  private float[] x;
  private int xOff;
  private float[] w;
  private int wOff;
  private float[] bias;
  private int biasOff;

  private int blocks;
  private int tiles;
  private int tasks;
  private float[] packed = new float[0];

  ConvPanelForward(Workers workers) {
    this.workers = workers;
  }

  /** Whether a panel's columns belong to two images at most. */
  static boolean isPossible(ConvShape s) {
    return s.oh() * s.ow() >= COLS;
  }

  /** Whether this is the fastest way, as measured: where few images make combining pixels dear. */
  static boolean suits(ConvShape s) {
    return isPossible(s)
        && s.stride() == 2
        && s.n() >= 2 * MOST_TASKS
        && s.n() <= 2 * LANES
        && s.kw() >= 3
        && s.kw() <= 4
        && s.cin() >= 16
        && s.cout() >= 4 * ROWS
        && s.cin() * s.cout() <= 64 * 64
        && s.oh() * s.ow() >= DEPTH / 2
        && ShiftedRows.size(s, false) <= MOST_FLOATS;
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
    this.w = w;
    this.wOff = wOff;
    this.bias = bias;
    this.biasOff = biasOff;
    rows.prepare(s);
    blocks = (rows.taps + STEPS - 1) / STEPS;
    tiles = Tile.padRows(s.cout()) / ROWS;
    tasks = Math.min(s.n(), MOST_TASKS);
    packed = workers.grow(packed, blocks * tiles * ROWS * DEPTH);
    workers.run(tiles, s.weightSize(), packing);
    workers.run(tasks, s.multiplyAdds() / LANES, multiplying);
    this.y = null;
    this.x = null;
    this.w = null;
    this.bias = null;
  }

  private void packTile(int tile, int worker) {
    rows.packWeights(packed, tile, tiles, blocks, w, wOff);
  }

  /** Some images: two of them are at hand at a time. */
  private void multiply(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    int image0 = Partition.start(task, tasks, s.n());
    int images = Partition.start(task + 1, tasks, s.n()) - image0;
    int plane = s.oh() * s.ow();
    int room = rows.room();
    float[] pixels = scratch.b(2 * room);
    float[] panel = scratch.a(STEPS * COLS + LANES);
    float[] c = scratch.c(tiles * ROWS * COLS);
    PatchTable runs = scratch.patches;
    int filled = 0;
    for (int column = 0; column < images * plane; column += COLS) {
      int count = Math.min(COLS, images * plane - column);
      for (; filled <= (column + count - 1) / plane; filled++) {
        int from = xOff + (image0 + filled) * s.cin() * s.h() * s.w();
        rows.fill(pixels, filled % 2 * room, x, from);
      }
      locate(column, count, plane, room, runs);
      for (int block = 0; block < blocks; block++) {
        int k0 = Partition.start(block, blocks, rows.taps);
        int depth = Partition.start(block + 1, blocks, rows.taps) - k0;
        copy(pixels, rows.at, k0, depth, runs.runAt, runs.runPosition, runs.runs, panel);
        for (int tile = 0; tile < tiles; tile++) {
          int a = (block * tiles + tile) * ROWS * DEPTH;
          int to = tile * ROWS * COLS;
          int wanted = s.cout() - tile * ROWS;
          Tile.multiply(wanted, depth, packed, a, panel, 0, c, to, COLS, block > 0);
        }
      }
      write(c, image0, column, count);
    }
  }

  /** The columns of a panel as runs of neighbours, each at most a vector. */
  private void locate(int column, int count, int plane, int room, PatchTable runs) {
    int n = 0;
    for (int j = 0; j < count; ) {
      int image = (column + j) / plane;
      int at = (column + j) % plane;
      runs.runPosition[n] = j;
      runs.runAt[n++] = image % 2 * room + at;
      j += Math.min(LANES, plane - at);
    }
    runs.runs = n;
  }

  /** Vectors write beyond their run what the next run, or the next step, overwrites. */
  private static void copy(
      float[] pixels,
      int[] taps,
      int k0,
      int depth,
      int[] at,
      int[] position,
      int runs,
      float[] panel) {
    for (int p = 0; p < depth; p++) {
      int from = taps[k0 + p];
      int to = p * COLS;
      for (int i = 0; i < runs; i++) {
        load(pixels, from + at[i]).intoArray(panel, to + position[i]);
      }
    }
  }

  private void write(float[] c, int image0, int column, int count) {
    int plane = s.oh() * s.ow();
    for (int j = 0; j < count; ) {
      int image = (column + j) / plane;
      int at = (column + j) % plane;
      int len = Math.min(count - j, plane - at);
      int to = yOff + (image0 + image) * s.cout() * plane + at;
      for (int row = 0; row < s.cout(); row++) {
        float add = bias == null ? 0f : bias[biasOff + row];
        Lanes.copyPlus(len, c, row * COLS + j, add, y, to + row * plane);
      }
      j += len;
    }
  }
}
