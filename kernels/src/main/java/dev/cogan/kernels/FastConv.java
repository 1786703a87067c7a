package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.PAIR_ROWS;
import static dev.cogan.kernels.Tile.PAIR_STEPS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;

/**
 * The convolution and its gradient to the input by a {@link FastPlan}: the images are combined to
 * products, one matrix product per weight follows, and its results are combined to images.
 *
 * <p>Images lie in the lanes of vectors, as many at a time as there are lanes (a <em>group</em>);
 * two groups, or two products of one group, are a panel of the matrix products.
 */
final class FastConv {
  /** Floats of combined images that are kept at a time. */
  private static final int MOST_FLOATS = 6 << 20;

  /** The same for two groups in one strip. */
  private static final int MOST_OF_STRIP = 4 << 20;

  /** Floats from one tile of results to the next: not a power of two, for the caches' sake. */
  private static final int TILE = PAIR_ROWS * COLS + COLS;

  /** Tiles of rows per task: each reads all combined images, which lie in a far cache, once. */
  private static final int MOST_TILES = 21;

  /** Floats of packed weights per task. */
  private static final int MOST_WEIGHTS = 1 << 20;

  /** Floats of results per task. */
  private static final int MOST_RESULTS = 4 << 20;

  /**
   * The same where all images are one chunk and channels few, so that results are many for what is
   * combined: they stay in a second-level cache, or nearly so with up to twice as many channels.
   * With still more channels, or chunks, what each task reads anew costs more than that saves.
   */
  private static final int NEAR_RESULTS = 256 << 10;

  /** Channels up to which they are few. */
  private static final int FEW_CHANNELS = 64;

  /** Floats of pixels that are combined together. */
  private static final int MOST_THICK = 160 << 10;

  private final Workers workers;
  private final Parallel.Body combining = this::combine;
  private final Parallel.Body packing = this::packTile;
  private final Parallel.Body multiplying = this::multiply;

  private ConvShape s;
  private FastPlan plan;
  private PlanePlan strip;
  private int outRow0;
  private int outRow1;
  private boolean forward;
  private float[] out;
  private int outOff;
  private float[] in;
  private int inOff;
  private float[] w;
  private int wOff;
  private float[] bias;
  private int biasOff;

  // Channels of the input and the output.
  private int depth;
  private int m;
  private int depthBlocks;
  private int groups;
  // Groups of images of the present round, in chunks of two.
  private int firstGroup;
  private int roundGroups;
  private int chunkSize;
  private int tiles;
  private boolean sharedWeights;
  private int channelsPerUnit;
  private int unitsPerChunk;
  private int combineTasks;
  private int rowTasks;
  private int chunkTasks;
  private float[] combined = new float[0];
  private float[] packed = new float[0];

  FastConv(Workers workers) {
    this.workers = workers;
  }

  /** Products per strip that keep a chunk within bounds. */
  static long mostProducts(int channels) {
    return Math.max(1, MOST_OF_STRIP / ((long) channels * COLS));
  }

  void run(
      FastPlan plan,
      boolean forward,
      ConvShape s,
      float[] out,
      int outOff,
      float[] in,
      int inOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    this.plan = plan;
    this.forward = forward;
    this.s = s;
    this.out = out;
    this.outOff = outOff;
    this.in = in;
    this.inOff = inOff;
    this.w = w;
    this.wOff = wOff;
    this.bias = bias;
    this.biasOff = biasOff;
    depth = forward ? s.cin() : s.cout();
    m = forward ? s.cout() : s.cin();
    depthBlocks = Tile.pairBlocks(depth);
    groups = (s.n() + LANES - 1) / LANES;
    tiles = Tile.pairTiles(m);
    sharedWeights = plan.strips.length > 1 || groups > roundOf(plan.strips[0]);
    if (sharedWeights) {
      packed = workers.grow(packed, tiles * perTile());
      workers.run(tiles, 4L * s.weightSize(), packing);
    }
    for (int i = 0; i < plan.strips.length; i++) {
      strip = plan.strips[i];
      outRow0 = plan.firstRow[i];
      outRow1 = plan.firstRow[i + 1];
      runStrip();
    }
    this.out = null;
    this.in = null;
    this.w = null;
    this.bias = null;
  }

