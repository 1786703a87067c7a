package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.PAIR_ROWS;
import static dev.cogan.kernels.Tile.PAIR_STEPS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * The convolution's gradient to its weights by a {@link FastPlan}: the images of both sides are
 * combined to products, whose sums over all images and all products that take the same weight are
 * that weight's gradient; the weights' gradients are combined to the taps'.
 *
 * <p>The matrix of one weight is {@code [cin, cout]}: the large side lies along K as rows of A,
 * with images in the lanes; the small side in panels of B, with channels in the lanes.
 */
final class FastWeightGrad {
  /** Floats of combined images that are kept at a time. */
  private static final int MOST_FLOATS = 6 << 20;

  /** Floats from a panel of B to the next: not a power of two, for the caches' sake. */
  private static final int PANEL = PAIR_STEPS * COLS + COLS;

  /** Floats of pixels that are combined together. */
  private static final int MOST_THICK = 160 << 10;

  /**
   * Channels of the large side that are combined together: of each product they are written to
   * places near each other, which takes less time than as many writes pages apart.
   */
  private static final int MOST_CHANNELS = 8;

  /** Tasks for the small side: without them one group of images would be one task. */
  private static final int ENOUGH_TASKS = 8;

  /** Tiles of rows, and panels of columns, per task. */
  private static final int TILES = 11;

  private static final int PANELS = 2;

  private final Workers workers;
  private final Parallel.Body combiningLarge = this::combineLarge;
  private final Parallel.Body combiningSmall = this::combineSmall;
  private final Parallel.Body multiplying = this::multiply;

  private ConvShape s;
  private FastPlan plan;
  private PlanePlan strip;
  private float[] dw;
  private int dwOff;
  private float[] x;
  private int xOff;
  private float[] dy;
  private int dyOff;

  private int firstGroup;
  private int roundGroups;
  private boolean first;
  private boolean last;
  private boolean oneRound;
  private int largeTasks;
  private int imagesPerTask;
  private int panelTasks;
  private int rowTasks;
  private int colTasks;
  private int sumSize;
  private float[] large = new float[0];
  private float[] small = new float[0];
  private float[] sums = new float[0];

  FastWeightGrad(Workers workers) {
    this.workers = workers;
  }

  /** Products per strip that keep one group of images within bounds. */
  static long mostProducts(ConvShape s) {
    return Math.max(1, MOST_FLOATS / ((long) (s.cin() + s.cout()) * LANES));
  }

  void run(
      FastPlan plan,
      ConvShape s,
      float[] dw,
      int dwOff,
      float[] x,
      int xOff,
      float[] dy,
      int dyOff) {
    this.plan = plan;
    this.s = s;
    this.dw = dw;
    this.dwOff = dwOff;
    this.x = x;
    this.xOff = xOff;
    this.dy = dy;
    this.dyOff = dyOff;
    int groups = (s.n() + LANES - 1) / LANES;
    int tiles = Tile.pairTiles(s.cin());
    int panels = Tile.padCols(s.cout()) / COLS;
    rowTasks = (tiles + TILES - 1) / TILES;
    colTasks = (panels + PANELS - 1) / PANELS;
    sumSize = plan.weights() * TILES * PANELS * PAIR_ROWS * COLS;
    long perGroup = mostProducts(s);
    first = true;
    for (int i = 0; i < plan.strips.length; i++) {
      strip = plan.strips[i];
      int step = (int) Math.max(1, perGroup / strip.products());
      step = (groups + (groups + step - 1) / step - 1) / ((groups + step - 1) / step);
      oneRound = plan.strips.length == 1 && step >= groups;
      if (!oneRound) {
        sums = workers.grow(sums, Workers.START + rowTasks * colTasks * sumSize);
      }
      for (firstGroup = 0; firstGroup < groups; firstGroup += step) {
        roundGroups = Math.min(step, groups - firstGroup);
        last = i == plan.strips.length - 1 && firstGroup + roundGroups == groups;
        runRound();
        first = false;
      }
    }
    this.dw = null;
    this.x = null;
    this.dy = null;
  }

