package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * What {@link ConvColumns} does, for images with rows shorter than a vector (the discriminator's
 * second convolution). There, adding the product's short rows to the image would cost as much as
 * the product itself. So a vector holds one pixel of as many images as it has lanes: every add is a
 * whole vector, and only packing and writing turn the images round.
 */
final class ConvImageLanes implements Parallel.Body {
  /** Columns that are computed together, about: the product then stays in L2. */
  private static final int COLUMNS = 192;

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

  ConvImageLanes(Workers workers) {
    this.workers = workers;
    weights = new ColumnWeights(workers);
  }

  /** Whether there are images enough for all lanes and rows too short for them. */
  static boolean suits(ConvShape s) {
    return s.ow() < LANES && s.n() >= LANES;
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
    int tasks = (s.n() + LANES - 1) / LANES;
    workers.run(tasks, s.multiplyAdds() / LANES, this);
    this.dx = null;
    this.dy = null;
    this.bias = null;
  }

  /** As many images as there are lanes; in the last task perhaps fewer. */
  @Override
  public void run(int task, int worker) {
    Scratch scratch = workers.scratch(worker);
    int image = task * LANES;
    int images = Math.min(LANES, s.n() - image);
    int pixels = s.cin() * s.h() * s.w();
    float[] sums = scratch.a(pixels * LANES);
    Arrays.fill(sums, 0, pixels * LANES, 0f);
    int lines = Math.max(1, COLUMNS / (s.ow() * LANES));
    for (int p = 0; p < s.oh(); p += lines) {
      computeRows(image, images, p, Math.min(s.oh(), p + lines), sums, scratch);
    }
    for (int i = 0; i < images; i++) {
      write(sums, i, dxOff + (image + i) * pixels);
    }
  }

  /** The share of positions in rows {@code p0 .. p1 - 1} of the small side. */
  private void computeRows(int image, int images, int p0, int p1, float[] sums, Scratch scratch) {
    int m = s.cin() * s.kh() * s.kw();
    int positions = (p1 - p0) * s.ow();
    int ldc = Tile.padCols(positions * LANES);
    int blocks = Tile.depthBlocks(s.cout());
    float[] pb = scratch.b(ldc * (s.cout() / blocks + 1));
    float[] c = scratch.c(Tile.padRows(m) * ldc);
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, s.cout());
      int depth = Partition.start(block + 1, blocks, s.cout()) - k0;
      for (int lane = 0; lane < LANES; lane++) {
        packLane(pb, lane, lane < images ? image + lane : -1, k0, depth, p0, positions);
      }
      int a = block * Tile.padRows(m) * Tile.DEPTH;
      Panels.multiply(m, ldc, depth, packed, a, pb, 0, c, 0, ldc, block > 0, scratch.edge);
    }
    for (int row = 0; row < m; row++) {
      addRow(row, p0, p1, c, row * ldc, sums);
    }
  }

  /** One image into its lane of every vector; zeros if there is none. */
  private void packLane(float[] pb, int lane, int image, int k0, int depth, int p0, int positions) {
    int plane = s.oh() * s.ow();
    for (int k = 0; k < depth; k++) {
      int from = dyOff + (image * s.cout() + k0 + k) * plane + p0 * s.ow();
      for (int i = 0; i < positions; i++) {
        int column = i * LANES;
        int to = (column / COLS * depth + k) * COLS + column % COLS + lane;
        pb[to] = image < 0 ? 0f : dy[from + i];
      }
    }
  }

  /** Adds the results of one tap of one channel to the sums. */
  private void addRow(int row, int p0, int p1, float[] c, int cOff, float[] sums) {
    int tap = row % (s.kh() * s.kw());
    int dr = tap / s.kw() - s.pad();
    int dq = tap % s.kw() - s.pad();
    int stride = s.stride();
    int channel = row / (s.kh() * s.kw());
    int q0 = dq >= 0 ? 0 : (-dq + stride - 1) / stride;
    int q1 = Math.min(s.ow(), Math.floorDiv(s.w() - 1 - dq, stride) + 1);
    for (int p = p0; p < p1; p++) {
      int r = p * stride + dr;
      if (r < 0 || r >= s.h() || q0 >= q1) {
        continue;
      }
      int from = cOff + ((p - p0) * s.ow() + q0) * LANES;
      int to = ((channel * s.h() + r) * s.w() + q0 * stride + dq) * LANES;
      if (stride == 1) {
        Lanes.add((q1 - q0) * LANES, c, from, sums, to);
      } else {
        for (int i = 0; i < q1 - q0; i++) {
          Lanes.add(LANES, c, from + i * LANES, sums, to + i * stride * LANES);
        }
      }
    }
  }

  /** One image out of its lane. */
  private void write(float[] sums, int lane, int to) {
    int plane = s.h() * s.w();
    for (int channel = 0; channel < s.cin(); channel++) {
      float add = bias == null ? 0f : bias[biasOff + channel];
      int first = channel * plane;
      for (int i = 0; i < plane; i++) {
        dx[to + first + i] = sums[(first + i) * LANES + lane] + add;
      }
    }
  }
}