  private void runStrip() {
    chunkSize = chunkSize(strip);
    int step = roundOf(strip);
    int threads = workers.count();
    int results = mostResults();
    int perTask = Math.min(MOST_TILES, results / (strip.panels(2) * TILE));
    perTask =
        Math.min(perTask, Math.min(MOST_WEIGHTS / perTile(), (tiles + threads - 1) / threads));
    rowTasks = rowTasks(tiles, Math.max(1, perTask), threads);
    for (firstGroup = 0; firstGroup < groups; firstGroup += step) {
      roundGroups = Math.min(step, groups - firstGroup);
      int chunks = (roundGroups + 1) / 2;
      combined = workers.grow(combined, Workers.START + chunks * chunkSize);
      Combination cols = inCols();
      int floats = (1 + inRows().inputs) * cols.inputs * COLS;
      channelsPerUnit = Math.max(1, Math.min(8, MOST_THICK / floats));
      unitsPerChunk = (depth + channelsPerUnit - 1) / channelsPerUnit;
      combineTasks = Math.min(64, unitsOfRound());
      long cost = (long) strip.products() * roundGroups * depth;
      workers.run(combineTasks, 4 * cost, combining);
      chunkTasks = Math.min(chunks, (threads + rowTasks - 1) / rowTasks);
      workers.run(rowTasks * chunkTasks, cost * m, multiplying);
    }
  }

  private int mostResults() {
    if (groups > 2 || depth > 2 * FEW_CHANNELS) {
      return MOST_RESULTS;
    }
    return depth > FEW_CHANNELS ? 2 * NEAR_RESULTS : NEAR_RESULTS;
  }

  /**
   * Tasks of at most {@code perTask} tiles each, as many for every thread: of three tasks for two
   * threads the last would leave one of them idle for half of the time.
   */
  static int rowTasks(int tiles, int perTask, int threads) {
    int rounds = (tiles + perTask * threads - 1) / (perTask * threads);
    return Math.min(tiles, rounds * threads);
  }

  /** Floats of a chunk of two groups; panels are as far apart as {@link #panel} says. */
  private int chunkSize(PlanePlan strip) {
    return strip.panels(2) * COLS * (depth + depthBlocks);
  }

  /** Groups of a round. */
  private int roundOf(PlanePlan strip) {
    return Math.max(1, MOST_FLOATS / chunkSize(strip)) * 2;
  }

  /** Floats from one panel to the next: not a power of two, for the caches' sake. */
  private static int panel(int steps) {
    return (steps + 1) * COLS;
  }

  private Combination inRows() {
    return forward ? strip.rows.large : strip.rows.small;
  }

  private Combination inCols() {
    return forward ? strip.cols.large : strip.cols.small;
  }

  /** Groups in the chunk: two, but for the last chunk perhaps. */
  private int groupsOf(int chunk) {
    return Math.min(2, roundGroups - 2 * chunk);
  }

  /**
   * Floats from one vector of a product to the next: one group of images takes half a panel, so
   * that its channels lie apart.
   */
  private static int step(int groupsHere) {
    return groupsHere == 2 ? LANES : COLS;
  }