  private void runRound() {
    int blocks = strip.blocks(roundGroups);
    long products = (long) strip.products() * roundGroups;
    large = workers.grow(large, blocks * padded() * PAIR_STEPS);
    small = workers.grow(small, Workers.START + blocks * (Tile.padCols(s.cout()) / COLS) * PANEL);
    largeTasks = Math.min(64, (s.cin() + MOST_CHANNELS - 1) / MOST_CHANNELS);
    workers.run(largeTasks, 4 * products * s.cin(), combiningLarge);
    Combination cols = strip.cols.small;
    int floats = (1 + s.oh()) * cols.inputs * COLS;
    imagesPerTask = LANES;
    while (imagesPerTask > 1 && imagesPerTask * floats > MOST_THICK) {
      imagesPerTask /= 2;
    }
    int imageTasks = roundGroups * LANES / imagesPerTask;
    int panels = Tile.padCols(s.cout()) / COLS;
    panelTasks = Math.min(panels, (ENOUGH_TASKS + imageTasks - 1) / imageTasks);
    workers.run(imageTasks * panelTasks, 4 * products * s.cout(), combiningSmall);
    workers.run(rowTasks * colTasks, products * s.cin() * s.cout(), multiplying);
  }

  /** Some channels of the large side: several groups side by side along K, if they fit a block. */
  private void combineLarge(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    Combination rows = strip.rows.large;
    Combination cols = strip.cols.large;
    int row0 = rows.firstInput();
    int pixels = (rows.endInput() - row0) * cols.inputs;
    int plane = s.h() * s.w();
    int beside = PAIR_STEPS % (roundGroups * LANES) == 0 ? roundGroups : 1;
    int wide = beside * LANES;
    int most = Math.max(1, Math.min(MOST_CHANNELS, MOST_THICK / (pixels * wide)));
    float[] turned = scratch.b(pixels * most * wide);
    float[] middle = scratch.c(cols.inputs * most * wide);
    int end = Partition.start(task + 1, largeTasks, s.cin());
    for (int group = 0; group < roundGroups; group += beside) {
      strip.inBlocks(roundGroups, group, padded() * PAIR_STEPS, 1, scratch.places);
      int channel = Partition.start(task, largeTasks, s.cin());
      while (channel < end) {
        int count = Math.min(most, end - channel);
        int thick = count * wide;
        for (int i = 0; i < count * beside; i++) {
          int image = (firstGroup + group + i % beside) * LANES;
          int from = xOff + (image * s.cin() + channel + i / beside) * plane + row0 * cols.inputs;
          int images = Math.min(LANES, s.n() - image);
          LaneTurn.toLanes(x, from, s.cin() * plane, images, pixels, turned, i * LANES, thick);
        }
        int dst = channel * PAIR_STEPS;
        Combine.toProducts(
            rows,
            cols,
            row0,
            thick,
            beside,
            turned,
            middle,
            large,
            dst,
            scratch.places,
            PAIR_STEPS);
        channel += count;
      }
    }
  }

  /** Some images and channels of the small side; what the batch does not have are zeros. */
  private void combineSmall(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    Combination rows = strip.rows.small;
    Combination cols = strip.cols.small;
    int row0 = rows.firstInput();
    int pixels = (rows.endInput() - row0) * cols.inputs;
    int plane = s.oh() * s.ow();
    int panels = Tile.padCols(s.cout()) / COLS;
    int image0 = task / panelTasks * imagesPerTask;
    int group = image0 / LANES;
    int first = image0 % LANES;
    int thick = imagesPerTask * COLS;
    float[] turned = scratch.b(pixels * thick);
    float[] middle = scratch.c(cols.inputs * thick);
    strip.inBlocks(roundGroups, group, panels * PANEL, COLS, scratch.places);
    int end = Partition.start(task % panelTasks + 1, panelTasks, panels);
    for (int panel = Partition.start(task % panelTasks, panelTasks, panels); panel < end; panel++) {
      for (int i = 0; i < 2 * imagesPerTask; i++) {
        int image = (firstGroup + group) * LANES + first + i / 2;
        int channel = panel * COLS + i % 2 * LANES;
        int channels = image < s.n() ? Math.min(LANES, s.cout() - channel) : 0;
        int from = dyOff + (image * s.cout() + channel) * plane + row0 * cols.inputs;
        LaneTurn.toLanes(dy, from, plane, channels, pixels, turned, i * LANES, thick);
      }
      int dst = Workers.START + panel * PANEL + first * COLS;
      Combine.toProducts(
          rows, cols, row0, thick, 1, turned, middle, small, dst, scratch.places, LANES);
    }
  }

