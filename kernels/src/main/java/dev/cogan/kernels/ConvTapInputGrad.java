package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The gradient to the input for stride 2, image by image. Pixels whose row and column are even or
 * odd alike are one stride-1 convolution of dy with every other tap; the right factor of all four
 * is read from one {@link ShiftedRows} of dy, and never packed.
 */
final class ConvTapInputGrad {
  /** Floats of shifted rows that stay in the second-level cache, beside the weights. */
  private static final long MOST_FLOATS = 192 << 10;

  private static final int HALF = LANES / 2;
  private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(F, lane -> lane / 2);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(F, 0xAAAA_AAAA_AAAA_AAAAL);

  private final Workers workers;
  private final ShiftedRows rows = new ShiftedRows(true);
  private final Parallel.Body packing = this::packTile;
  private final Parallel.Body multiplying = this::multiply;

  private ConvShape s;
  private ConvShape prepared;
  private float[] dx;
  private int dxOff;
  private float[] dy;
  private int dyOff;
  private float[] w;
  private int wOff;
  private float[] bias;
  private int biasOff;

  private int tiles;

  // Of each phase, 2 * row phase + column phase: its taps, and where its weights are packed.
  private final int[] depths = new int[4];
  private final int[] packedAt = new int[4];
  private final int[][] at = new int[4][0];
  private final int[][] weightAt = new int[4][0];
  private float[] packed = new float[0];

  ConvTapInputGrad(Workers workers) {
    this.workers = workers;
  }

  static boolean suits(ConvShape s) {
    return isPossible(s)
        && s.n() >= 8
        && s.cin() >= ROWS
        && s.kw() >= 3
        && s.oh() * s.ow() >= COLS
        && s.weightSize() <= MOST_FLOATS // They are read anew for every image.
        && ShiftedRows.size(small(s), true) <= MOST_FLOATS;
  }

  /** Whether all four phases are as large as the small side, and have taps. */
  static boolean isPossible(ConvShape s) {
    return s.stride() == 2
        && s.h() == 2 * s.oh()
        && s.w() == 2 * s.ow()
        && s.kh() >= 2
        && s.kw() >= 2;
  }

  /** The convolution of dy that has the taps of all phases. */
  private static ConvShape small(ConvShape s) {
    int pad = Math.max(reach(s.kh(), s.pad()), reach(s.kw(), s.pad()));
    int kernel = 2 * pad + 1;
    return ConvShape.of(s.n(), s.cout(), s.oh(), s.ow(), s.cin(), kernel, kernel, 1, pad);
  }

  /** How far positions are from the pixels, halved, whose gradient they have a share in. */
  private static int reach(int kernel, int pad) {
    int reach = 0;
    for (int first = 0; first < 2; first++) {
      int after = (first + pad) / 2;
      reach = Math.max(reach, Math.max(after, taps(kernel, pad, first) - 1 - after));
    }
    return reach;
  }

  /** Taps in one direction that meet pixels {@code first, first + 2, ..}. */
  private static int taps(int kernel, int pad, int first) {
    return (kernel - (first + pad) % 2 + 1) / 2;
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
    this.w = w;
    this.wOff = wOff;
    this.bias = bias;
    this.biasOff = biasOff;
    prepare();
    workers.run(tiles, s.weightSize(), packing);
    workers.run(s.n(), s.multiplyAdds() / LANES, multiplying);
    this.dx = null;
    this.dy = null;
    this.w = null;
    this.bias = null;
  }

  private void prepare() {
    if (s.equals(prepared)) {
      return;
    }
    // Not prepared for anything until the end: there may be no memory for what follows.
    prepared = null;
    ConvShape small = small(s);
    rows.prepare(small);
    tiles = Tile.padRows(s.cin()) / ROWS;
    int size = 0;
    for (int phase = 0; phase < 4; phase++) {
      int tapRows = taps(s.kh(), s.pad(), phase / 2);
      int tapCols = taps(s.kw(), s.pad(), phase % 2);
      depths[phase] = s.cout() * tapRows * tapCols;
      packedAt[phase] = size;
      size += Tile.depthBlocks(depths[phase]) * tiles * ROWS * DEPTH;
      at[phase] = Workers.table(at[phase], depths[phase]);
      weightAt[phase] = Workers.table(weightAt[phase], depths[phase]);
      int k = 0;
      for (int o = 0; o < s.cout(); o++) {
        for (int j = 0; j < tapCols; j++) {
          for (int i = 0; i < tapRows; i++) {
            int u = (phase / 2 + s.pad()) % 2 + 2 * i;
            int v = (phase % 2 + s.pad()) % 2 + 2 * j;
            int row = (phase / 2 + s.pad()) / 2 - i + small.pad();
            int col = (phase % 2 + s.pad()) / 2 - j + small.pad();
            at[phase][k] = rows.at[(o * small.kw() + col) * small.kh() + row];
            weightAt[phase][k++] = o * s.cin() * s.kh() * s.kw() + u * s.kw() + v;
          }
        }
      }
    }
    packed = workers.grow(packed, size);
    prepared = s;
  }

