package dev.cogan.engine.kernel;

import java.util.Arrays;

/**
 * The gradient to the weights as a matrix product {@code dY [cout, n*oh*ow] * X^T [n*oh*ow,
 * cin*kh*kw]}. The sum runs over the pixels of one image after the other, so a group of four terms
 * never straddles two images: an image's last group may be partly empty.
 *
 * <p>Two refinements for small weights. Where {@code cin*kh*kw} is too narrow for vector code, the
 * product is turned round, {@code X * dY^T}. And where there are few tasks the images are split
 * into parts whose sums are added up in order at the end.
 */
final class ScalarConvWeightGrad implements Parallel.Body, ScalarPanel.Results {
  /** Tasks wanted, as far as splitting the images can give them. */
  private static final int TASKS = 8;

  /** Largest weights whose images are split: a part has a copy of them. */
  private static final int PART_SIZE = 65_536;

  /** Fewer columns than these call for the product turned round. */
  private static final int NARROW = 64;

  private final Parallel parallel;
  private final ScalarPanel[] panels;

  /** Per worker and column of X: where the tap is relative to the window's corner, its u and v. */
  private final int[][] tapOffset;

  private final int[][] tapRow;
  private final int[][] tapColumn;

  /** Per worker: X, turned round, one row per tap. */
  private final float[][] factors;

  private float[] sums = new float[0];

  private ConvShape shape;
  private float[] dw;
  private int dwOff;
  private float[] x;
  private int xOff;
  private float[] dy;
  private int dyOff;
  private boolean turned;
  private int taps;
  private int rows;
  private int columns;
  private int rowBlocks;
  private int parts;

  ScalarConvWeightGrad(Parallel parallel, ScalarPanel[] panels) {
    this.parallel = parallel;
    this.panels = panels;
    tapOffset = new int[panels.length][ScalarPanel.COLUMNS];
    tapRow = new int[panels.length][ScalarPanel.COLUMNS];
    tapColumn = new int[panels.length][ScalarPanel.COLUMNS];
    factors = new float[panels.length][NARROW * ScalarPanel.DEPTH];
  }

  long scratchBytes() {
    long perWorker = 3L * ScalarPanel.COLUMNS + NARROW * ScalarPanel.DEPTH;
    return Float.BYTES * (panels.length * perWorker + sums.length);
  }

  void run(ConvShape shape, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    this.shape = shape;
    this.dw = dw;
    this.dwOff = dwOff;
    this.x = x;
    this.xOff = xOff;
    this.dy = dy;
    this.dyOff = dyOff;
    taps = shape.cin() * shape.kh() * shape.kw();
    int size = taps * shape.cout();
    turned = taps < NARROW && shape.cout() > taps && size <= PART_SIZE;
    rows = turned ? taps : shape.cout();
    columns = turned ? shape.cout() : taps;
    int columnPanels = ScalarPanel.panels(columns);
    rowBlocks = ScalarGemm.rowBlocks(rows, columnPanels);
    int tasks = columnPanels * rowBlocks;
    parts = size <= PART_SIZE ? Math.max(1, Math.min(shape.n(), TASKS / tasks)) : 1;
    if (!summed()) {
      parallel.run(tasks, this);
      return;
    }
    if (sums.length < parts * size) {
      sums = new float[parts * size];
    }
    Arrays.fill(sums, 0, parts * size, 0);
    parallel.run(parts * tasks, this);
    addUp(size);
  }

  /** Whether results go to {@link #sums} first. */
  private boolean summed() {
    return turned || parts > 1;
  }

  private void addUp(int size) {
    for (int o = 0; o < shape.cout(); o++) {
      for (int tap = 0; tap < taps; tap++) {
        int from = turned ? tap * columns + o : o * columns + tap;
        double sum = dw[dwOff + o * taps + tap];
        for (int part = 0; part < parts; part++) {
          sum += sums[part * size + from];
        }
        dw[dwOff + o * taps + tap] = (float) sum;
      }
    }
  }

