package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The matrix of image patches that turns a convolution into a matrix product; only the blocks in
 * use exist. Its columns are the positions of all images of the batch, its rows the taps of all
 * channels:
 *
 * <pre>
 *   B[(c, t), (n, p, q)] = image[n, c, p*step + top + dir*ty, q*step + left + dir*tx]
 *   t = ty * tapCols + tx
 * </pre>
 *
 * and zero outside the image. Along K it is cut into blocks of a few channels with all their taps
 * (or, for very large kernels, one channel with some taps), so that the pixels of a block stay in
 * the caches while one tap after the other reads them. Within a block the rows are ordered tap by
 * tap, each with the block's channels.
 */
final class Patches {
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(F, lane -> 2 * lane % LANES);
  private static final VectorMask<Float> LOWER_HALF = F.indexInRange(0, LANES / 2);

  // The images, [n, channels, h, w].
  float[] image;
  int imageOff;
  int n;
  int channels;
  int h;
  int w;
  // The grid of positions in each image.
  int rows;
  int cols;
  int step;
  int top;
  int left;
  // The taps.
  int tapRows;
  int tapCols;
  int dir;

  /** The patches of a convolution's input, which may have been padded already. */
  void ofInput(ConvShape s, float[] x, int xOff, int padded) {
    image = x;
    imageOff = xOff;
    n = s.n();
    channels = s.cin();
    h = s.h() + 2 * padded;
    w = s.w() + 2 * padded;
    rows = s.oh();
    cols = s.ow();
    step = s.stride();
    top = padded - s.pad();
    left = padded - s.pad();
    tapRows = s.kh();
    tapCols = s.kw();
    dir = 1;
  }

  /** Columns of the matrix. */
  int width() {
    return n * rows * cols;
  }

  /** Taps of one channel. */
  int taps() {
    return tapRows * tapCols;
  }

  /** Blocks along K, at least one. */
  int blocks() {
    return channelBlocks() * tapBlocks();
  }

  private int tapBlocks() {
    return Tile.depthBlocks(taps());
  }

  private int channelBlocks() {
    int tapsPerBlock = Math.max(1, (taps() + tapBlocks() - 1) / tapBlocks());
    int channelsPerBlock = Tile.DEPTH / tapsPerBlock;
    return (channels + channelsPerBlock - 1) / channelsPerBlock;
  }

  /** First tap of a block. */
  int firstTap(int block) {
    return Partition.start(block % tapBlocks(), tapBlocks(), taps());
  }

  /** Tap behind the last one of a block. */
  int endTap(int block) {
    return Partition.start(block % tapBlocks() + 1, tapBlocks(), taps());
  }

  /** First channel of a block. */
  int firstChannel(int block) {
    return Partition.start(block / tapBlocks(), channelBlocks(), channels);
  }

  /** Channel behind the last one of a block. */
  int endChannel(int block) {
    return Partition.start(block / tapBlocks() + 1, channelBlocks(), channels);
  }

  /** Rows of a block. */
  int depth(int block) {
    return (endTap(block) - firstTap(block)) * (endChannel(block) - firstChannel(block));
  }

  /**
   * Packs one panel of B. Vectors may write up to one vector beyond its end.
   *
   * @param j0 first column; columns beyond the matrix become zeros
   */
  void packPanel(float[] dst, int dstOff, int block, int j0, PatchTable table) {
    locate(j0, Math.min(COLS, width() - j0), table);
    int c = firstChannel(block);
    int run = endChannel(block) - c;
    int to = dstOff;
    for (int tap = firstTap(block); tap < endTap(block); tap++) {
      packTap(dst, to, COLS, COLS, tap, c, run, table);
      to += run * COLS;
    }
  }

  /** Fills the table with {@code count} positions from {@code j0} on. */
  void locate(int j0, int count, PatchTable table) {
    int plane = rows * cols;
    int img = j0 / plane;
    int p = j0 % plane / cols;
    int q = j0 % cols;
    int base = imageOff + img * channels * h * w + (p * step + top) * w + left;
    int runs = 0;
    int room = 0;
    int lastAt = 0;
    int minRow = Integer.MAX_VALUE;
    int maxRow = Integer.MIN_VALUE;
    int minCol = Integer.MAX_VALUE;
    int maxCol = Integer.MIN_VALUE;
    for (int j = 0; j < count; j++) {
      int y = p * step + top;
      int x = q * step + left;
      int at = base + q * step;
      table.at[j] = at;
      table.row[j] = y;
      table.col[j] = x;
      lastAt = j == 0 ? at : Math.max(lastAt, at);
      minRow = Math.min(minRow, y);
      maxRow = Math.max(maxRow, y);
      minCol = Math.min(minCol, x);
      maxCol = Math.max(maxCol, x);
      if (room == 0) {
        table.runPosition[runs] = j;
        table.runAt[runs++] = at;
        room = LANES;
      }
      room--;
      if (++q == cols) {
        q = 0;
        room = 0;
        if (++p == rows) {
          p = 0;
          img++;
        }
        base = imageOff + img * channels * h * w + (p * step + top) * w + left;
      }
    }
    table.count = count;
    table.runs = runs;
    table.lastAt = lastAt;
    table.minRow = minRow;
    table.maxRow = maxRow;
    table.minCol = minCol;
    table.maxCol = maxCol;
  }

