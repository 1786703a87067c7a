package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.PAIR_ROWS;
import static dev.cogan.kernels.Tile.PAIR_STEPS;

import dev.cogan.engine.kernel.Parallel;

/**
 * {@code C = beta * C + op(A) * op(B)} with many rows: B is packed and shared, some columns at a
 * time, and each task packs some rows of A and computes them over all of K.
 *
 * <p>Two panels of B stay in a near cache ({@link NearCache}) while all rows of the task pass by,
 * so they are short; and sums that are visited again for every such pair are kept packed, tile
 * after tile. In C itself their rows may be pages apart, and each visit would wait for the
 * third-level cache and for the table of pages. With the last steps along K whole tiles go to C, if
 * it is not added to: the processor writes them while it multiplies the next. Others are copied at
 * the end.
 *
 * <p>If B is so narrow that the sums of all its columns are in use at a time, every row of A is
 * read once: a task then has as many rows as its sums allow, however long K is, and packs them
 * block by block.
 */
final class GemmManyRows {
  /** Most rows of a task. */
  private static final int MOST_ROWS = 384;

  /** Floats of a task's rows of A that are wanted at most; one block of them is used at a time. */
  private static final int MOST_LEFT = 264 << 10;

  /** Fewest rows of a task, however long K is. */
  private static final int FEWEST_ROWS = 48;

  /** Most panels whose packed sums are in use at a time. */
  private static final int MOST_PANELS = 6;

  /** K from which on they are twice as many: a task's rows of A are then read half as often. */
  private static final int LONG = 512;

  /** Panels of one block that are packed together: runs of 2 KB of a row of B at 512 bits. */
  private static final int PANEL_GROUP = 16;

  /** Floats of B that are packed at a time. */
  private static final int MOST_RIGHT = 4 << 20;

  /**
   * Whether lines of C are read before tiles are written to them. With blocks of 256 steps a tile
   * takes longer to compute than its lines to come: reading them first took 2 to 3 % more (Zen 4).
   */
  private static final boolean AHEAD = PAIR_STEPS < DEPTH;

  private final Workers workers;
  private final Parallel.Body packingRows = this::packRows;
  private final Parallel.Body packingPanels = this::packPanel;
  private final Parallel.Body multiplying = this::multiplyBlock;
  private boolean transA;
  private boolean transB;
  private int m;
  private int n;
  private int k;
  private float[] a;
  private int aOff;
  private int lda;
  private float[] b;
  private int bOff;
  private int ldb;
  private boolean add;

  /** Whether all panels are in use at a time: a row of A is then read once. */
  private boolean once;

  private float[] c;
  private int cOff;
  private int ldc;
  private int blocks;
  private int rowTasks;
  private int colTasks;
  private float[] packed = new float[0];

  // Panels of the present round.
  private int firstPanel;
  private int panels;

  GemmManyRows(Workers workers) {
    this.workers = workers;
  }

  static boolean suits(int m, int n, int k, float beta) {
    return m >= 192 && n >= 2 * COLS && k >= 128 && (beta == 0 || beta == 1);
  }