  @Override
  public void run(int task, int worker) {
    int part = task % parts;
    int block = task / parts % rowBlocks;
    ScalarPanel panel = panels[worker];
    int each = ScalarPanel.width(columns);
    int column = task / parts / rowBlocks * each;
    int width = Math.min(each, columns - column);
    // In sums the parts lie one below the other, like more rows.
    int below = part * rows;
    int firstRow = ScalarGemm.firstRow(rows, rowBlocks, block);
    int endRow = ScalarGemm.firstRow(rows, rowBlocks, block + 1);
    tabulate(turned ? 0 : column, turned ? taps : width, worker);

    int pixels = shape.oh() * shape.ow();
    int firstImage = (int) ((long) shape.n() * part / parts);
    int endImage = (int) ((long) shape.n() * (part + 1) / parts);
    int depth = 0;
    panel.clear();
    for (int image = firstImage; image < endImage; image++) {
      for (int pixel = 0; pixel < pixels; pixel += ScalarPanel.GROUP) {
        int used = Math.min(ScalarPanel.GROUP, pixels - pixel);
        for (int t = 0; t < used; t++) {
          float[] to = panel.array(depth + t);
          int place = ScalarPanel.place(depth + t);
          if (turned) {
            packX(image, pixel + t, taps, factors[worker], depth + t, ScalarPanel.DEPTH, worker);
            packY(image, pixel + t, column, width, to, place);
          } else {
            packX(image, pixel + t, width, to, place, 1, worker);
          }
        }
        panel.addGroup(turned ? depth : image * shape.cout() * pixels + pixel, used, width);
        depth += ScalarPanel.GROUP;
        if (depth == ScalarPanel.DEPTH) {
          multiply(panel, below, firstRow, endRow, column, width, worker);
          panel.clear();
          depth = 0;
        }
      }
    }
    if (depth > 0) {
      multiply(panel, below, firstRow, endRow, column, width, worker);
    }
  }

  private void multiply(
      ScalarPanel panel, int below, int firstRow, int endRow, int column, int width, int worker) {
    float[] a = turned ? factors[worker] : dy;
    int rowStep = turned ? ScalarPanel.DEPTH : shape.oh() * shape.ow();
    // Row 0 of A belongs to row `below` of the results.
    int aOff = (turned ? 0 : dyOff) - below * rowStep;
    panel.multiply(
        below + firstRow,
        below + endRow,
        column,
        width,
        a,
        aOff,
        rowStep,
        1,
        this,
        false,
        false,
        worker);
  }

  private void tabulate(int first, int count, int worker) {
    for (int j = 0; j < count; j++) {
      int v = (first + j) % shape.kw();
      int u = (first + j) / shape.kw() % shape.kh();
      int i = (first + j) / (shape.kw() * shape.kh());
      tapOffset[worker][j] = (i * shape.h() + u) * shape.w() + v;
      tapRow[worker][j] = u;
      tapColumn[worker][j] = v;
    }
  }

  /** The input pixels that one output pixel meets, to {@code to[place + j * step]}. */
  private void packX(int image, int pixel, int count, float[] to, int place, int step, int worker) {
    int[] offsets = tapOffset[worker];
    int r = pixel / shape.ow() * shape.stride() - shape.pad();
    int s = pixel % shape.ow() * shape.stride() - shape.pad();
    int from = xOff + image * shape.cin() * shape.h() * shape.w() + r * shape.w() + s;
    if (r >= 0 && s >= 0 && r + shape.kh() <= shape.h() && s + shape.kw() <= shape.w()) {
      for (int j = 0; j < count; j++) {
        to[place + j * step] = x[from + offsets[j]];
      }
      return;
    }
    int[] us = tapRow[worker];
    int[] vs = tapColumn[worker];
    int h = shape.h();
    int w = shape.w();
    for (int j = 0; j < count; j++) {
      int row = r + us[j];
      int column = s + vs[j];
      boolean inside = row >= 0 && row < h && column >= 0 && column < w;
      to[place + j * step] = inside ? x[from + offsets[j]] : 0;
    }
  }

  /** One output pixel of {@code width} channels. */
  private void packY(int image, int pixel, int channel, int width, float[] to, int place) {
    int pixels = shape.oh() * shape.ow();
    int from = dyOff + (image * shape.cout() + channel) * pixels + pixel;
    for (int j = 0; j < width; j++) {
      to[place + j] = dy[from + j * pixels];
    }
  }

  @Override
  public void load(int row, int column, int width, boolean first, float[] acc, int worker) {
    if (summed()) {
      System.arraycopy(sums, row * columns + column, acc, 0, width);
    } else {
      System.arraycopy(dw, dwOff + row * columns + column, acc, 0, width);
    }
  }

  @Override
  public void store(int row, int column, int width, boolean last, float[] acc, int worker) {
    if (summed()) {
      System.arraycopy(acc, 0, sums, row * columns + column, width);
    } else {
      System.arraycopy(acc, 0, dw, dwOff + row * columns + column, width);
    }
  }
}
