package dev.cogan.kernels;

/**
 * One matrix product of a convolution: {@code out[n, m, firstRow + outStep*p, firstCol + outStep*q]
 * = sum over k of A[m, k] * B[k, (n, p, q)]} with B from {@link Patches} and
 *
 * <pre>
 *   A[m, (c, t)] = weights[weightOff + m*rowStride + c*channelStride + ty*tapRowStride + tx*tapColStride]
 * </pre>
 */
final class ConvPart {
  final Patches patches = new Patches();

  int weightOff;
  int rowStride;
  int channelStride;
  int tapRowStride;
  int tapColStride;

  int firstRow;
  int firstCol;
  int outStep;

  // Set by ImplicitGemm.
  int packedOff;
  int blocks;

  /**
   * Packs one tile's rows of A, in all blocks along K.
   *
   * @param tile number of the tile, of {@code tiles} in all
   * @param stage room for {@code ROWS * DEPTH} floats: they are collected in the nearest cache and
   *     leave it as whole cache lines, which hides the latency of the memory behind dst
   */
  void packWeights(float[] dst, float[] weights, int tile, int tiles, int m, float[] stage) {
    int row = tile * Tile.ROWS;
    int lines = Math.min(Tile.ROWS, m - row);
    for (int block = 0; block < blocks; block++) {
      int c = patches.firstChannel(block);
      int channels = patches.endChannel(block) - c;
      int from = weightOff + row * rowStride + c * channelStride;
      int to = 0;
      for (int tap = patches.firstTap(block); tap < patches.endTap(block); tap++) {
        int at = from + tap / patches.tapCols * tapRowStride + tap % patches.tapCols * tapColStride;
        Packing.rows(stage, to, weights, at, rowStride, channelStride, lines, channels);
        to += channels;
      }
      int size = Tile.ROWS * Tile.DEPTH;
      System.arraycopy(stage, 0, dst, packedOff + (block * tiles + tile) * size, size);
    }
  }

  /**
   * Moves a block of results to where the positions lie in the output.
   *
   * @param c the block, rows {@code ldc} apart
   * @param out images {@code [n, m, h, w]}
   * @param bias one per channel m, or null
   */
  void store(
      float[] c,
      int ldc,
      int row0,
      int row1,
      int col0,
      int col1,
      float[] out,
      int outOff,
      int m,
      int h,
      int w,
      float[] bias,
      int biasOff) {
    int plane = patches.rows * patches.cols;
    int col = col0;
    while (col < col1) {
      int image = col / plane;
      int at = col % plane;
      int end = Math.min(plane, at + col1 - col);
      for (int row = row0; row < row1; row++) {
        float b = bias == null ? 0f : bias[biasOff + row];
        int from = (row - row0) * ldc + col - col0;
        int to = outOff + (image * m + row) * h * w;
        if (outStep == 1) {
          Lanes.copyPlus(end - at, c, from, b, out, to + at);
        } else {
          spread(c, from, b, at, end, out, to + firstRow * w + firstCol, w);
        }
      }
      col += end - at;
    }
  }

  /** Positions {@code at .. end - 1} of one image, {@code outStep} pixels apart. */
  private void spread(float[] c, int from, float b, int at, int end, float[] out, int to, int w) {
    int cols = patches.cols;
    int p = at / cols;
    int q = at % cols;
    int src = from;
    int left = end - at;
    while (left > 0) {
      int run = Math.min(cols - q, left);
      int dst = to + p * outStep * w + q * outStep;
      for (int i = 0; i < run; i++) {
        out[dst + i * outStep] = c[src + i] + b;
      }
      src += run;
      left -= run;
      q = 0;
      p++;
    }
  }
}
