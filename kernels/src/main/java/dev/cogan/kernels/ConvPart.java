package dev.cogan.kernels;

/**
 * One matrix product of a convolution: {@code out[n, m, firstRow + outStep*p, firstCol + outStep*q]
 * = sum over k of A[m, k] * B[k, (n, p, q)]} with B from {@link PatchColumns} and
 *
 * <pre>
 *   A[m, (t, c)] = weights[weightOff + m*rowStride + c*channelStride + ty*tapRowStride + tx*tapColStride]
 * </pre>
 */
final class ConvPart {
  final PatchColumns patches = new PatchColumns();

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
  int depthBlocks;
  int colTasks;
  int rowTasks;

  /** Packs one panel of A, all blocks of depth; blocks are {@code panels} panels apart. */
  void packWeights(float[] dst, float[] weights, int panel, int panels, int m) {
    int depth = patches.depth();
    int row = panel * Tile.ROWS;
    int lines = Math.min(Tile.ROWS, m - row);
    for (int block = 0; block < depthBlocks; block++) {
      int k = Partition.start(block, depthBlocks, depth);
      int end = Partition.start(block + 1, depthBlocks, depth);
      int to = packedOff + k * panels * Tile.ROWS + row * (end - k);
      while (k < end) {
        int tap = k / patches.channels;
        int c = k % patches.channels;
        int steps = Math.min(patches.channels - c, end - k);
        int from =
            weightOff
                + row * rowStride
                + c * channelStride
                + tap / patches.tapCols * tapRowStride
                + tap % patches.tapCols * tapColStride;
        Packing.rows(dst, to, weights, from, rowStride, channelStride, lines, steps);
        to += steps * Tile.ROWS;
        k += steps;
      }
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
