package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * Convolution image by image, with the right factor read from {@link ShiftedRows}: for large
 * kernels, and for small images with strides, where packing patches would take a third of the time.
 * Where several tiles of channels share a panel of it, and its table would cost them more, it is
 * copied to one, which takes whole vectors only.
 */
final class ConvTapForward {
  /** Floats of shifted rows that stay in the second-level cache, beside the weights. */
  private static final long MOST_FLOATS = 192 << 10;

  /** Floats of packed panels that are multiplied together: they stay in the caches. */
  private static final int MOST_PACKED = 16 << 10;

  private final Workers workers;
  private final ShiftedRows rows = new ShiftedRows(true);
  private final Parallel.Body packing = this::packTile;
  private final Parallel.Body multiplying = this::multiply;

  private ConvShape s;
  private float[] y;
  private int yOff;
  private float[] x;
  private int xOff;
  private float[] w;
  private int wOff;

  private boolean packs;
  private int blocks;

  /** First tap of each block along K; with the end of the last one. */
  private int[] firstTap = new int[0];

  private int tiles;
  private float[] packed = new float[0];

  /** Where the pixels of each vector of positions lie, from those of the first position. */
  private int[] places = new int[0];

  private float[] biases = new float[0];

  ConvTapForward(Workers workers) {
    this.workers = workers;
  }

  /**
   * Whether there are images enough for several threads, and patches that are worth not packing.
   */
  static boolean suits(ConvShape s) {
    return s.n() >= 8
        && s.kw() >= 3
        && s.cout() >= ROWS
        && s.stride() <= 2
        && ShiftedRows.size(s, true) <= MOST_FLOATS
        && s.weightSize() <= MOST_FLOATS // They are read anew for every image.
        && s.oh() * s.ow() >= COLS;
  }

  void run(
      ConvShape s,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    this.s = s;
    this.y = y;
    this.yOff = yOff;
    this.x = x;
    this.xOff = xOff;
    this.w = w;
    this.wOff = wOff;
    rows.prepare(s);
    place();
    tiles = Tile.padRows(s.cout()) / ROWS;
    packs = TapTile.packs(tiles);
    blocks = Tile.depthBlocks(packs ? rows.taps + 1 : rows.taps);
    firstTap = Workers.table(firstTap, blocks + 1);
    for (int block = 0; block <= blocks; block++) {
      firstTap[block] = Partition.start(block, blocks, rows.taps);
    }
    packed = workers.grow(packed, blocks * tiles * ROWS * DEPTH);
    biases = workers.grow(biases, tiles * ROWS);
    for (int row = 0; row < tiles * ROWS; row++) {
      biases[row] = bias == null || row >= s.cout() ? 0f : bias[biasOff + row];
    }
    workers.run(tiles, s.weightSize(), packing);
    workers.run(s.n(), s.multiplyAdds() / LANES, multiplying);
    this.y = null;
    this.x = null;
    this.w = null;
  }

  private void packTile(int tile, int worker) {
    rows.packWeights(packed, tile, tiles, blocks, w, wOff);
    // Of packed panels the step behind the first block's taps is the bias, times one.
    for (int row = tile * ROWS; packs && row < (tile + 1) * ROWS; row++) {
      packed[row * DEPTH + firstTap[1]] = biases[row];
    }
  }

  /** One image. */
  private void multiply(int image, int worker) {
    Scratch scratch = workers.scratch(worker);
    int plane = s.oh() * s.ow();
    float[] pixels = scratch.b(rows.room());
    float[] edge = scratch.edge;
    rows.fill(pixels, x, xOff + image * s.cin() * s.h() * s.w());
    int to = yOff + image * s.cout() * plane;
    if (packs) {
      multiplyPacked(pixels, to, scratch);
      return;
    }
    // A tile goes along all positions before the next one: few rows of the output are then written
    // at a time, each from its begin to its end.
    for (int tile = 0; tile < tiles; tile++) {
      for (int position = 0; position < plane; position += COLS) {
        multiplyTile(tile, pixels, position, to, edge);
      }
    }
  }

