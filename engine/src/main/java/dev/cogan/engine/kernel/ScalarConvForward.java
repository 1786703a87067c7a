package dev.cogan.engine.kernel;

import java.util.Arrays;

/**
 * Convolution as a matrix product {@code W [cout, cin*kh*kw] * X [cin*kh*kw, n*oh*ow]}, where X
 * (im2col: row {@code (i,u,v)} holds the input pixel that tap meets at each output pixel) exists
 * one panel at a time.
 */
final class ScalarConvForward implements Parallel.Body, ScalarPanel.Results {
  private final Parallel parallel;
  private final ScalarPanel[] panels;

  private ConvShape shape;
  private float[] y;
  private int yOff;
  private float[] x;
  private int xOff;
  private float[] w;
  private int wOff;
  private float[] bias;
  private int biasOff;
  private int columns;
  private int rowBlocks;

  ScalarConvForward(Parallel parallel, ScalarPanel[] panels) {
    this.parallel = parallel;
    this.panels = panels;
  }

  void run(
      ConvShape shape,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    this.shape = shape;
    this.y = y;
    this.yOff = yOff;
    this.x = x;
    this.xOff = xOff;
    this.w = w;
    this.wOff = wOff;
    this.bias = bias;
    this.biasOff = biasOff;
    columns = shape.n() * shape.oh() * shape.ow();
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
    int terms = shape.cin() * shape.kh() * shape.kw();
    for (int term = 0; term < terms; term += ScalarPanel.DEPTH) {
      int depth = Math.min(ScalarPanel.DEPTH, terms - term);
      panel.declare(depth, 1, width);
      for (int d = 0; d < depth; d++) {
        pack(term + d, column, width, panel.array(d), ScalarPanel.place(d));
      }
      boolean last = term + depth == terms;
      int at = wOff + term;
      panel.multiply(
          firstRow, endRow, column, width, w, at, terms, 1, this, term == 0, last, worker);
    }
  }

  /** Row {@code term} of X, from {@code column}, to {@code to[place...]}. */
  private void pack(int term, int column, int width, float[] to, int place) {
    int v = term % shape.kw();
    int u = term / shape.kw() % shape.kh();
    int i = term / (shape.kw() * shape.kh());
    int stride = shape.stride();
    // Output columns lo to hi - 1 meet the image with this tap, the others its padding.
    int lo = Math.max(0, -Math.floorDiv(v - shape.pad(), stride));
    int hi = Math.floorDiv(shape.w() - 1 + shape.pad() - v, stride) + 1;
    int pixels = shape.oh() * shape.ow();
    int image = column / pixels;
    int p = column % pixels / shape.ow();
    int q = column % shape.ow();
    int end = place + width;
    for (int at = place; at < end; ) {
      int run = Math.min(shape.ow() - q, end - at);
      int r = p * stride - shape.pad() + u;
      int from = Math.max(q, lo);
      int until = Math.min(q + run, hi);
      if (r < 0 || r >= shape.h() || from >= until) {
        Arrays.fill(to, at, at + run, 0);
      } else {
        for (int j = q; j < from; j++) {
          to[at + j - q] = 0;
        }
        int source =
            xOff
                + ((image * shape.cin() + i) * shape.h() + r) * shape.w()
                + from * stride
                - shape.pad()
                + v;
        int target = at + from - q;
        if (stride == 1) {
          System.arraycopy(x, source, to, target, until - from);
        } else {
          for (int j = 0; j < until - from; j++) {
            to[target + j] = x[source + j * stride];
          }
        }
        for (int j = until; j < q + run; j++) {
          to[at + j - q] = 0;
        }
      }
      at += run;
      q = 0;
      p++;
      if (p == shape.oh()) {
        p = 0;
        image++;
      }
    }
  }

  @Override
  public void load(int row, int column, int width, boolean first, float[] acc, int worker) {
    if (first) {
      Arrays.fill(acc, 0, width, bias == null ? 0 : bias[biasOff + row]);
    } else {
      copy(row, column, width, acc, false);
    }
  }

  @Override
  public void store(int row, int column, int width, boolean last, float[] acc, int worker) {
    copy(row, column, width, acc, true);
  }

  /** Columns run through the images, y has the channels between. */
  private void copy(int row, int column, int width, float[] acc, boolean store) {
    int pixels = shape.oh() * shape.ow();
    int image = column / pixels;
    int pixel = column % pixels;
    for (int j = 0; j < width; ) {
      int run = Math.min(pixels - pixel, width - j);
      int at = yOff + (image * shape.cout() + row) * pixels + pixel;
      if (store) {
        System.arraycopy(acc, j, y, at, run);
      } else {
        System.arraycopy(y, at, acc, j, run);
      }
      j += run;
      pixel = 0;
      image++;
    }
  }
}
