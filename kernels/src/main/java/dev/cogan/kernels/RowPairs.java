package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The gradient to a convolution's weights with fewer multiplications, down the columns: two rows of
 * the small side, d0 and d1, are multiplied with the rows under two or three taps of one phase,
 * that is with three or four rows of the large side, x0 to x3. Three taps' gradients
 *
 * <pre>
 *   g0 = d0 x0 + d1 x1      g1 = d0 x1 + d1 x2      g2 = d0 x2 + d1 x3
 * </pre>
 *
 * take four products instead of six (Winograd's F(3, 2)), and two taps' three instead of four:
 *
 * <pre>
 *   p0 = d0 (x0 - x2)   p1 = (d0 + d1)(x1 + x2)   p2 = (d0 - d1)(x2 - x1)   p3 = d1 (x3 - x1)
 *   g0 = p0 + (p1 + p2) / 2      g1 = (p1 - p2) / 2      g2 = (p1 + p2) / 2 + p3
 *
 *   p0 = d0 (x0 - x1)   p1 = (d0 + d1) x1         p3 = d1 (x2 - x1)
 *   g0 = p0 + p1        g1 = p1 + p3
 * </pre>
 *
 * The same four combinations of d0 and d1, here called kinds, serve all taps. Both sides are
 * written as planes of some lines, one below the other; a line is a pair of rows of positions, of
 * whichever image. A plane of the large side belongs to a product of one channel and one column of
 * the kernel.
 */
final class RowPairs {
  /** Combinations of two rows of the small side: d0, d0 + d1, d0 - d1, d1. */
  static final int KINDS = 4;

  /** Most taps that are combined. */
  private static final int MOST_TAPS = 3;

  /** Planes of the large side, by kinds; with the end of the last. */
  final int[] firstPlane = new int[KINDS + 1];

  private ConvShape s;
  private int rowPhases;
  private int colPhases;

  /** Taps that are combined: their phase, the first one's row within it, and how many they are. */
  private int blocks;

  private int[] phase = new int[0];
  private int[] firstRow = new int[0];
  private int[] count = new int[0];

  /** Of each kind, blocks of taps that have it. */
  private final int[] blocksOf = new int[KINDS];

  /** Sets the tables for these sizes. */
  void prepare(ConvShape s) {
    if (s.equals(this.s)) {
      return;
    }
    // Not prepared for anything until the end: there may be no memory for what follows.
    this.s = null;
    int stride = s.stride();
    rowPhases = Math.min(stride, s.kh());
    colPhases = Math.min(stride, s.kw());
    phase = Workers.table(phase, s.kh());
    firstRow = Workers.table(firstRow, s.kh());
    count = Workers.table(count, s.kh());
    blocks = 0;
    Arrays.fill(blocksOf, 0);
    for (int p = 0; p < rowPhases; p++) {
      int taps = taps(s, p);
      for (int row = 0; row < taps; row += count[blocks++]) {
        phase[blocks] = p;
        firstRow[blocks] = row;
        count[blocks] = together(taps - row);
        for (int kind = 0; kind < KINDS; kind++) {
          blocksOf[kind] += has(kind, count[blocks]) ? 1 : 0;
        }
      }
    }
    for (int kind = 0; kind < KINDS; kind++) {
      firstPlane[kind + 1] = firstPlane[kind] + blocksOf[kind] * s.cin() * s.kw();
    }
    this.s = s;
  }

  /** Rows of the kernel in one phase. */
  private static int taps(ConvShape s, int phase) {
    return (s.kh() - phase + s.stride() - 1) / s.stride();
  }

  /** How many of so many taps to combine first. */
  private static int together(int taps) {
    return taps == 4 ? 2 : Math.min(taps, MOST_TAPS);
  }

  /** Products for the gradients of all taps. */
  static int products(ConvShape s) {
    int perColumn = 0;
    for (int p = 0; p < Math.min(s.stride(), s.kh()); p++) {
      for (int left = taps(s, p); left > 0; left -= together(left)) {
        perColumn += together(left) + 1;
      }
    }
    return s.cin() * s.kw() * perColumn;
  }

  /** Whether so many taps have a product of this kind. */
  private static boolean has(int kind, int taps) {
    return kind == 0 || kind == 3 || (kind == 1 ? taps >= 2 : taps >= 3);
  }

  /** Pairs of rows of positions in one image. */
  static int lines(ConvShape s) {
    return (s.oh() + 1) / 2;
  }

  /** Floats that {@link #fill} needs for some lines, besides the planes. */
  int room(int lines) {
    // A further pair of rows for what vectors write behind the last one.
    return colPhases * rows(lines + 1) * pitch() + LANES;
  }

  /** Rows of one phase that the taps of so many lines see. */
  private int rows(int lines) {
    return 2 * lines + (s.kh() - 1) / s.stride();
  }

  private int pitch() {
    return s.ow() + (s.kw() - 1) / s.stride();
  }

  /**
   * Writes the planes of the large side.
   *
   * @param first line, counted over all images
   * @param lines how many
   * @param planes gets {@code firstPlane[KINDS]} planes, {@code distance} floats apart; up to a
   *     vector behind each is overwritten
   * @param besides where in that array there is {@link #room}
   */
  void fill(
      float[] x,
      int xOff,
      int first,
      int lines,
      float[] planes,
      int to,
      int distance,
      int besides) {
    int perImage = lines(s);
    int done = 0;
    while (done < lines) {
      int image = (first + done) / perImage;
      int line = (first + done) % perImage;
      int some = Math.min(lines - done, perImage - line);
      int from = xOff + image * s.cin() * s.h() * s.w();
      fillImage(x, from, line, some, planes, to + done * s.ow(), distance, besides);
      done += some;
    }
  }

  private void fillImage(
      float[] x, int xOff, int line, int lines, float[] planes, int to, int distance, int besides) {
    int pitch = pitch();
    int height = rows(lines);
    for (int c = 0; c < s.cin(); c++) {
      for (int p = 0; p < rowPhases; p++) {
        for (int v = 0; v < colPhases; v++) {
          int phasePlane = besides + v * height * pitch;
          int channel = xOff + c * s.h() * s.w();
          PixelRuns.copyPhase(s, planes, phasePlane, x, channel, p, v, 2 * line, height, pitch);
        }
        for (int v = 0; v < s.kw(); v++) {
          int column = besides + v % s.stride() * height * pitch + v / s.stride();
          for (int block = 0; block < blocks; block++) {
            if (phase[block] == p) {
              int at = column + firstRow[block] * pitch;
              fillBlock(block, c * s.kw() + v, at, pitch, lines, planes, to, distance);
            }
          }
        }
      }
    }
  }

  /** The products of one block of taps; rows of the large side begin at {@code x0}. */
  private void fillBlock(
      int block, int column, int x0, int pitch, int lines, float[] planes, int to, int distance) {
    int p0 = to + plane(0, block, column) * distance;
    int p3 = to + plane(3, block, column) * distance;
    int p1 = count[block] < 2 ? 0 : to + plane(1, block, column) * distance;
    int p2 = count[block] < 3 ? 0 : to + plane(2, block, column) * distance;
    if (count[block] == 1) {
      one(lines, planes, x0, pitch, p0, p3, s.ow());
    } else if (count[block] == 2) {
      two(lines, planes, x0, pitch, p0, p1, p3, s.ow());
    } else {
      three(lines, planes, x0, pitch, p0, p1, p2, p3, s.ow());
    }
  }

  // One loop over the vectors of all lines, which are short. One that ends behind its line writes
  // what the next line overwrites.

  private static void one(int lines, float[] a, int x, int pitch, int p0, int p3, int width) {
    int perLine = (width + LANES - 1) / LANES;
    int left = perLine;
    int to = 0;
    for (int i = 0; i < lines * perLine; i++) {
      load(a, x).intoArray(a, p0 + to);
      load(a, x + pitch).intoArray(a, p3 + to);
      x += LANES;
      to += LANES;
      if (--left == 0) {
        left = perLine;
        x += 2 * pitch - perLine * LANES;
        to += width - perLine * LANES;
      }
    }
  }

  private static void two(
      int lines, float[] a, int x, int pitch, int p0, int p1, int p3, int width) {
    int perLine = (width + LANES - 1) / LANES;
    int left = perLine;
    int to = 0;
    for (int i = 0; i < lines * perLine; i++) {
      FloatVector x0 = load(a, x);
      FloatVector x1 = load(a, x + pitch);
      FloatVector x2 = load(a, x + 2 * pitch);
      exact(x0.sub(x1)).intoArray(a, p0 + to);
      x1.intoArray(a, p1 + to);
      exact(x2.sub(x1)).intoArray(a, p3 + to);
      x += LANES;
      to += LANES;
      if (--left == 0) {
        left = perLine;
        x += 2 * pitch - perLine * LANES;
        to += width - perLine * LANES;
      }
    }
  }

  private static void three(
      int lines, float[] a, int x, int pitch, int p0, int p1, int p2, int p3, int width) {
    int perLine = (width + LANES - 1) / LANES;
    int left = perLine;
    int to = 0;
    for (int i = 0; i < lines * perLine; i++) {
      FloatVector x0 = load(a, x);
      FloatVector x1 = load(a, x + pitch);
      FloatVector x2 = load(a, x + 2 * pitch);
      FloatVector x3 = load(a, x + 3 * pitch);
      exact(x0.sub(x2)).intoArray(a, p0 + to);
      exact(x1.add(x2)).intoArray(a, p1 + to);
      exact(x2.sub(x1)).intoArray(a, p2 + to);
      exact(x3.sub(x1)).intoArray(a, p3 + to);
      x += LANES;
      to += LANES;
      if (--left == 0) {
        left = perLine;
        x += 2 * pitch - perLine * LANES;
        to += width - perLine * LANES;
      }
    }
  }

  /** The plane of one product, of a channel and a column of the kernel. */
  private int plane(int kind, int block, int column) {
    int before = 0;
    for (int i = 0; i < block; i++) {
      before += has(kind, count[i]) ? 1 : 0;
    }
    return firstPlane[kind] + column * blocksOf[kind] + before;
  }

  /**
   * Writes one channel's planes of the small side.
   *
   * @param channel of all images
   * @param planes gets {@link #KINDS} planes, {@code distance} floats apart; up to a vector behind
   *     each is overwritten
   */
  void combine(
      float[] dy,
      int dyOff,
      int channel,
      int first,
      int lines,
      float[] planes,
      int to,
      int distance) {
    int perImage = lines(s);
    int width = s.ow();
    int done = 0;
    while (done < lines) {
      int image = (first + done) / perImage;
      int line = (first + done) % perImage;
      int some = Math.min(lines - done, perImage - line);
      int from = dyOff + ((image * s.cout() + channel) * s.oh() + 2 * line) * width;
      int place = to + done * width;
      boolean half = line + some == perImage && s.oh() % 2 == 1;
      int pairs = half ? some - 1 : some;
      combineVectors(pairs, width, dy, from, planes, place, distance);
      combineRest(pairs, width, dy, from, planes, place, distance);
      if (half) {
        combineHalf(width, dy, from + 2 * pairs * width, planes, place + pairs * width, distance);
      }
      done += some;
    }
  }

  /** One loop over the vectors of all rows, which are short. */
  private static void combineVectors(
      int lines, int width, float[] dy, int from, float[] planes, int to, int distance) {
    int perRow = width / LANES;
    int left = perRow;
    int rest = width % LANES;
    for (int i = 0; i < lines * perRow; i++) {
      FloatVector d0 = load(dy, from);
      FloatVector d1 = load(dy, from + width);
      d0.intoArray(planes, to);
      exact(d0.add(d1)).intoArray(planes, to + distance);
      exact(d0.sub(d1)).intoArray(planes, to + 2 * distance);
      d1.intoArray(planes, to + 3 * distance);
      from += LANES;
      to += LANES;
      if (--left == 0) {
        left = perRow;
        from += width + rest;
        to += rest;
      }
    }
  }

  private static void combineRest(
      int lines, int width, float[] dy, int from, float[] planes, int to, int distance) {
    for (int i = 0; i < lines; i++) {
      for (int q = width / LANES * LANES; q < width; q++) {
        float d0 = dy[from + 2 * i * width + q];
        float d1 = dy[from + (2 * i + 1) * width + q];
        planes[to + i * width + q] = d0;
        planes[to + distance + i * width + q] = d0 + d1;
        planes[to + 2 * distance + i * width + q] = d0 - d1;
        planes[to + 3 * distance + i * width + q] = d1;
      }
    }
  }

  /** The last row of an image with an odd number of them: the second row of its pair is zero. */
  private static void combineHalf(
      int width, float[] dy, int from, float[] planes, int to, int distance) {
    for (int kind = 0; kind < 3; kind++) {
      System.arraycopy(dy, from, planes, to + kind * distance, width);
    }
    Arrays.fill(planes, to + 3 * distance, to + 3 * distance + width, 0f);
  }

  /**
   * Adds the gradients of all taps, of one channel of the small side.
   *
   * @param sums of each product, in the order of the planes
   * @param dw gets {@code [cin, kh, kw]}
   */
  void addTaps(float[] sums, float[] dw, int to) {
    for (int block = 0; block < blocks; block++) {
      int tap = to + (phase[block] + firstRow[block] * s.stride()) * s.kw();
      int next = s.stride() * s.kw();
      for (int c = 0; c < s.cin(); c++) {
        for (int v = 0; v < s.kw(); v++) {
          int column = c * s.kw() + v;
          int at = tap + c * s.kh() * s.kw() + v;
          float p0 = sums[plane(0, block, column)];
          float p3 = sums[plane(3, block, column)];
          if (count[block] == 1) {
            dw[at] += p0 + p3;
            continue;
          }
          float p1 = sums[plane(1, block, column)];
          if (count[block] == 2) {
            dw[at] += p0 + p1;
            dw[at + next] += p1 + p3;
            continue;
          }
          float p2 = sums[plane(2, block, column)];
          float both = 0.5f * (p1 + p2);
          dw[at] += p0 + both;
          dw[at + next] += 0.5f * (p1 - p2);
          dw[at + 2 * next] += both + p3;
        }
      }
    }
  }
}
