package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * The gradient to the input when the large side has few channels (the generator's last layer, the
 * discriminator's first). First the product {@code [cin*kh*kw, cout] * [cout, positions]}, which
 * has enough rows to fill the tile; then each of its rows is added to the image, shifted by its
 * tap. Computed image by image and a few rows of positions at a time, so that the product stays in
 * L2.
 */
final class ConvColumns implements Parallel.Body {
  /** Positions that are computed together. */
  private static final int POSITIONS = 1024;

  private final Workers workers;
  private final ColumnWeights weights;
  private float[] packed;
  private ConvShape s;
  private float[] dx;
  private int dxOff;
  private float[] dy;
  private int dyOff;
  private float[] bias;
  private int biasOff;
  private int tasks;

  ConvColumns(Workers workers) {
    this.workers = workers;
    weights = new ColumnWeights(workers);
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
    this.s = s;
    this.dx = dx;
    this.dxOff = dxOff;
    this.dy = dy;
    this.dyOff = dyOff;
    this.bias = bias;
    this.biasOff = biasOff;
    packed = weights.pack(s, w, wOff);
    tasks = Math.min(s.n(), 32);
    workers.run(tasks, s.multiplyAdds() / Tile.LANES, this);
    this.dx = null;
    this.dy = null;
    this.bias = null;
  }

  /** Some of the images. */
  @Override
  public void run(int task, int worker) {
    int to = Partition.start(task + 1, tasks, s.n());
    int lines = Math.max(1, POSITIONS / s.ow());
    for (int image = Partition.start(task, tasks, s.n()); image < to; image++) {
      for (int c = 0; c < s.cin(); c++) {
        int from = dxOff + (image * s.cin() + c) * s.h() * s.w();
        Arrays.fill(dx, from, from + s.h() * s.w(), bias == null ? 0f : bias[biasOff + c]);
      }
      for (int p = 0; p < s.oh(); p += lines) {
        computeRows(image, p, Math.min(s.oh(), p + lines), workers.scratch(worker));
      }
    }
  }

  /** The share of positions in rows {@code p0 .. p1 - 1} of the small side. */
  private void computeRows(int image, int p0, int p1, Scratch scratch) {
    int m = s.cin() * s.kh() * s.kw();
    int plane = s.oh() * s.ow();
    int n = (p1 - p0) * s.ow();
    int ldc = Tile.padCols(n);
    int blocks = Tile.depthBlocks(s.cout());
    float[] pb = scratch.b(ldc * (s.cout() / blocks + 1));
    float[] c = scratch.c(Tile.padRows(m) * ldc);
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, s.cout());
      int depth = Partition.start(block + 1, blocks, s.cout()) - k0;
      int from = dyOff + (image * s.cout() + k0) * plane + p0 * s.ow();
      for (int col = 0; col < n; col += COLS) {
        int lines = Math.min(COLS, n - col);
        Packing.cols(pb, col * depth, dy, from + col, 1, plane, lines, depth);
      }
      int a = block * Tile.padRows(m) * Tile.DEPTH;
      Panels.multiply(m, ldc, depth, packed, a, pb, 0, c, 0, ldc, block > 0, scratch.edge);
    }
    for (int row = 0; row < m; row++) {
      addRow(image, row, p0, p1, c, row * ldc);
    }
  }

  /** Adds the results of one tap of one channel to the image. */
  private void addRow(int image, int row, int p0, int p1, float[] c, int cOff) {
    int tap = row % (s.kh() * s.kw());
    int dr = tap / s.kw() - s.pad();
    int dq = tap % s.kw() - s.pad();
    int stride = s.stride();
    int plane = dxOff + (image * s.cin() + row / (s.kh() * s.kw())) * s.h() * s.w();
    int q0 = dq >= 0 ? 0 : (-dq + stride - 1) / stride;
    int q1 = Math.min(s.ow(), Math.floorDiv(s.w() - 1 - dq, stride) + 1);
    for (int p = p0; p < p1; p++) {
      int r = p * stride + dr;
      if (r < 0 || r >= s.h() || q0 >= q1) {
        continue;
      }
      int from = cOff + (p - p0) * s.ow() + q0;
      int to = plane + r * s.w() + q0 * stride + dq;
      if (stride == 1) {
        Lanes.add(q1 - q0, c, from, dx, to);
      } else {
        for (int i = 0; i < q1 - q0; i++) {
          dx[to + i * stride] += c[from + i];
        }
      }
    }
  }
}