  /** The weights of one tile's rows: {@code [phase][block][tile][ROWS][DEPTH]}. */
  private void packTile(int tile, int worker) {
    int taps = s.kh() * s.kw();
    for (int phase = 0; phase < 4; phase++) {
      int blocks = Tile.depthBlocks(depths[phase]);
      for (int block = 0; block < blocks; block++) {
        int k0 = Partition.start(block, blocks, depths[phase]);
        int depth = Partition.start(block + 1, blocks, depths[phase]) - k0;
        for (int line = 0; line < ROWS; line++) {
          int row = tile * ROWS + line;
          int to = packedAt[phase] + ((block * tiles + tile) * ROWS + line) * DEPTH;
          if (row >= s.cin()) {
            Arrays.fill(packed, to, to + depth, 0f);
            continue;
          }
          int from = wOff + row * taps;
          for (int p = 0; p < depth; p++) {
            packed[to + p] = w[from + weightAt[phase][k0 + p]];
          }
        }
      }
    }
  }

  /** One image. */
  private void multiply(int image, int worker) {
    Scratch scratch = workers.scratch(worker);
    int plane = s.oh() * s.ow();
    float[] pixels = scratch.b(rows.room());
    int size = tiles * ROWS * COLS;
    float[] c = scratch.c(2 * size + LANES);
    rows.fill(pixels, dy, dyOff + image * s.cout() * plane);
    for (int position = 0; position < plane; position += COLS) {
      int count = Math.min(COLS, plane - position);
      for (int rowPhase = 0; rowPhase < 2; rowPhase++) {
        Arrays.fill(c, 0, 2 * size, 0f);
        multiplyPanel(pixels, position, 2 * rowPhase, c, 0);
        multiplyPanel(pixels, position, 2 * rowPhase + 1, c, size);
        for (int i = 0; i < s.cin(); i++) {
          float add = bias == null ? 0f : bias[biasOff + i];
          int to = dxOff + (image * s.cin() + i) * 4 * plane + rowPhase * s.w();
          write(c, i * COLS, size, position, count, add, to);
        }
      }
    }
  }

  private void multiplyPanel(float[] pixels, int position, int phase, float[] c, int cOff) {
    int left = place(position);
    int next = position + LANES;
    int right = next < s.oh() * s.ow() ? place(next) : left;
    int blocks = Tile.depthBlocks(depths[phase]);
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, depths[phase]);
      int depth = Partition.start(block + 1, blocks, depths[phase]) - k0;
      for (int tile = 0; tile < tiles; tile++) {
        int a = packedAt[phase] + (block * tiles + tile) * ROWS * DEPTH;
        int to = cOff + tile * ROWS * COLS;
        int rows = s.cin() - tile * ROWS;
        TapTile.multiplyAdd(
            rows, depth, packed, a, pixels, at[phase], k0, left, right, c, to, COLS);
      }
    }
  }

  /** Where the pixels of a position lie, from those of the first position. */
  private int place(int position) {
    return position / s.ow() * rows.pitch + position % s.ow();
  }

  /** Both column phases of some positions, pixel by pixel in turn. */
  private void write(float[] c, int even, int size, int position, int count, float add, int to) {
    int width = s.ow();
    if (width % HALF == 0 && count % HALF == 0) {
      for (int i = 0; i < count; i += HALF) {
        int at = to + (position + i) / width * 2 * s.w() + (position + i) % width * 2;
        interleave(c, even + i, even + size + i, add, dx, at);
      }
    } else {
      for (int i = 0; i < count; i++) {
        int at = to + (position + i) / width * 2 * s.w() + (position + i) % width * 2;
        dx[at] = c[even + i] + add;
        dx[at + 1] = c[even + size + i] + add;
      }
    }
  }

  /** Half a vector of each. */
  private static void interleave(float[] c, int even, int odd, float add, float[] dst, int to) {
    FloatVector x = exact(load(c, even).rearrange(LOWER));
    FloatVector y = load(c, odd).rearrange(LOWER);
    exact(exact(x.blend(y, ODD)).add(add)).intoArray(dst, to);
  }
}
