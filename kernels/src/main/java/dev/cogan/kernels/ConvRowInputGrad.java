package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The gradient to the input for stride 2, row by row, with the products of a {@link RowPlan}. In a
 * row, pixels at even and at odd columns are two convolutions of the same row of dy with every
 * other tap each.
 */
final class ConvRowInputGrad {
  private static final int ENOUGH_TASKS = 8;

  /** Most floats of sums in a task: they stay in a second-level cache of 1 MB. */
  private static final int MOST_SUMS = 160 << 10;

  /**
   * The same with 16 registers, and where rows have strips: more channels per task, for which
   * nothing is staged again, were worth more at 256 bits. Not measured at 512.
   */
  private static final int MANY_SUMS = 1 << 20;

  private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(F, lane -> lane / 2);
  private static final VectorShuffle<Float> UPPER =
      VectorShuffle.fromOp(F, lane -> LANES / 2 + lane / 2);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(F, 0xAAAA_AAAA_AAAA_AAAAL);

  private final Workers workers;
  private final RowPlans plans = new RowPlans(false);
  private final RowLines rows = new RowLines();
  private final Phase[] phases = {new Phase(), new Phase()};
  private final Parallel.Body packing = this::packTile;
  private final Parallel.Body multiplying = this::multiply;

  private ConvShape s;
  private ConvShape prepared;
  private ConvShape small;
  private RowPlan plan;
  private float[] dx;
  private int dxOff;
  private float[] dy;
  private int dyOff;
  private float[] w;
  private int wOff;
  private float[] bias;
  private int biasOff;

  private int tiles;
  private int perTask;
  private int strips;
  private int parts;
  private boolean overlapping;
  private int right;

  /** Even or odd columns: their taps, of all channels. */
  private static final class Phase {
    final RowWeights weights = new RowWeights();
    int k;
    int[] at = new int[0];
    int[] weightAt = new int[0];
  }

  ConvRowInputGrad(Workers workers) {
    this.workers = workers;
  }

  static boolean isPossible(ConvShape s) {
    return s.stride() == 2
        && s.w() == 2 * s.ow()
        && RowPlan.hasStrips(s)
        && s.kh() >= 2
        && s.kw() >= 2;
  }

  static boolean suits(ConvShape s) {
    return isPossible(s) && RowPlan.pays(s);
  }

  /** The convolution of dy whose row has the taps of both phases. */
  private static ConvShape small(ConvShape s) {
    int pad = 0;
    for (int phase = 0; phase < 2; phase++) {
      int after = (phase + s.pad()) / 2;
      pad = Math.max(pad, Math.max(after, taps(s, phase) - 1 - after));
    }
    int kernel = 2 * pad + 1;
    return ConvShape.of(s.n(), s.cout(), s.oh(), s.ow(), s.cin(), kernel, kernel, 1, pad);
  }

  /** Taps in a row that meet the columns of a phase. */
  private static int taps(ConvShape s, int phase) {
    return (s.kw() - (phase + s.pad()) % 2 + 1) / 2;
  }

  void run(
      ConvShape s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    this.dx = dx;
    this.dxOff = dxOff;
    this.dy = dy;
    this.dyOff = dyOff;
    this.w = w;
    this.wOff = wOff;
    this.bias = bias;
    this.biasOff = biasOff;
    prepare(s);
    int groups = (s.n() + perTask - 1) / perTask;
    long sums = 2L * plan.outs.outputs * tiles * strips * ROWS * COLS;
    int most = Tile.WIDE && strips == 1 ? MOST_SUMS : MANY_SUMS;
    int bounded = (int) ((sums + most - 1) / most);
    parts = Math.min(tiles, Math.max(bounded, (ENOUGH_TASKS + groups - 1) / groups));
    workers.run(tiles, 4L * s.weightSize(), packing);
    workers.run(groups * parts, s.multiplyAdds() / LANES, multiplying);
    this.dx = null;
    this.dy = null;
    this.w = null;
    this.bias = null;
  }

  private void prepare(ConvShape s) {
    if (s.equals(prepared)) {
      return;
    }
    // Not prepared for anything until the end: there may be no memory for what follows.
    prepared = null;
    this.s = s;
    plan = plans.of(s);
    small = small(s);
    tiles = Tile.padRows(s.cin()) / ROWS;
    perTask = Math.max(1, COLS / s.ow());
    strips = RowPlan.strips(s);
    rows.prepare(small, s.cout(), perTask);
    overlapping = s.ow() % LANES == 0;
    right = overlapping && s.ow() == LANES ? rows.width() : LANES;
    for (int phase = 0; phase < 2; phase++) {
      Phase of = phases[phase];
      int taps = taps(s, phase);
      of.k = s.cout() * taps;
      of.weights.prepare(workers, plan.weights.outputs, s.cin(), of.k);
      of.at = Workers.table(of.at, of.k);
      of.weightAt = Workers.table(of.weightAt, of.k);
      for (int p = 0; p < of.k; p++) {
        int o = p / taps;
        int v = (phase + s.pad()) % 2 + p % taps * 2;
        int col = (phase + s.pad()) / 2 - p % taps + small.pad();
        of.at[p] = overlapping ? rows.place(o, col) : (o * small.kw() + col) * COLS;
        of.weightAt[p] = o * s.cin() * s.kh() * s.kw() + v;
      }
    }
    prepared = s;
  }