  /**
   * Writes the rows of one tap for channels {@code c .. c + run - 1} at the table's positions, rows
   * {@code dstStride} apart. Vectors may write up to one vector beyond the end of a row, so rows
   * are written in ascending order.
   *
   * @param width positions per row; those that the table does not have become zeros
   */
  void packTap(
      float[] dst, int dstOff, int dstStride, int width, int tap, int c, int run, PatchTable t) {
    int dy = dir * (tap / tapCols);
    int dx = dir * (tap % tapCols);
    int plane = h * w;
    int shift = dy * w + dx + c * plane;
    // Whether a vector that starts at the last pixel ends within the array.
    boolean roomy = t.lastAt + shift + (run - 1) * plane + step * LANES <= image.length;
    boolean vectors = step <= 2 && cols > 2 && roomy;
    boolean whole =
        t.count == width
            && t.minRow + dy >= 0
            && t.maxRow + dy < h
            && t.minCol + dx >= 0
            && t.maxCol + dx < w;
    if (whole && vectors) {
      copy(dst, dstOff, dstStride, shift, run, t.runPosition, t.runAt, t.runs);
    } else if (whole) {
      gather(dst, dstOff, dstStride, image, shift, plane, run, t.at, width);
    } else {
      clip(dy, dx, width, vectors, t);
      if (vectors) {
        copy(dst, dstOff, dstStride, shift, run, t.insidePosition, t.insideAt, t.inside);
      } else {
        int[] position = t.insidePosition;
        scatter(dst, dstOff, dstStride, image, shift, plane, run, position, t.insideAt, t.inside);
      }
      clear(dst, dstOff, dstStride, run, t.outsidePosition, t.outside);
    }
  }

  private void copy(
      float[] dst,
      int dstOff,
      int dstStride,
      int shift,
      int rows,
      int[] position,
      int[] at,
      int runs) {
    if (step == 1) {
      copyRuns(dst, dstOff, dstStride, image, shift, h * w, rows, position, at, runs);
    } else {
      copyEven(dst, dstOff, dstStride, image, shift, h * w, rows, position, at, runs);
    }
  }

  /** Sorts the positions into those whose pixel under a tap is inside the image, and the others. */
  private void clip(int dy, int dx, int width, boolean runs, PatchTable t) {
    int inside = 0;
    int outside = 0;
    int room = 0;
    int next = Integer.MIN_VALUE;
    for (int j = 0; j < width; j++) {
      int y = t.row[j] + dy;
      int x = t.col[j] + dx;
      if (j < t.count && (y | x | (h - 1 - y) | (w - 1 - x)) >= 0) {
        int at = t.at[j];
        if (!runs || at != next || room == 0) {
          t.insidePosition[inside] = j;
          t.insideAt[inside++] = at;
          room = LANES;
        }
        room--;
        next = at + step;
      } else {
        t.outsidePosition[outside++] = j;
        next = Integer.MIN_VALUE;
      }
    }
    t.inside = inside;
    t.outside = outside;
  }

  /**
   * Copies runs of neighbours as vectors. What a vector writes beyond its run is written again by
   * the next run, by the zeros, or by the next row.
   */
  private static void copyRuns(
      float[] dst,
      int dstOff,
      int dstStride,
      float[] image,
      int shift,
      int plane,
      int rows,
      int[] position,
      int[] at,
      int runs) {
    for (int i = 0; i < rows; i++) {
      int from = shift + i * plane;
      int to = dstOff + i * dstStride;
      for (int j = 0; j < runs; j++) {
        load(image, at[j] + from).intoArray(dst, to + position[j]);
      }
    }
  }

  /** As {@link #copyRuns}, of every other pixel. */
  private static void copyEven(
      float[] dst,
      int dstOff,
      int dstStride,
      float[] image,
      int shift,
      int plane,
      int rows,
      int[] position,
      int[] at,
      int runs) {
    for (int i = 0; i < rows; i++) {
      int from = shift + i * plane;
      int to = dstOff + i * dstStride;
      for (int j = 0; j < runs; j++) {
        FloatVector low = load(image, at[j] + from);
        FloatVector high = load(image, at[j] + from + LANES);
        exact(exact(high.rearrange(EVEN)).blend(low.rearrange(EVEN), LOWER_HALF))
            .intoArray(dst, to + position[j]);
      }
    }
  }

  private static void gather(
      float[] dst,
      int dstOff,
      int dstStride,
      float[] image,
      int shift,
      int plane,
      int rows,
      int[] at,
      int count) {
    for (int i = 0; i < rows; i++) {
      int from = shift + i * plane;
      int to = dstOff + i * dstStride;
      for (int j = 0; j < count; j++) {
        dst[to + j] = image[at[j] + from];
      }
    }
  }

  private static void scatter(
      float[] dst,
      int dstOff,
      int dstStride,
      float[] image,
      int shift,
      int plane,
      int rows,
      int[] position,
      int[] at,
      int count) {
    for (int i = 0; i < rows; i++) {
      int from = shift + i * plane;
      int to = dstOff + i * dstStride;
      for (int j = 0; j < count; j++) {
        dst[to + position[j]] = image[at[j] + from];
      }
    }
  }

  private static void clear(
      float[] dst, int dstOff, int dstStride, int rows, int[] position, int count) {
    if (count == 0) {
      return;
    }
    for (int i = 0; i < rows; i++) {
      int to = dstOff + i * dstStride;
      for (int j = 0; j < count; j++) {
        dst[to + position[j]] = 0f;
      }
    }
  }
}
