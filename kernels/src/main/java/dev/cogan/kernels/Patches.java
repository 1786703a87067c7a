package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import jdk.incubator.vector.FloatVector;

/**
 * The matrix of image patches that turns a convolution into a matrix product; only the blocks in
 * use exist. Its columns are the positions of all images of the batch, its rows the kernel's taps,
 * each with all channels:
 *
 * <pre>
 *   B[(t, c), (n, p, q)] = image[n, c, p*step + top + dir*ty, q*step + left + dir*tx]
 *   t = ty * tapCols + tx
 * </pre>
 *
 * and zero outside the image.
 */
final class Patches {
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

  /** Rows of the matrix. */
  int depth() {
    return tapRows * tapCols * channels;
  }

  /**
   * Packs one panel of B. Vectors may write up to one vector beyond its end.
   *
   * @param k0 first row, {@code depth} rows in all
   * @param j0 first column; columns beyond the matrix become zeros
   */
  void packPanel(float[] dst, int dstOff, int k0, int depth, int j0, PatchTable table) {
    locate(j0, Math.min(COLS, width() - j0), table);
    int k = k0;
    while (k < k0 + depth) {
      int c = k % channels;
      int run = Math.min(channels - c, k0 + depth - k);
      packTap(dst, dstOff + (k - k0) * COLS, COLS, COLS, k / channels, c, run, table);
      k += run;
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
    table.lastAt = count == 0 ? 0 : table.at[count - 1];
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
    boolean roomy = t.lastAt + shift + (run - 1) * plane + LANES <= image.length;
    boolean vectors = step == 1 && roomy && cols > 2;
    boolean whole =
        t.count == width
            && t.minRow + dy >= 0
            && t.maxRow + dy < h
            && t.minCol + dx >= 0
            && t.maxCol + dx < w;
    if (whole && vectors) {
      copyRuns(dst, dstOff, dstStride, image, shift, plane, run, t.runPosition, t.runAt, t.runs);
    } else if (whole) {
      gather(dst, dstOff, dstStride, image, shift, plane, run, t.at, width);
    } else {
      clip(dy, dx, width, vectors, t);
      if (vectors) {
        copyRuns(
            dst,
            dstOff,
            dstStride,
            image,
            shift,
            plane,
            run,
            t.insidePosition,
            t.insideAt,
            t.inside);
      } else {
        scatter(
            dst,
            dstOff,
            dstStride,
            image,
            shift,
            plane,
            run,
            t.insidePosition,
            t.insideAt,
            t.inside);
      }
      clear(dst, dstOff, dstStride, run, t.outsidePosition, t.outside);
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
        next = at + 1;
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
        FloatVector.fromArray(F, image, at[j] + from).intoArray(dst, to + position[j]);
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
