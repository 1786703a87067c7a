package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * Convolution row by row, with the products of a {@link RowPlan}: each is a matrix product of a
 * weight with the line under every tap of a row, which is a copy of whole vectors. Products that go
 * to the same rows of the result with the same factors are summed in one place. A row that is
 * longer than a panel of columns is multiplied panel by panel: its strips.
 */
final class ConvRowForward {
  private static final int ENOUGH_TASKS = 8;

  /**
   * Most floats of sums in a task, for the memory's sake; no layer of the paper's nets has more.
   */
  private static final int MOST_SUMS = 1 << 20;

  private final Workers workers;
  private final RowPlans plans = new RowPlans(true);
  private final RowLines rows = new RowLines();
  private final RowWeights weights = new RowWeights();
  private final Parallel.Body packing = this::packTile;
  private final Parallel.Body multiplying = this::multiply;

  private ConvShape s;
  private RowPlan plan;
  private float[] y;
  private int yOff;
  private float[] x;
  private int xOff;
  private float[] w;
  private int wOff;
  private float[] bias;
  private int biasOff;

  private int k;
  private int perTask;
  private int strips;
  private int parts;
  private boolean overlapping;
  private int right;
  private int[] weightAt = new int[0];
  private int[] at = new int[0];

  ConvRowForward(Workers workers) {
    this.workers = workers;
  }

  static boolean isPossible(ConvShape s) {
    return RowLines.suits(s) && RowPlan.hasStrips(s);
  }

  static boolean suits(ConvShape s) {
    return isPossible(s) && RowPlan.pays(s);
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
    plan = plans.of(s);
    k = s.cin() * s.kw();
    perTask = Math.max(1, COLS / s.ow());
    strips = RowPlan.strips(s);
    rows.prepare(s, s.cin(), perTask);
    overlapping = s.ow() % LANES == 0;
    right = overlapping && s.ow() == LANES ? rows.width() : LANES;
    at = Workers.table(at, k);
    weightAt = Workers.table(weightAt, k);
    for (int p = 0; p < k; p++) {
      weightAt[p] = p / s.kw() * s.kh() * s.kw() + p % s.kw();
      at[p] = overlapping ? rows.place(p / s.kw(), p % s.kw()) : p * COLS;
    }
    weights.prepare(workers, plan.weights.outputs, s.cout(), k);
    int groups = (s.n() + perTask - 1) / perTask;
    long sums = (long) plan.outs.outputs * weights.tiles * strips * ROWS * COLS;
    int bounded = (int) ((sums + MOST_SUMS - 1) / MOST_SUMS);
    parts = Math.min(weights.tiles, Math.max(bounded, (ENOUGH_TASKS + groups - 1) / groups));
    workers.run(weights.tiles, 4L * s.weightSize(), packing);
    workers.run(groups * parts, s.multiplyAdds() / LANES, multiplying);
    this.y = null;
    this.x = null;
    this.w = null;
    this.bias = null;
  }

  private void packTile(int tile, int worker) {
    int row = tile * ROWS;
    int rowStride = k * s.kh();
    weights.pack(
        plan.weights,
        tile,
        w,
        wOff + row * rowStride,
        rowStride,
        s.kw(),
        weightAt,
        k,
        Math.min(ROWS, s.cout() - row),
        workers.scratch(worker));
  }

  /** Some channels of the result, in as many images as fill a panel. */
  private void multiply(int task, int worker) {
    int image0 = task / parts * perTask;
    int images = Math.min(perTask, s.n() - image0);
    int tile0 = Partition.start(task % parts, parts, weights.tiles);
    int tiles = Partition.start(task % parts + 1, parts, weights.tiles) - tile0;
    Scratch scratch = workers.scratch(worker);
    float[] staged = scratch.b(rows.stagedSize());
    float[] combined = scratch.d(rows.size() + 2 * COLS);
    float[] copies = scratch.a(overlapping ? 0 : k * COLS + LANES);
    float[] near = scratch.near(TapTile.packs(tiles));
    int line = tiles * strips * ROWS * COLS;
    int sums = plan.outs.outputs * line;
    float[] c = scratch.c(sums + (strips + 1) * ROWS * COLS);
    Arrays.fill(c, 0, sums, 0f);
    int plane = s.h() * s.w();
    int pixels = xOff + image0 * s.cin() * plane;
    int done = 0;
    for (int product : plan.order) {
      for (; done <= plan.lastRow(product); done += RowLines.ROWS_STAGED) {
        rows.stage(done, x, pixels, s.cin() * plane, s.cin(), images, staged);
      }
      float[] panel = rows.combine(plan.in, product, staged, combined);
      int start = rows.start(plan.in, product);
      if (!overlapping) {
        rows.copies(panel, start, s.cin(), images, copies, COLS);
        panel = copies;
        start = 0;
      }
      int weight = plan.line.weightOf[product];
      int to = plan.outOf[product] * line;
      weights.multiply(weight, tile0, tiles, panel, at, start, right, strips, near, c, to);
    }
    for (int tile = 0; tile < tiles; tile++) {
      int from = tile * strips * ROWS * COLS;
      write(c, from, line, sums, image0, images, (tile0 + tile) * ROWS);
    }
  }

  /** The rows of one tile's channels. */
  private void write(
      float[] c, int from, int line, int room, int image0, int images, int channel0) {
    int channels = Math.min(ROWS, s.cout() - channel0);
    int plane = s.oh() * s.ow();
    int len = Math.min(s.ow(), COLS);
    for (int p = 0; p < s.oh(); p++) {
      Combine.run(plan.toOut, p, c, from, line, c, room, strips * ROWS * COLS);
      for (int i = 0; i < channels; i++) {
        float add = bias == null ? 0f : bias[biasOff + channel0 + i];
        int to = yOff + (image0 * s.cout() + channel0 + i) * plane + p * s.ow();
        for (int image = 0; image < images; image++, to += s.cout() * plane) {
          for (int strip = 0; strip < strips; strip++) {
            int src = room + (strip * ROWS + i) * COLS + image * len;
            Lanes.copyPlus(len, c, src, add, y, to + strip * COLS);
          }
        }
      }
    }
  }
}
