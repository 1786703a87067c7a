package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;

import dev.cogan.engine.kernel.ConvShape;

/**
 * The matrix of patches with positions as rows and taps as columns, in the order of the weights:
 *
 * <pre>
 *   B[(n, p, q), (i, u, v)] = x[n, i, p*stride - pad + u, q*stride - pad + v]
 * </pre>
 *
 * and zero outside the image. Only the panels in use exist.
 */
final class PatchRows {
  float[] x;
  int xOff;
  int cin;
  int h;
  int w;
  int oh;
  int ow;
  int kh;
  int kw;
  int stride;
  int pad;

  /** Takes the sizes of a convolution. */
  void set(ConvShape s, float[] x, int xOff, int h, int w, int pad) {
    this.x = x;
    this.xOff = xOff;
    this.cin = s.cin();
    this.h = h;
    this.w = w;
    this.oh = s.oh();
    this.ow = s.ow();
    this.kh = s.kh();
    this.kw = s.kw();
    this.stride = s.stride();
    this.pad = pad;
  }

  /**
   * Packs one panel.
   *
   * @param k0 first row, {@code depth} rows in all
   * @param j0 first column; columns beyond the matrix become zeros
   * @param table room for {@code 8 * COLS} ints
   */
  void pack(float[] dst, int dstOff, int k0, int depth, int j0, int[] table) {
    int count = Math.min(COLS, cin * kh * kw - j0);
    int du = 0;
    int dv = 0;
    for (int j = 0; j < COLS; j++) {
      // A column that does not exist repeats the first here and is cleared below.
      int column = j < count ? j0 + j : j0;
      int u = column / kw % kh;
      int v = column % kw;
      table[j] = column / (kh * kw) * h * w + u * w + v;
      table[COLS + j] = u;
      table[2 * COLS + j] = v;
      du = Math.max(du, u);
      dv = Math.max(dv, v);
    }
    int plane = oh * ow;
    int image = k0 / plane;
    int p = k0 % plane / ow;
    int q = k0 % ow;
    for (int k = 0; k < depth; k++) {
      int y = p * stride - pad;
      int z = q * stride - pad;
      int from = xOff + image * cin * h * w + y * w + z;
      int to = dstOff + k * COLS;
      if (y >= 0 && z >= 0 && y + du < h && z + dv < w) {
        for (int j = 0; j < COLS; j++) {
          dst[to + j] = x[from + table[j]];
        }
      } else {
        for (int j = 0; j < COLS; j++) {
          int r = y + table[COLS + j];
          int s = z + table[2 * COLS + j];
          dst[to + j] = (r | s | (h - 1 - r) | (w - 1 - s)) >= 0 ? x[from + table[j]] : 0f;
        }
      }
      for (int j = count; j < COLS; j++) {
        dst[to + j] = 0f;
      }
      if (++q == ow) {
        q = 0;
        if (++p == oh) {
          p = 0;
          image++;
        }
      }
    }
  }
}
