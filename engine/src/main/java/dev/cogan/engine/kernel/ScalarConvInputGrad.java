package dev.cogan.engine.kernel;

import java.util.Arrays;

/**
 * The gradient to the input (forward of the transposed convolution) as a matrix product {@code W^T
 * [cin*kh*kw, cout] * dY [cout, n*oh*ow]} whose row {@code (i,u,v)} is added to the input pixels
 * that tap meets (col2im). A task owns some channels of some images, so that no two tasks add to
 * one pixel.
 */
final class ScalarConvInputGrad implements Parallel.Body, ScalarPanel.Results {
  /** Rows of a task, so that what waits for the last terms stays near the cache. */
  private static final int ROWS = 600;

  private final Parallel parallel;
  private final ScalarPanel[] panels;

  /** Sums that still wait for terms, one array per worker; stays empty up to 256 channels. */
  private final float[][] waiting;

  private ConvShape shape;
  private float[] dx;
  private int dxOff;
  private float[] dy;
  private int dyOff;
  private float[] w;
  private int wOff;
  private float[] bias;
  private int biasOff;
  private int imagesPerTask;
  private int channelsPerTask;
  private int channelBlocks;

  ScalarConvInputGrad(Parallel parallel, ScalarPanel[] panels) {
    this.parallel = parallel;
    this.panels = panels;
    waiting = new float[panels.length][0];
  }

  /** As if every worker had had the largest task. */
  long scratchBytes() {
    int most = 0;
    for (float[] each : waiting) {
      most = Math.max(most, each.length);
    }
    return (long) Float.BYTES * most * waiting.length;
  }

  void run(
      ConvShape shape,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    this.shape = shape;
    this.dx = dx;
    this.dxOff = dxOff;
    this.dy = dy;
    this.dyOff = dyOff;
    this.w = w;
    this.wOff = wOff;
    this.bias = bias;
    this.biasOff = biasOff;
    int taps = shape.kh() * shape.kw();
    imagesPerTask = Math.max(1, ScalarPanel.COLUMNS / (shape.oh() * shape.ow()));
    int imageBlocks = (shape.n() + imagesPerTask - 1) / imagesPerTask;
    imagesPerTask = imageBlocks == 0 ? 1 : (shape.n() + imageBlocks - 1) / imageBlocks;
    channelsPerTask = Math.max(1, Math.min(shape.cin(), ROWS / taps));
    channelBlocks = (shape.cin() + channelsPerTask - 1) / channelsPerTask;
    parallel.run(imageBlocks * channelBlocks, this);
  }

  @Override
  public void run(int task, int worker) {
    ScalarPanel panel = panels[worker];
    int firstImage = task / channelBlocks * imagesPerTask;
    int endImage = Math.min(shape.n(), firstImage + imagesPerTask);
    int firstChannel = task % channelBlocks * channelsPerTask;
    int endChannel = Math.min(shape.cin(), firstChannel + channelsPerTask);
    int plane = shape.h() * shape.w();
    for (int image = firstImage; image < endImage; image++) {
      for (int i = firstChannel; i < endChannel; i++) {
        int at = dxOff + (image * shape.cin() + i) * plane;
        Arrays.fill(dx, at, at + plane, bias == null ? 0 : bias[biasOff + i]);
      }
    }

    int taps = shape.kh() * shape.kw();
    int pixels = shape.oh() * shape.ow();
    int rows = (endChannel - firstChannel) * taps;
    int columns = (endImage - firstImage) * pixels;
    int each = ScalarPanel.width(columns);
    if (shape.cout() > ScalarPanel.DEPTH && waiting[worker].length < rows * each) {
      waiting[worker] = new float[rows * each];
    }
    for (int column = 0; column < columns; column += each) {
      int width = Math.min(each, columns - column);
      for (int term = 0; term < shape.cout(); term += ScalarPanel.DEPTH) {
        int depth = Math.min(ScalarPanel.DEPTH, shape.cout() - term);
        panel.declare(depth, shape.cin() * taps, width);
        for (int d = 0; d < depth; d++) {
          pack(term + d, firstImage * pixels + column, width, panel, d);
        }
        boolean last = term + depth == shape.cout();
        panel.multiply(
            firstChannel * taps,
            endChannel * taps,
            firstImage * pixels + column,
            width,
            w,
            wOff + term * shape.cin() * taps,
            1,
            shape.cin() * taps,
            this,
            term == 0,
            last,
            worker);
      }
    }
  }

  /** Channel {@code o} of dY through the images, to row {@code d} of the panel. */
  private void pack(int o, int column, int width, ScalarPanel panel, int d) {
    int pixels = shape.oh() * shape.ow();
    int image = column / pixels;
    int pixel = column % pixels;
    for (int j = 0; j < width; ) {
      int run = Math.min(pixels - pixel, width - j);
      int from = dyOff + (image * shape.cout() + o) * pixels + pixel;
      System.arraycopy(dy, from, panel.array(d), ScalarPanel.place(d) + j, run);
      j += run;
      pixel = 0;
      image++;
    }
  }

  private int waitingAt(int row, int width) {
    return row % (channelsPerTask * shape.kh() * shape.kw()) * width;
  }

  @Override
  public void load(int row, int column, int width, boolean first, float[] acc, int worker) {
    if (first) {
      Arrays.fill(acc, 0, width, 0);
    } else {
      System.arraycopy(waiting[worker], waitingAt(row, width), acc, 0, width);
    }
  }

  @Override
  public void store(int row, int column, int width, boolean last, float[] acc, int worker) {
    if (last) {
      scatter(row, column, width, acc);
    } else {
      System.arraycopy(acc, 0, waiting[worker], waitingAt(row, width), width);
    }
  }

  /** Adds row {@code (i,u,v)} of the product to the pixels of dx. */
  private void scatter(int row, int column, int width, float[] acc) {
    int v = row % shape.kw();
    int u = row / shape.kw() % shape.kh();
    int i = row / (shape.kw() * shape.kh());
    int stride = shape.stride();
    // The first position whose pixel is in the row, and the one behind the last. Without a branch
    // for either side: layers differ in it, and each would have the compiler begin anew.
    int lo = Math.max(0, shape.pad() - v + stride - 1) / stride;
    int hi = Math.max(0, shape.w() - 1 + shape.pad() - v + stride) / stride;
    int pixels = shape.oh() * shape.ow();
    int image = column / pixels;
    int p = column % pixels / shape.ow();
    int q = column % shape.ow();
    for (int at = 0; at < width; ) {
      int run = Math.min(shape.ow() - q, width - at);
      int r = p * stride - shape.pad() + u;
      if (r >= 0 && r < shape.h()) {
        int from = Math.max(q, lo);
        int until = Math.min(q + run, hi);
        int target =
            dxOff
                + ((image * shape.cin() + i) * shape.h() + r) * shape.w()
                + from * stride
                - shape.pad()
                + v;
        int source = at + from - q;
        for (int j = 0; j < until - from; j++) {
          dx[target + j * stride] += acc[source + j];
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
}
