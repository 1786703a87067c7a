package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The matrix that a convolution multiplies its weights with, read straight from the images; only
 * the panels in use exist. Its columns are the positions of all images of the batch, its rows the
 * kernel's taps, each with all channels:
 *
 * <pre>
 *   B[(t, c), (n, p, q)] = image[n, c, p*step + top + dir*ty, q*step + left + dir*tx]
 *   t = ty * tapCols + tx
 * </pre>
 *
 * and zero outside the image.
 */
final class PatchColumns {
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

  /** Columns of the matrix. */
  int width() {
    return n * rows * cols;
  }

  /** Rows of the matrix. */
  int depth() {
    return tapRows * tapCols * channels;
  }

  /**
   * Packs one panel.
   *
   * @param k0 first row, {@code depth} rows in all
   * @param j0 first column; columns beyond the matrix become zeros
   * @param table room for {@code 8 * COLS} ints
   */
  void pack(float[] dst, int dstOff, int k0, int depth, int j0, int[] table) {
    int count = Math.min(COLS, width() - j0);
    locate(j0, count, table);
    int k = k0;
    while (k < k0 + depth) {
      int tap = k / channels;
      int c = k % channels;
      int run = Math.min(channels - c, k0 + depth - k);
      packTap(dst, dstOff + (k - k0) * COLS, tap, c, run, count, table);
      k += run;
    }
  }

  /**
   * Fills the table's first three parts: for every column the offset, the row and the column of the
   * pixel under tap 0 in channel 0; the pixel may lie outside the image.
   */
  private void locate(int j0, int count, int[] table) {
    int plane = rows * cols;
    int img = j0 / plane;
    int p = j0 % plane / cols;
    int q = j0 % cols;
    for (int j = 0; j < count; j++) {
      int y = p * step + top;
      int x = q * step + left;
      table[j] = imageOff + img * channels * h * w + y * w + x;
      table[COLS + j] = y;
      table[2 * COLS + j] = x;
      if (++q == cols) {
        q = 0;
        if (++p == rows) {
          p = 0;
          img++;
        }
      }
    }
  }

  /** Rows of one tap, channels {@code c .. c + run - 1}. */
  private void packTap(float[] dst, int d, int tap, int c, int run, int count, int[] table) {
    int dy = dir * (tap / tapCols);
    int dx = dir * (tap % tapCols);
    int shift = dy * w + dx + c * h * w;
    int full = 0;
    int last = 0;
    for (int j = 0; j < count; j++) {
      int y = table[COLS + j] + dy;
      int x = table[2 * COLS + j] + dx;
      if ((y | x | (h - 1 - y) | (w - 1 - x)) >= 0) {
        full++;
        last = Math.max(last, table[j]);
      }
    }
    int plane = h * w;
    boolean roomy = last + shift + (run - 1) * plane + LANES <= image.length;
    if (full == COLS && !(step == 1 && roomy)) {
      gatherAll(dst, d, shift, run, table);
    } else if (full == 0) {
      Arrays.fill(dst, d, d + run * COLS, 0f);
    } else if (step == 1 && roomy && cols > 4) {
      copyRuns(dst, d, dy, dx, shift, run, count, table);
    } else {
      gather(dst, d, dy, dx, shift, run, count, table);
    }
  }

  /** Every column from inside the image, one by one. */
  private void gatherAll(float[] dst, int d, int shift, int run, int[] table) {
    int plane = h * w;
    for (int i = 0; i < run; i++) {
      int from = shift + i * plane;
      int to = d + i * COLS;
      for (int j = 0; j < COLS; j++) {
        dst[to + j] = image[table[j] + from];
      }
    }
  }

  /** Some columns from inside the image, the others zero. */
  private void gather(
      float[] dst, int d, int dy, int dx, int shift, int run, int count, int[] table) {
    int inside = 0;
    int outside = 0;
    for (int j = 0; j < COLS; j++) {
      int y = table[COLS + j] + dy;
      int x = table[2 * COLS + j] + dx;
      if (j < count && (y | x | (h - 1 - y) | (w - 1 - x)) >= 0) {
        table[3 * COLS + inside] = j;
        table[4 * COLS + inside++] = table[j] + shift;
      } else {
        table[5 * COLS + outside++] = j;
      }
    }
    int plane = h * w;
    for (int i = 0; i < run; i++) {
      int from = i * plane;
      int to = d + i * COLS;
      for (int j = 0; j < inside; j++) {
        dst[to + table[3 * COLS + j]] = image[table[4 * COLS + j] + from];
      }
      for (int j = 0; j < outside; j++) {
        dst[to + table[5 * COLS + j]] = 0f;
      }
    }
  }

  /**
   * Columns that are neighbours in the image are copied as vectors. A vector may write beyond its
   * run: what it spoils is written again by the next run, the zeros, or the next row; after the
   * last row the buffer has room to spare.
   */
  private void copyRuns(
      float[] dst, int d, int dy, int dx, int shift, int run, int count, int[] table) {
    int runs = 0;
    int outside = 0;
    int room = 0;
    int next = Integer.MIN_VALUE;
    for (int j = 0; j < COLS; j++) {
      int y = table[COLS + j] + dy;
      int x = table[2 * COLS + j] + dx;
      if (j < count && (y | x | (h - 1 - y) | (w - 1 - x)) >= 0) {
        if (table[j] != next || room == 0) {
          table[3 * COLS + runs] = j;
          table[4 * COLS + runs++] = table[j] + shift;
          room = LANES;
        }
        room--;
        next = table[j] + 1;
      } else {
        table[5 * COLS + outside++] = j;
        next = Integer.MIN_VALUE;
      }
    }
    int plane = h * w;
    for (int i = 0; i < run; i++) {
      int from = i * plane;
      int to = d + i * COLS;
      for (int j = 0; j < runs; j++) {
        FloatVector.fromArray(F, image, table[4 * COLS + j] + from)
            .intoArray(dst, to + table[3 * COLS + j]);
      }
      for (int j = 0; j < outside; j++) {
        dst[to + table[5 * COLS + j]] = 0f;
      }
    }
  }
}
