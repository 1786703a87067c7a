package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;

/**
 * The convolution's gradient to its weights, computed transposed:
 *
 * <pre>
 *   dw^T[(i, u, v), o] += sum over positions of  patch[(i, u, v), position] * dy[o, position]
 * </pre>
 *
 * so that the many patches keep the order they have in the images, and only dy is rearranged. When
 * the channels of the large side do not make enough tasks, the positions are cut too: every task
 * then sums into memory of its own, and the sums are added in a fixed order.
 */
final class ConvWeightGrad implements Parallel.Body {
  /** Most rows of dw^T that a task computes; their patches (up to 300 KB) stay in L2. */
  private static final int MOST_ROWS = 300;

  private static final int ENOUGH_TASKS = 8;

  /** Positions per block; patches are copied as vectors that may end behind the last position. */
  private static final int POSITIONS = DEPTH - LANES;

  private final Workers workers;
  private final VectorGemm gemm;
  private final PaddedImages padded;
  private final Patches patches = new Patches();
  private final Parallel.Body packing = this::packOutputGradient;
  private final Parallel.Body adding = this::addPartials;

  private final ConvTapGrad byTaps;
  private final ConvPairGrad byPairs;
  private final ConvRowGrad byRows;
  private final ConvPanelGrad byPanels;
  private final ConvFewPositionsWeightGrad fewPositions;
  private final FastWeightGrad fast;
  private final FastPlans plans = new FastPlans(FastPlans.Pass.WEIGHT_GRAD);

  private ConvShape s;
  private float[] dw;
  private int dwOff;
  private float[] dy;
  private int dyOff;
  private int taps;
  private int ldc;
  private int positions;
  private int blocks;
  private int channelTasks;
  private int splits;
  private int packTasks;
  private float[] packed = new float[0];
  private float[] partials = new float[0];

  ConvWeightGrad(
      Workers workers,
      VectorGemm gemm,
      PaddedImages padded,
      ConvFewPositionsWeightGrad fewPositions) {
    this.fewPositions = fewPositions;
    this.workers = workers;
    this.gemm = gemm;
    this.padded = padded;
    fast = new FastWeightGrad(workers);
    byTaps = new ConvTapGrad(workers);
    byPairs = new ConvPairGrad(workers);
    byRows = new ConvRowGrad(workers);
    byPanels = new ConvPanelGrad(workers);
  }

  void run(ConvShape s, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    if (s.n() == 0) {
      return;
    }
    if (ConvShapes.isMatrixProduct(s)) {
      int n = s.cin() * s.kh() * s.kw();
      gemm.gemm(true, false, s.cout(), n, s.n(), dy, dyOff, s.cout(), x, xOff, n, 1f, dw, dwOff, n);
      return;
    }
    if (ConvFewPositionsWeightGrad.suits(s)) {
      fewPositions.run(s, dw, dwOff, x, xOff, dy, dyOff);
      return;
    }
    if (ConvPairGrad.suits(s)) {
      byPairs.run(s, dw, dwOff, x, xOff, dy, dyOff);
      return;
    }
    if (ConvTapGrad.suits(s)) {
      byTaps.run(s, dw, dwOff, x, xOff, dy, dyOff);
      return;
    }
    if (ConvRowGrad.suits(s)) {
      byRows.run(s, dw, dwOff, x, xOff, dy, dyOff);
      return;
    }
    if (ConvPanelGrad.suits(s)) {
      byPanels.run(s, dw, dwOff, x, xOff, dy, dyOff);
      return;
    }
    FastPlan plan = plans.of(s);
    if (plan != null) {
      fast.run(plan, s, dw, dwOff, x, xOff, dy, dyOff);
      return;
    }
    this.s = s;
    this.dw = dw;
    this.dwOff = dwOff;
    this.dy = dy;
    this.dyOff = dyOff;
    if (padded.pays(s)) {
      patches.ofInput(s, padded.copy(s, x, xOff), 0, s.pad());
    } else {
      patches.ofInput(s, x, xOff, 0);
    }
    taps = s.kh() * s.kw();
    ldc = Tile.padCols(s.cout());
    positions = patches.width();
    blocks = (positions + POSITIONS - 1) / POSITIONS;
    int rounds = (s.cin() * taps + ENOUGH_TASKS * MOST_ROWS - 1) / (ENOUGH_TASKS * MOST_ROWS);
    channelTasks = Math.min(s.cin(), ENOUGH_TASKS * rounds);
    splits = Math.min(blocks, (ENOUGH_TASKS + channelTasks - 1) / channelTasks);
    long cost = s.multiplyAdds() / LANES;
    if (channelTasks > 1) {
      packed = workers.grow(packed, positions * ldc);
      packTasks = Math.min(32, blocks);
      workers.run(packTasks, (long) s.cout() * positions, packing);
    }
    if (splits > 1) {
      partials = workers.grow(partials, splits * s.cin() * taps * ldc);
    }
    workers.run(channelTasks * splits, cost, this);
    if (splits > 1) {
      workers.run(s.cin(), (long) s.cin() * taps * s.cout() * splits, adding);
    }
    this.dw = null;
    this.dy = null;
    patches.image = null;
  }