  /** Some channels of some chunks of images, combined to products. */
  private void combine(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    Combination rows = inRows();
    Combination cols = inCols();
    int width = cols.inputs;
    int plane = (forward ? s.h() : s.oh()) * width;
    int row0 = rows.firstInput();
    int pixels = (rows.endInput() - row0) * width;
    int panels = 0;
    int placed = -1;
    int placedGroup = -1;
    int units = unitsOfRound();
    int to = Partition.start(task + 1, combineTasks, units);
    // Each is some channels of a chunk.
    for (int unit = Partition.start(task, combineTasks, units); unit < to; unit++) {
      int chunk = unit / unitsPerChunk;
      int groupsHere = groupsOf(chunk);
      int rest = unit - chunk * unitsPerChunk;
      int channel = rest * channelsPerUnit;
      int end = Math.min(depth, channel + channelsPerUnit);
      while (channel < end) {
        int block = blockOf(channel);
        int k0 = Partition.start(block, depthBlocks, depth);
        int k1 = Partition.start(block + 1, depthBlocks, depth);
        int count = Math.min(k1, end) - channel;
        if (2 * chunk != placedGroup || k1 - k0 != placed) {
          panels = strip.panels(groupsHere);
          strip.inPanels(groupsHere, 0, panel(k1 - k0), scratch.places);
          placedGroup = 2 * chunk;
          placed = k1 - k0;
        }
        int thick = count * groupsHere * LANES;
        float[] turned = scratch.b(pixels * thick);
        float[] middle = scratch.c(width * thick);
        for (int i = 0; i < count * groupsHere; i++) {
          int image = (firstGroup + 2 * chunk + i % groupsHere) * LANES;
          int c = channel + i / groupsHere;
          int from = inOff + (image * depth + c) * plane + row0 * width;
          int images = Math.min(LANES, s.n() - image);
          LaneTurn.toLanes(in, from, depth * plane, images, pixels, turned, i * LANES, thick);
        }
        int dst =
            Workers.START
                + chunk * chunkSize
                + (k0 + block) * panels * COLS
                + (channel - k0) * COLS;
        Combine.toProducts(
            rows,
            cols,
            row0,
            thick,
            1,
            turned,
            middle,
            combined,
            dst,
            scratch.places,
            step(groupsHere));
        channel += count;
      }
    }
  }

  private int unitsOfRound() {
    return (roundGroups + 1) / 2 * unitsPerChunk;
  }

  private int blockOf(int channel) {
    int block = channel * depthBlocks / depth;
    return Partition.start(block + 1, depthBlocks, depth) <= channel ? block + 1 : block;
  }

  /** Some rows of the output's channels, for some of the chunks. */
  private void multiply(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    int tile0 = Partition.start(task / chunkTasks, rowTasks, tiles);
    int count = Partition.start(task / chunkTasks + 1, rowTasks, tiles) - tile0;
    float[] a = sharedWeights ? packed : scratch.a(count * perTile());
    for (int tile = 0; tile < count && !sharedWeights; tile++) {
      packWeights(tile0 + tile, tile, count, a, scratch);
    }
    int stored = sharedWeights ? tiles : count;
    int first = sharedWeights ? tile0 : 0;
    int chunks = (roundGroups + 1) / 2;
    int end = Partition.start(task % chunkTasks + 1, chunkTasks, chunks);
    for (int chunk = Partition.start(task % chunkTasks, chunkTasks, chunks); chunk < end; chunk++) {
      int inChunk = groupsOf(chunk);
      float[] c = scratch.c(Workers.START + count * strip.panels(inChunk) * TILE);
      multiplyChunk(a, first, stored, count, chunk, c);
      writeChunk(c, tile0, count, chunk, scratch);
    }
  }

  private void packTile(int tile, int worker) {
    packWeights(tile, tile, tiles, packed, workers.scratch(worker));
  }

  /** Floats of one tile's weights. */
  private int perTile() {
    return plan.weights() * depthBlocks * PAIR_ROWS * PAIR_STEPS;
  }

  /**
   * One tile's rows, tile {@code at} of {@code a[weight][block][stored][PAIR_ROWS][PAIR_STEPS]}.
   */
  private void packWeights(int tile, int at, int stored, float[] a, Scratch scratch) {
    int taps = s.kh() * s.kw();
    int rowStride = forward ? s.cin() * taps : taps;
    int stepStride = forward ? taps : s.cin() * taps;
    float[] room = scratch.b(FastWeights.room(plan));
    int row = tile * PAIR_ROWS;
    for (int block = 0; block < depthBlocks; block++) {
      int k0 = Partition.start(block, depthBlocks, depth);
      FastWeights.pack(
          plan,
          w,
          wOff + row * rowStride + k0 * stepStride,
          rowStride,
          stepStride,
          Math.min(PAIR_ROWS, m - row),
          Partition.start(block + 1, depthBlocks, depth) - k0,
          a,
          (block * stored + at) * PAIR_ROWS * PAIR_STEPS,
          depthBlocks * stored * PAIR_ROWS * PAIR_STEPS,
          room);
    }
  }

