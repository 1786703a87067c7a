package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import java.util.Arrays;

/**
 * One image of a convolution's input, rearranged so that the pixels under a tap at neighbouring
 * positions are neighbours, whatever the stride; zero outside the image. Two forms:
 *
 * <ul>
 *   <li>In phases: {@code [c, phase of the row, phase of the column, i, j]} is the pixel {@code
 *       (i*stride + row phase - pad, j*stride + column phase - pad)}. That is as large as the
 *       image, but where a row of positions ends, pixels are skipped.
 *   <li>Shifted: {@code [c, phase of the row, v, p, q]}, a copy for every column v of the kernel,
 *       so that all positions are neighbours: no vector is wasted on rows that are shorter, or no
 *       multiple of one. That is {@code kw / stride} times the image; the matrix of patches would
 *       be {@code kh} times that.
 * </ul>
 */
final class ShiftedRows {
  /** Where the taps lie: the pixel under each at the first position. */
  int[] at = new int[0];

  /** Where their weights lie within those of one output channel. */
  int[] weightAt = new int[0];

  /** Number of taps of all channels. */
  int taps;

  /** Floats from one row of positions to the next. */
  int pitch;

  private final boolean mayBePhases;
  private ConvShape s;
  private ConvShape prepared;
  private boolean inPhases;
  private int rowPhases;
  private int colPhases;
  private int lines;
  private int planes;

  /**
   * @param mayBePhases whether rows of positions may lie apart, if they are whole vectors
   */
  ShiftedRows(boolean mayBePhases) {
    this.mayBePhases = mayBePhases;
  }

  /** Sets the tables for these sizes. */
  void prepare(ConvShape s) {
    if (s.equals(prepared)) {
      return;
    }
    // Not prepared for anything until the end: there may be no memory for what follows.
    prepared = null;
    this.s = s;
    int stride = s.stride();
    inPhases = mayBePhases && s.ow() % LANES == 0;
    rowPhases = Math.min(stride, s.kh());
    colPhases = Math.min(stride, s.kw());
    lines = s.oh() + (s.kh() - 1) / stride;
    pitch = inPhases ? phasePitch() : s.ow();
    planes = inPhases ? colPhases : s.kw();
    taps = s.cin() * s.kh() * s.kw();
    at = Workers.table(at, taps);
    weightAt = Workers.table(weightAt, taps);
    int k = 0;
    for (int c = 0; c < s.cin(); c++) {
      for (int v = 0; v < s.kw(); v++) {
        for (int u = 0; u < s.kh(); u++) {
          int plane = (c * rowPhases + u % stride) * planes + (inPhases ? v % stride : v);
          at[k] = (plane * lines + u / stride) * pitch + (inPhases ? v / stride : 0);
          weightAt[k++] = (c * s.kh() + u) * s.kw() + v;
        }
      }
    }
    prepared = s;
  }

  private int phasePitch() {
    return s.ow() + (s.kw() - 1) / s.stride();
  }

  /** Floats that one image takes. */
  static long size(ConvShape s, boolean mayBePhases) {
    int stride = s.stride();
    long lines = s.cin() * (long) Math.min(stride, s.kh()) * (s.oh() + (s.kh() - 1) / stride);
    if (mayBePhases && s.ow() % LANES == 0) {
      return lines * Math.min(stride, s.kw()) * (s.ow() + (s.kw() - 1) / stride);
    }
    return lines * s.kw() * s.ow();
  }

  private int size() {
    return s.cin() * rowPhases * planes * lines * pitch;
  }

  /**
   * Room for one image and what {@link #fill} needs besides. Behind the image come zeros, so that
   * the last positions of a tap may be read as whole panels.
   */
  int room() {
    return size() + Tile.COLS + colPhases * lines * phasePitch() + LANES;
  }

  /**
   * Packs the weights of one tile's rows in the order of the taps: {@code
   * [block][tile][ROWS][DEPTH]}, rows beyond the last output channel as zeros.
   *
   * @param blocks parts into which the taps are cut
   */
  void packWeights(float[] packed, int tile, int tiles, int blocks, float[] w, int wOff) {
    for (int block = 0; block < blocks; block++) {
      int k0 = Partition.start(block, blocks, taps);
      int depth = Partition.start(block + 1, blocks, taps) - k0;
      for (int line = 0; line < Tile.ROWS; line++) {
        int row = tile * Tile.ROWS + line;
        int to = ((block * tiles + tile) * Tile.ROWS + line) * Tile.DEPTH;
        if (row >= s.cout()) {
          Arrays.fill(packed, to, to + depth, 0f);
          continue;
        }
        int from = wOff + row * taps;
        for (int p = 0; p < depth; p++) {
          packed[to + p] = w[from + weightAt[k0 + p]];
        }
      }
    }
  }

  /** Rearranges one image. */
  void fill(float[] dst, float[] x, int image) {
    fill(dst, 0, x, image);
  }

  /** Rearranges one image; places are counted from {@code dstOff} on. */
  void fill(float[] dst, int dstOff, float[] x, int image) {
    int stride = s.stride();
    int end = dstOff + size();
    int besides = end + Tile.COLS;
    int plane = lines * pitch;
    int to = dstOff;
    for (int c = 0; c < s.cin(); c++) {
      int channel = image + c * s.h() * s.w();
      for (int phase = 0; phase < rowPhases; phase++) {
        if (inPhases) {
          fillPhases(dst, to, x, channel, phase);
          to += planes * plane;
        } else if (stride == 2) {
          fillPhases(dst, besides, x, channel, phase);
          for (int v = 0; v < s.kw(); v++, to += plane) {
            int from = besides + v % stride * lines * phasePitch() + v / stride;
            copyLines(dst, to, from, phasePitch(), pitch, lines);
          }
        } else {
          for (int v = 0; v < s.kw(); v++, to += plane) {
            PixelRuns.copyPhase(s, dst, to, x, channel, phase, v, 0, lines, pitch);
          }
        }
      }
    }
    Arrays.fill(dst, end, besides, 0f);
  }

  private void fillPhases(float[] dst, int to, float[] x, int channel, int phase) {
    int width = phasePitch();
    for (int v = 0; v < colPhases; v++) {
      PixelRuns.copyPhase(s, dst, to + v * lines * width, x, channel, phase, v, 0, lines, width);
    }
  }

  /** Moves rows closer together; vectors write beyond a row what the next one overwrites. */
  private static void copyLines(
      float[] dst, int to, int from, int fromPitch, int pitch, int lines) {
    if (pitch <= LANES) {
      for (int i = 0; i < lines; i++) {
        load(dst, from + i * fromPitch).intoArray(dst, to + i * pitch);
      }
    } else if (pitch <= 2 * LANES) {
      for (int i = 0; i < lines; i++) {
        load(dst, from + i * fromPitch).intoArray(dst, to + i * pitch);
        load(dst, from + i * fromPitch + LANES).intoArray(dst, to + i * pitch + LANES);
      }
    } else {
      for (int i = 0; i < lines; i++) {
        for (int q = 0; q < pitch; q += LANES) {
          load(dst, from + i * fromPitch + q).intoArray(dst, to + i * pitch + q);
        }
      }
    }
  }
}