  private void packOutputGradient(int task, int worker) {
    int to = Partition.start(task + 1, packTasks, blocks);
    for (int block = Partition.start(task, packTasks, blocks); block < to; block++) {
      int k0 = Partition.start(block, blocks, positions);
      packBlock(packed, k0 * ldc, k0, Partition.start(block + 1, blocks, positions) - k0);
    }
  }

  /** Packs all panels of {@code B[(n, p, q), o] = dy[n, o, p, q]} for one block of positions. */
  private void packBlock(float[] dst, int dstOff, int k0, int depth) {
    int plane = s.oh() * s.ow();
    for (int col = 0; col < s.cout(); col += COLS) {
      int lines = Math.min(COLS, s.cout() - col);
      int to = dstOff + col * depth;
      int at = k0;
      while (at < k0 + depth) {
        int steps = Math.min(plane - at % plane, k0 + depth - at);
        int from = dyOff + (at / plane * s.cout() + col) * plane + at % plane;
        Packing.cols(dst, to, dy, from, plane, 1, lines, steps);
        to += steps * COLS;
        at += steps;
      }
    }
  }

  /** Some channels of the large side, over some of the positions. */
  @Override
  public void run(int task, int worker) {
    int channel0 = Partition.start(task / splits, channelTasks, s.cin());
    int channel1 = Partition.start(task / splits + 1, channelTasks, s.cin());
    int rows = (channel1 - channel0) * taps;
    int split = task % splits;
    int first = Partition.start(split, splits, blocks);
    int last = Partition.start(split + 1, splits, blocks);

    Scratch scratch = workers.scratch(worker);
    float[] pa = scratch.a(Tile.padRows(rows) * DEPTH + LANES);
    float[] c = splits > 1 ? partials : scratch.c(rows * ldc);
    int cOff = splits > 1 ? (split * s.cin() + channel0) * taps * ldc : 0;
    for (int block = first; block < last; block++) {
      int k0 = Partition.start(block, blocks, positions);
      int depth = Partition.start(block + 1, blocks, positions) - k0;
      float[] pb = packed;
      int pbOff = k0 * ldc;
      if (channelTasks == 1) {
        pb = scratch.b(POSITIONS * ldc);
        pbOff = 0;
        packBlock(pb, 0, k0, depth);
      }
      patches.locate(k0, depth, scratch.patches);
      for (int tap = 0; tap < taps; tap++) {
        int channels = channel1 - channel0;
        patches.packTap(
            pa, tap * DEPTH, taps * DEPTH, depth, tap, channel0, channels, scratch.patches);
      }
      Panels.multiply(
          rows, ldc, depth, pa, 0, pb, pbOff, c, cOff, ldc, block > first, scratch.edge);
    }
    if (splits == 1) {
      addTransposed(channel0 * taps, rows, c, 0);
    }
  }

  /** Adds the partial sums of one channel, in the order of the positions. */
  private void addPartials(int channel, int worker) {
    int row = channel * taps;
    for (int split = 0; split < splits; split++) {
      addTransposed(row, taps, partials, (split * s.cin() * taps + row) * ldc);
    }
  }

  /** {@code dw[o, row0 + i] += c[i, o]}, a cache line of c at a time. */
  private void addTransposed(int row0, int rows, float[] c, int cOff) {
    int n = s.cin() * taps;
    for (int from = 0; from < s.cout(); from += 16) {
      int to = Math.min(s.cout(), from + 16);
      for (int i = 0; i < rows; i++) {
        int at = cOff + i * ldc;
        for (int o = from; o < to; o++) {
          dw[dwOff + o * n + row0 + i] += c[at + o];
        }
      }
    }
  }
}