  /**
   * One matrix product for each weight: {@code c[tile][panel][PAIR_ROWS][COLS]}.
   *
   * @param a weights of {@code stored} tiles, of which {@code count} from {@code first} on are used
   */
  private void multiplyChunk(float[] a, int first, int stored, int count, int chunk, float[] c) {
    int inChunk = groupsOf(chunk);
    int panel = 0;
    for (int weight = 0; weight < strip.uses.length; weight++) {
      int end = panel + strip.panels(weight, inChunk);
      for (; panel < end; panel += 2) {
        for (int block = 0; block < depthBlocks; block++) {
          int from = ((weight * depthBlocks + block) * stored + first) * PAIR_ROWS * PAIR_STEPS;
          multiplyPanels(a, from, count, chunk, panel, end - panel, block, c);
        }
      }
      panel = end;
    }
  }

  /** All tiles of two panels, or of the last one, in one block along K. */
  private void multiplyPanels(
      float[] a, int aOff, int count, int chunk, int panel, int left, int block, float[] c) {
    int panels = strip.panels(groupsOf(chunk));
    int k0 = Partition.start(block, depthBlocks, depth);
    int steps = Partition.start(block + 1, depthBlocks, depth) - k0;
    int b = Workers.START + chunk * chunkSize + (k0 + block) * panels * COLS + panel * panel(steps);
    for (int tile = 0; tile < count; tile++) {
      int from = aOff + tile * PAIR_ROWS * PAIR_STEPS;
      int to = Workers.START + (tile * panels + panel) * TILE;
      if (left >= 2) {
        int next = b + panel(steps);
        Tile.pair(steps, a, from, combined, b, next, c, to, to + TILE, COLS, block > 0);
      } else {
        Tile.single(steps, a, from, combined, b, c, to, COLS, block > 0);
      }
    }
  }

  /** Combines the results of a chunk to pixels. */
  private void writeChunk(float[] c, int tile0, int tiles, int chunk, Scratch scratch) {
    int inChunk = groupsOf(chunk);
    int panels = strip.panels(inChunk);
    strip.inPanels(inChunk, 0, TILE, scratch.places);
    for (int tile = 0; tile < tiles; tile++) {
      int row = (tile0 + tile) * PAIR_ROWS;
      int rows = Math.min(PAIR_ROWS, m - row);
      int at = Workers.START + tile * panels * TILE;
      writeRows(c, at, row, rows, chunk, inChunk, scratch);
    }
  }

  private void writeRows(
      float[] c, int from, int row, int count, int chunk, int inChunk, Scratch scratch) {
    Combination rows = forward ? strip.rows.toSmall : strip.rows.toLarge;
    Combination cols = forward ? strip.cols.toSmall : strip.cols.toLarge;
    int thick = count * inChunk * LANES;
    int pixels = (outRow1 - outRow0) * cols.outputs;
    int first = rows.inputs * cols.outputs * thick;
    float[] planes = scratch.b(first + pixels * thick);
    Combine.toPixels(
        rows, cols, outRow0, outRow1, thick, c, from, scratch.places, step(inChunk), planes);
    int plane = rows.outputs * cols.outputs;
    for (int i = 0; i < count * inChunk; i++) {
      int image = (firstGroup + 2 * chunk + i % inChunk) * LANES;
      int images = Math.min(LANES, s.n() - image);
      int channel = row + i / inChunk;
      int to = outOff + (image * m + channel) * plane + outRow0 * cols.outputs;
      float add = bias == null ? 0f : bias[biasOff + channel];
      LaneTurn.toPlanes(planes, first + i * LANES, thick, out, to, m * plane, images, pixels, add);
    }
  }
}