  /** All tiles, some packed panels of positions at a time. */
  private void multiplyPacked(float[] pixels, int to, Scratch scratch) {
    int plane = s.oh() * s.ow();
    int size = (rows.taps + 1) * COLS;
    int together = Math.max(1, MOST_PACKED / size) * COLS;
    float[] panels = scratch.a(together / COLS * size);
    for (int position = 0; position < plane; position += together) {
      int end = Math.min(plane, position + together);
      for (int at = position; at < end; at += COLS) {
        pack(pixels, at, panels, (at - position) / COLS * size);
      }
      for (int tile = 0; tile < tiles; tile++) {
        for (int at = position; at < end; at += COLS) {
          multiplyPanel(tile, panels, (at - position) / COLS * size, at, to, scratch.edge);
        }
      }
    }
  }

  /** The pixels under every tap at two vectors of positions, and ones for the bias. */
  private void pack(float[] pixels, int position, float[] panels, int panel) {
    int first = places[position / LANES];
    int second = places[position / LANES + 1];
    int to = panel;
    for (int block = 0; block < blocks; block++) {
      int k0 = firstTap[block];
      int depth = firstTap[block + 1] - k0;
      TapTile.pack(pixels, rows.at, k0, depth, first, second, panels, to);
      to += depth * COLS;
      if (block == 0) {
        Arrays.fill(panels, to, to + COLS, 1f);
        to += COLS;
      }
    }
  }

  /** As {@link #multiplyTile}, with a packed panel. */
  private void multiplyPanel(
      int tile, float[] panels, int panel, int position, int to, float[] edge) {
    int plane = s.oh() * s.ow();
    int count = Math.min(COLS, plane - position);
    int row = tile * ROWS;
    int wanted = Math.min(ROWS, s.cout() - row);
    boolean whole = count == COLS && wanted == Tile.height(wanted);
    int out = to + row * plane + position;
    float[] c = whole ? y : edge;
    int cOff = whole ? out : 0;
    int ldc = whole ? plane : COLS;
    int b = panel;
    for (int block = 0; block < blocks; block++) {
      int k0 = firstTap[block];
      int depth = firstTap[block + 1] - k0 + (block == 0 ? 1 : 0);
      int a = (block * tiles + tile) * ROWS * DEPTH;
      Tile.multiply(wanted, depth, packed, a, panels, b, c, cOff, ldc, block > 0);
      b += depth * COLS;
    }
    for (int i = 0; !whole && i < wanted; i++) {
      System.arraycopy(edge, i * COLS, y, out + i * plane, count);
    }
  }

  /**
   * Some channels at two vectors of positions: into the output, or, if not all of the tile belongs
   * there, by way of edge.
   */
  private void multiplyTile(int tile, float[] pixels, int position, int to, float[] edge) {
    int plane = s.oh() * s.ow();
    int count = Math.min(COLS, plane - position);
    int left = places[position / LANES];
    int right = places[position / LANES + 1];
    int row = tile * ROWS;
    int wanted = Math.min(ROWS, s.cout() - row);
    boolean whole = count == COLS && wanted == Tile.height(wanted);
    int out = to + row * plane + position;
    float[] c = whole ? y : edge;
    int cOff = whole ? out : 0;
    int ldc = whole ? plane : COLS;
    for (int block = 0; block < blocks; block++) {
      int k0 = firstTap[block];
      int depth = firstTap[block + 1] - k0;
      int a = (block * tiles + tile) * ROWS * DEPTH;
      if (block == 0) {
        TapTile.multiply(
            wanted, depth, packed, a, pixels, rows.at, k0, left, right, c, cOff, ldc, biases, row);
      } else {
        TapTile.multiplyAdd(
            wanted, depth, packed, a, pixels, rows.at, k0, left, right, c, cOff, ldc);
      }
    }
    for (int i = 0; !whole && i < wanted; i++) {
      System.arraycopy(edge, i * COLS, y, out + i * plane, count);
    }
  }

  /** Fills {@link #places}; beyond the last position the place before is as good as any. */
  private void place() {
    int plane = s.oh() * s.ow();
    int vectors = Tile.padCols(plane) / LANES;
    places = Workers.table(places, vectors);
    for (int i = 0; i < vectors; i++) {
      int position = i * LANES;
      places[i] =
          position < plane ? position / s.ow() * rows.pitch + position % s.ow() : places[i - 1];
    }
  }
}