  private void packTile(int tile, int worker) {
    int row = tile * ROWS;
    int taps = s.kh() * s.kw();
    for (Phase phase : phases) {
      phase.weights.pack(
          plan.weights,
          tile,
          w,
          wOff + row * taps,
          taps,
          s.kw(),
          phase.weightAt,
          phase.k,
          Math.min(ROWS, s.cin() - row),
          workers.scratch(worker));
    }
  }

  /** Some channels of the large side, in as many images as fill a panel. */
  private void multiply(int task, int worker) {
    int image0 = task / parts * perTask;
    int images = Math.min(perTask, s.n() - image0);
    int tile0 = Partition.start(task % parts, parts, tiles);
    int count = Partition.start(task % parts + 1, parts, tiles) - tile0;
    Scratch scratch = workers.scratch(worker);
    float[] staged = scratch.b(rows.stagedSize());
    float[] combined = scratch.d(rows.size() + 2 * COLS);
    float[] copies = scratch.a(overlapping ? 0 : s.cout() * small.kw() * COLS + LANES);
    float[] near = scratch.near(TapTile.packs(count));
    int line = count * strips * ROWS * COLS;
    int sums = plan.outs.outputs * line;
    float[] c = scratch.c(2 * sums + 2 * (strips + 1) * ROWS * COLS);
    Arrays.fill(c, 0, 2 * sums, 0f);
    int plane = s.oh() * s.ow();
    int pixels = dyOff + image0 * s.cout() * plane;
    int done = 0;
    for (int product : plan.order) {
      for (; done <= plan.lastRow(product); done += RowLines.ROWS_STAGED) {
        rows.stage(done, dy, pixels, s.cout() * plane, s.cout(), images, staged);
      }
      float[] panel = rows.combine(plan.in, product, staged, combined);
      int start = rows.start(plan.in, product);
      if (!overlapping) {
        rows.copies(panel, start, s.cout(), images, copies, COLS);
        panel = copies;
        start = 0;
      }
      int weight = plan.line.weightOf[product];
      int to = plan.outOf[product] * line;
      for (int i = 0; i < 2; i++, to += sums) {
        Phase phase = phases[i];
        phase.weights.multiply(
            weight, tile0, count, panel, phase.at, start, right, strips, near, c, to);
      }
    }
    for (int tile = 0; tile < count; tile++) {
      int from = tile * strips * ROWS * COLS;
      write(c, from, line, sums, image0, images, (tile0 + tile) * ROWS);
    }
  }

  /** The rows of one tile's channels: pixels at even and odd columns in turn. */
  private void write(
      float[] c, int from, int line, int sums, int image0, int images, int channel0) {
    int channels = Math.min(ROWS, s.cin() - channel0);
    int plane = s.h() * s.w();
    int size = strips * ROWS * COLS;
    int even = 2 * sums;
    int odd = even + size;
    int len = Math.min(s.ow(), COLS);
    for (int r = 0; r < s.h(); r++) {
      Combine.run(plan.toOut, r, c, from, line, c, even, size);
      Combine.run(plan.toOut, r, c, sums + from, line, c, odd, size);
      for (int i = 0; i < channels; i++) {
        float add = bias == null ? 0f : bias[biasOff + channel0 + i];
        int to = dxOff + (image0 * s.cin() + channel0 + i) * plane + r * s.w();
        for (int image = 0; image < images; image++, to += s.cin() * plane) {
          for (int strip = 0; strip < strips; strip++) {
            int src = (strip * ROWS + i) * COLS + image * len;
            interleave(len, c, even + src, odd + src, add, dx, to + 2 * strip * COLS);
          }
        }
      }
    }
  }

  private static void interleave(
      int len, float[] c, int even, int odd, float add, float[] dst, int to) {
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector x = load(c, even + i);
      FloatVector y = load(c, odd + i);
      exact(exact(exact(x.rearrange(LOWER)).blend(y.rearrange(LOWER), ODD)).add(add))
          .intoArray(dst, to + 2 * i);
      exact(exact(exact(x.rearrange(UPPER)).blend(y.rearrange(UPPER), ODD)).add(add))
          .intoArray(dst, to + 2 * i + LANES);
    }
    for (; i < len; i++) {
      dst[to + 2 * i] = c[even + i] + add;
      dst[to + 2 * i + 1] = c[odd + i] + add;
    }
  }
}