  void multiply(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      boolean add,
      float[] c,
      int cOff,
      int ldc) {
    this.transA = transA;
    this.transB = transB;
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.aOff = aOff;
    this.lda = lda;
    this.b = b;
    this.bOff = bOff;
    this.ldb = ldb;
    this.add = add;
    this.c = c;
    this.cOff = cOff;
    this.ldc = ldc;
    blocks = Tile.pairBlocks(k);
    int threads = workers.count();
    int all = Tile.padCols(n) / COLS;
    once = all <= mostPanels();
    int most = once ? MOST_ROWS : Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, MOST_LEFT / k));
    rowTasks = (m + most - 1) / most;
    if (rowTasks > threads) {
      rowTasks = (rowTasks + threads - 1) / threads * threads;
    }
    rowTasks = Math.min(rowTasks, Tile.pairTiles(m));
    int perRound = Math.max(2, MOST_RIGHT / (k * COLS) / 2 * 2);
    for (firstPanel = 0; firstPanel < all; firstPanel += perRound) {
      panels = Math.min(perRound, all - firstPanel);
      packed = workers.grow(packed, Workers.START + panels * COLS * k);
      long cost = (long) panels * COLS * k;
      if (transB) {
        workers.run(panels, cost, packingPanels);
      } else {
        workers.run(blocks * panelGroups(), cost, packingRows);
      }
      colTasks = Math.min((threads + rowTasks - 1) / rowTasks, (panels + 1) / 2);
      workers.run(rowTasks * colTasks, m * cost / LANES, multiplying);
    }
    this.a = null;
    this.b = null;
    this.c = null;
  }

  private int panelGroups() {
    return (panels + PANEL_GROUP - 1) / PANEL_GROUP;
  }

  /**
   * Some panels of one block along K, whose rows B has: {@code packed[block][panel][step][COLS]}.
   */
  private void packRows(int task, int worker) {
    int block = task / panelGroups();
    int panel = task % panelGroups() * PANEL_GROUP;
    int k0 = start(block);
    int depth = start(block + 1) - k0;
    int col = (firstPanel + panel) * COLS;
    int cols = Math.min(Math.min(PANEL_GROUP, panels - panel) * COLS, n - col);
    int to = Workers.START + (k0 * panels + panel * depth) * COLS;
    Packing.panels(packed, to, b, bOff + k0 * ldb + col, ldb, cols, depth);
  }

  /** One panel over all of K, whose columns B has as its rows. */
  private void packPanel(int panel, int worker) {
    int col = (firstPanel + panel) * COLS;
    int cols = Math.min(COLS, n - col);
    for (int block = 0; block < blocks; block++) {
      int k0 = start(block);
      int depth = start(block + 1) - k0;
      int from = bOff + col * ldb + k0;
      int to = Workers.START + (k0 * panels + panel * depth) * COLS;
      Packing.cols(packed, to, b, from, ldb, 1, cols, depth);
    }
  }

  private int start(int block) {
    return Partition.start(block, blocks, k);
  }

  /** Some rows of C, some columns of the round. */
  private void multiplyBlock(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    int tiles = Tile.pairTiles(m);
    int row0 = Partition.start(task / colTasks, rowTasks, tiles) * PAIR_ROWS;
    int height = Partition.start(task / colTasks + 1, rowTasks, tiles) * PAIR_ROWS - row0;
    int rows = Math.min(height, m - row0);
    int pairs = (panels + 1) / 2;
    int panel = Partition.start(task % colTasks, colTasks, pairs) * 2;
    int end = Math.min(panels, Partition.start(task % colTasks + 1, colTasks, pairs) * 2);
    // Sums and rows of A share an array: it is then large enough for START to be of use.
    int most = mostPanels();
    int leftOff = Workers.START + height * Math.min(most, end - panel) * COLS;
    float[] near = scratch.a(leftOff + (once ? 1 : blocks) * height * PAIR_STEPS);
    if (!once) {
      packA(near, leftOff, height, row0, rows);
    }
    while (panel < end) {
      int count = Math.min(most, end - panel);
      int col = (firstPanel + panel) * COLS;
      boolean straight = Tile.WIDE && !add;
      int top = straight ? rows / PAIR_ROWS * PAIR_ROWS : 0;
      int left = straight ? Math.min(count, (n - col) / COLS) / 2 * 2 : 0;
      int to = cOff + row0 * ldc + col;
      for (int block = 0; block < blocks; block++) {
        int from = leftOff + (once ? 0 : block * height * PAIR_STEPS);
        if (once) {
          packBlock(near, from, block, row0, row0 + rows);
        }
        if (block < blocks - 1) {
          addBlock(block, near, from, height, panel, count, 0, 0, 0);
        } else {
          if (AHEAD) {
            near[0] = touch(to, top, left * COLS);
          }
          addBlock(block, near, from, height, panel, count, top, left, to);
        }
      }
      write(near, height, 0, row0, top, rows, col, left);
      write(near, height, left, row0, 0, rows, col + left * COLS, count - left);
      panel += count;
    }
  }

  private int mostPanels() {
    return k >= LONG ? 2 * MOST_PANELS : MOST_PANELS;
  }

  /**
   * Some rows of A, {@code [block][row][PAIR_STEPS]} from leftOff on; where A has them, a few rows
   * over all of K at a time.
   */
  private void packA(float[] near, int leftOff, int height, int row0, int rows) {
    int step = transA ? rows : PAIR_ROWS;
    for (int top = 0; top < rows; top += step) {
      for (int block = 0; block < blocks; block++) {
        int to = leftOff + (block * height + top) * PAIR_STEPS;
        packBlock(near, to, block, row0 + top, row0 + Math.min(rows, top + step));
      }
    }
  }

  /** Some rows of one block along K. */
  private void packBlock(float[] near, int to, int block, int row0, int row1) {
    int k0 = start(block);
    int steps = start(block + 1) - k0;
    if (!transA) {
      for (int row = row0; row < row1; row++) {
        int dst = to + (row - row0) * PAIR_STEPS;
        System.arraycopy(a, aOff + row * lda + k0, near, dst, steps);
      }
      return;
    }
    for (int p = 0; p < steps; p += LANES) {
      int from = aOff + (k0 + p) * lda + row0;
      int count = Math.min(LANES, steps - p);
      LaneTurn.toLanes(a, from, lda, count, row1 - row0, near, to + p, PAIR_STEPS);
    }
  }

  /**
   * Adds one block along K to the sums of all tiles, column of tiles by column of tiles. With the
   * last block, sums of some whole tiles go straight to C.
   *
   * @param from where the block's rows of A begin
   * @param top so many rows of them
   * @param left of so many panels, the first ones
   * @param dst where the first of them goes
   */
  private void addBlock(
      int block,
      float[] near,
      int from,
      int height,
      int panel,
      int count,
      int top,
      int left,
      int dst) {
    int k0 = start(block);
    int depth = start(block + 1) - k0;
    for (int i = 0; i < count; i += 2) {
      int right = Workers.START + (k0 * panels + (panel + i) * depth) * COLS;
      int to = Workers.START + i * height * COLS;
      int whole = i < left ? top : 0;
      for (int row = 0; row < whole; row += PAIR_ROWS) {
        int at = from + row * PAIR_STEPS;
        int sum = to + row * COLS;
        int next = sum + height * COLS;
        int nextRight = right + depth * COLS;
        int d = dst + row * ldc + i * COLS;
        if (block == 0) {
          Tile6x4.multiply(depth, near, at, packed, right, nextRight, c, d, d + COLS, ldc);
        } else {
          Tile6x4.multiplyAdd(
              depth, near, at, packed, right, nextRight, near, sum, next, COLS, c, d, d + COLS,
              ldc);
        }
      }
      for (int row = whole; row < height; row += PAIR_ROWS) {
        int at = from + row * PAIR_STEPS;
        int sum = to + row * COLS;
        if (i + 1 < count) {
          int next = sum + height * COLS;
          int nextRight = right + depth * COLS;
          Tile.pair(depth, near, at, packed, right, nextRight, near, sum, next, COLS, block > 0);
        } else {
          Tile.single(depth, near, at, packed, right, near, sum, COLS, block > 0);
        }
      }
    }
  }

  /** Writes the sums of some panels to C, row by row: rows of C may be pages apart. */
  private void write(
      float[] sums, int height, int panel, int row0, int top, int rows, int col0, int count) {
    int distance = height * COLS;
    int cols = Math.min(count * COLS, n - col0);
    int whole = cols / COLS;
    for (int row = top; count > 0 && row < rows; row++) {
      int to = cOff + (row0 + row) * ldc + col0;
      int at = Workers.START + panel * distance + row * COLS;
      if (add) {
        addRow(sums, at, distance, c, to, whole);
      } else {
        copyRow(sums, at, distance, c, to, whole);
      }
      int s = at + whole * distance;
      for (int j = whole * COLS; j < cols; j++, s++) {
        c[to + j] = add ? c[to + j] + sums[s] : sums[s];
      }
    }
  }

  /**
   * Reads a number of every cache line of some rows of C, along the rows, so that the lines are
   * near when whole tiles are written to them: a tile's rows are pages apart, which no processor
   * foresees.
   *
   * @return the sum of their bits, for the compiler to believe in it
   */
  private int touch(int from, int rows, int cols) {
    int sum = 0;
    for (int row = 0; row < rows; row++) {
      int at = from + row * ldc;
      for (int j = 0; j < cols; j += LANES) {
        sum += Float.floatToRawIntBits(c[at + j]);
      }
    }
    return sum;
  }

  private static void copyRow(float[] sums, int at, int distance, float[] c, int to, int panels) {
    for (int i = 0; i < panels; i++) {
      int s = at + i * distance;
      int d = to + i * COLS;
      load(sums, s).intoArray(c, d);
      load(sums, s + LANES).intoArray(c, d + LANES);
    }
  }

  private static void addRow(float[] sums, int at, int distance, float[] c, int to, int panels) {
    for (int i = 0; i < panels; i++) {
      int s = at + i * distance;
      int d = to + i * COLS;
      exact(load(c, d).add(load(sums, s))).intoArray(c, d);
      exact(load(c, d + LANES).add(load(sums, s + LANES))).intoArray(c, d + LANES);
    }
  }
}
