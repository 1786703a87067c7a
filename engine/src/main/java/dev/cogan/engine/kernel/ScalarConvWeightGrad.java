package dev.cogan.engine.kernel;

/**
 * The gradient to the weights as a matrix product {@code dY [cout, n*oh*ow] * X^T [n*oh*ow,
 * cin*kh*kw]}. The sum runs over the pixels of one image after the other, so a group of four terms
 * never straddles two images: an image's last group may be partly empty.
 */
final class ScalarConvWeightGrad implements Parallel.Body, ScalarPanel.Results {
  private final Parallel parallel;
  private final ScalarPanel[] panels;

  /** Per worker and column of its panel: channel offset, u and v of the tap. */
  private final int[][] tapOffset;

  private final int[][] tapRow;
  private final int[][] tapColumn;

  private ConvShape shape;
  private float[] dw;
  private int dwOff;
  private float[] x;
  private int xOff;
  private float[] dy;
  private int dyOff;
  private int columns;
  private int rowBlocks;

  ScalarConvWeightGrad(Parallel parallel, ScalarPanel[] panels) {
    this.parallel = parallel;
    this.panels = panels;
    tapOffset = new int[panels.length][ScalarPanel.COLUMNS];
    tapRow = new int[panels.length][ScalarPanel.COLUMNS];
    tapColumn = new int[panels.length][ScalarPanel.COLUMNS];
  }

  void run(ConvShape shape, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    this.shape = shape;
    this.dw = dw;
    this.dwOff = dwOff;
    this.x = x;
    this.xOff = xOff;
    this.dy = dy;
    this.dyOff = dyOff;
    columns = shape.cin() * shape.kh() * shape.kw();
    int columnPanels = ScalarPanel.panels(columns);
    rowBlocks = ScalarGemm.rowBlocks(shape.cout(), columnPanels);
    parallel.run(columnPanels * rowBlocks, this);
  }

  @Override
  public void run(int task, int worker) {
    ScalarPanel panel = panels[worker];
    int column = task / rowBlocks * ScalarPanel.width(columns);
    int width = Math.min(ScalarPanel.width(columns), columns - column);
    int firstRow = ScalarGemm.firstRow(shape.cout(), rowBlocks, task % rowBlocks);
    int endRow = ScalarGemm.firstRow(shape.cout(), rowBlocks, task % rowBlocks + 1);
    for (int j = 0; j < width; j++) {
      int v = (column + j) % shape.kw();
      int u = (column + j) / shape.kw() % shape.kh();
      int i = (column + j) / (shape.kw() * shape.kh());
      tapOffset[worker][j] = (i * shape.h() + u) * shape.w() + v;
      tapRow[worker][j] = u;
      tapColumn[worker][j] = v;
    }

    int pixels = shape.oh() * shape.ow();
    int depth = 0;
    panel.clear();
    for (int image = 0; image < shape.n(); image++) {
      for (int pixel = 0; pixel < pixels; pixel += ScalarPanel.GROUP) {
        int used = Math.min(ScalarPanel.GROUP, pixels - pixel);
        for (int t = 0; t < used; t++) {
          pack(image, pixel + t, width, panel, depth + t, worker);
        }
        panel.addGroup(image * shape.cout() * pixels + pixel, used, width);
        depth += ScalarPanel.GROUP;
        if (depth == ScalarPanel.DEPTH) {
          multiply(panel, firstRow, endRow, column, width, worker);
          panel.clear();
          depth = 0;
        }
      }
    }
    if (depth > 0) {
      multiply(panel, firstRow, endRow, column, width, worker);
    }
  }

  private void multiply(
      ScalarPanel panel, int firstRow, int endRow, int column, int width, int worker) {
    int pixels = shape.oh() * shape.ow();
    panel.multiply(
        firstRow, endRow, column, width, dy, dyOff, pixels, 1, this, false, false, worker);
  }

  /** The input pixels that one output pixel meets, to row {@code depth} of the panel. */
  private void pack(int image, int pixel, int width, ScalarPanel panel, int depth, int worker) {
    float[] to = panel.array(depth);
    int place = ScalarPanel.place(depth);
    int[] offsets = tapOffset[worker];
    int r = pixel / shape.ow() * shape.stride() - shape.pad();
    int s = pixel % shape.ow() * shape.stride() - shape.pad();
    int from = xOff + image * shape.cin() * shape.h() * shape.w() + r * shape.w() + s;
    if (r >= 0 && s >= 0 && r + shape.kh() <= shape.h() && s + shape.kw() <= shape.w()) {
      for (int j = 0; j < width; j++) {
        to[place + j] = x[from + offsets[j]];
      }
      return;
    }
    int[] us = tapRow[worker];
    int[] vs = tapColumn[worker];
    int h = shape.h();
    int w = shape.w();
    for (int j = 0; j < width; j++) {
      int row = r + us[j];
      int column = s + vs[j];
      boolean inside = row >= 0 && row < h && column >= 0 && column < w;
      to[place + j] = inside ? x[from + offsets[j]] : 0;
    }
  }

  @Override
  public void load(int row, int column, int width, boolean first, float[] acc, int worker) {
    System.arraycopy(dw, dwOff + row * columns + column, acc, 0, width);
  }

  @Override
  public void store(int row, int column, int width, boolean last, float[] acc, int worker) {
    System.arraycopy(acc, 0, dw, dwOff + row * columns + column, width);
  }
}