  /** A block of all weights' matrices. */
  private void multiply(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    int allTiles = Tile.pairTiles(s.cin());
    int allPanels = Tile.padCols(s.cout()) / COLS;
    int tile0 = Partition.start(task / colTasks, rowTasks, allTiles);
    int tiles = Partition.start(task / colTasks + 1, rowTasks, allTiles) - tile0;
    int panel0 = Partition.start(task % colTasks, colTasks, allPanels);
    int panels = Partition.start(task % colTasks + 1, colTasks, allPanels) - panel0;
    float[] c = oneRound ? scratch.c(Workers.START + sumSize) : sums;
    int cOff = Workers.START + (oneRound ? 0 : task * sumSize);
    if (first) {
      Arrays.fill(c, cOff, cOff + sumSize, 0f);
    }
    int block = 0;
    for (int weight = 0; weight < strip.uses.length; weight++) {
      int left = strip.uses[weight] * roundGroups * LANES;
      for (; left > 0; block++, left -= PAIR_STEPS) {
        for (int panel = 0; panel < panels; panel += 2) {
          int to = cOff + (weight * TILES * PANELS + panel) * PAIR_ROWS * COLS;
          int right = Workers.START + (block * allPanels + panel0 + panel) * PANEL;
          int from = (block * allTiles + tile0) * PAIR_ROWS * PAIR_STEPS;
          multiplyPanels(from, tiles, right, panels - panel, Math.min(PAIR_STEPS, left), c, to);
        }
      }
    }
    if (last) {
      for (int tile = 0; tile < tiles; tile++) {
        for (int panel = 0; panel < panels; panel++) {
          addTaps(c, cOff, tile0, tile, panel0, panel, scratch);
        }
      }
    }
  }

  /** All tiles of one or two panels in one block along K. */
  private void multiplyPanels(
      int from, int tiles, int right, int count, int steps, float[] c, int to) {
    for (int tile = 0; tile < tiles; tile++) {
      int a = from + tile * PAIR_ROWS * PAIR_STEPS;
      int at = to + tile * PANELS * PAIR_ROWS * COLS;
      if (count >= 2) {
        int next = at + PAIR_ROWS * COLS;
        Tile.pair(steps, large, a, small, right, right + PANEL, c, at, next, COLS, true);
      } else {
        Tile.single(steps, large, a, small, right, c, at, COLS, true);
      }
    }
  }

  /** Channels of the large side, in whole tiles. */
  private int padded() {
    return Tile.pairTiles(s.cin()) * PAIR_ROWS;
  }

  /** Combines the gradients of one tile's weights to those of its taps, and adds them. */
  private void addTaps(
      float[] c, int cOff, int tile0, int tile, int panel0, int panel, Scratch scratch) {
    int size = PAIR_ROWS * COLS;
    int kh = s.kh();
    int kw = s.kw();
    int across = plan.colWeights.outputs;
    int down = plan.rowWeights.outputs;
    float[] middle = scratch.b((across + kw) * kh * size);
    int from = cOff + (tile * PANELS + panel) * size;
    int distance = TILES * PANELS * size;
    for (int j = 0; j < across; j++) {
      for (int u = 0; u < kh; u++) {
        int to = (u * across + j) * size;
        Combine.run(plan.rowTaps, u, c, from + j * distance, across * distance, middle, to, size);
      }
    }
    int taps = across * kh * size;
    for (int u = 0; u < kh; u++) {
      for (int v = 0; v < kw; v++) {
        int to = taps + (u * kw + v) * size;
        Combine.run(plan.colTaps, v, middle, u * across * size, size, middle, to, size);
      }
    }
    int count = kh * kw;
    int i0 = (tile0 + tile) * PAIR_ROWS;
    int o0 = (panel0 + panel) * COLS;
    int rows = Math.min(PAIR_ROWS, s.cin() - i0);
    for (int o = 0; o < Math.min(COLS, s.cout() - o0); o++) {
      int to = dwOff + ((o0 + o) * s.cin() + i0) * count;
      FastWeights.join(middle, taps + o, rows, count, dw, to);
    }
  }
}
