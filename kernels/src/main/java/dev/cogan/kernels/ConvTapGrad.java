package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * The convolution's gradient to its weights where the large side has few channels: positions lie in
 * the lanes of both factors, so that neither is packed or transposed. The batch is cut into parts
 * by its size alone; each sums into memory of its own, and the sums are added in a fixed order.
 */
final class ConvTapGrad {
  private static final int MOST_PARTS = 8;

  /** Most taps of all channels: the sums of a part stay in L2. */
  private static final int MOST_TAPS = 128;

  /**
   * Positions at a time: those of a tile's channels stay in the first-level cache while all taps
   * pass by. With more of them, or half as many, the gain was lost.
   */
  private static final int MOST_POSITIONS = 1024;

  private final Workers workers;
  private final ShiftedRows rows = new ShiftedRows(false);
  private final Parallel.Body multiplying = this::multiply;
  private final Parallel.Body adding = this::add;

  private ConvShape s;
  private float[] dw;
  private int dwOff;
  private float[] x;
  private int xOff;
  private float[] dy;
  private int dyOff;

  private int parts;
  private int tapGroups;
  private int channelGroups;
  private int positions;
  private int[] taps = new int[0];
  private float[] sums = new float[0];

  ConvTapGrad(Workers workers) {
    this.workers = workers;
  }

  static boolean suits(ConvShape s) {
    return s.cin() <= 4
        && s.cin() * s.kh() * s.kw() <= MOST_TAPS
        && s.cout() >= DotTile.CHANNELS
        && s.oh() * s.ow() >= 4 * LANES;
  }

  void run(ConvShape s, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    this.s = s;
    this.dw = dw;
    this.dwOff = dwOff;
    this.x = x;
    this.xOff = xOff;
    this.dy = dy;
    this.dyOff = dyOff;
    rows.prepare(s);
    parts = Math.min(MOST_PARTS, s.n());
    tapGroups = DotTile.tiles(rows.taps);
    channelGroups = (s.cout() + DotTile.CHANNELS - 1) / DotTile.CHANNELS;
    positions = (s.oh() * s.ow() + LANES - 1) / LANES * LANES;
    int padded = DotTile.firstTap(tapGroups, rows.taps);
    taps = Workers.table(taps, padded);
    for (int tap = 0; tap < padded; tap++) {
      taps[tap] = Workers.START + rows.at[Math.min(tap, rows.taps - 1)];
    }
    sums = workers.grow(sums, parts * channelGroups * groupSize());
    workers.run(parts, s.multiplyAdds() / LANES, multiplying);
    workers.run(channelGroups, (long) parts * channelGroups * groupSize() / LANES, adding);
    this.dw = null;
    this.x = null;
    this.dy = null;
  }

  /** Floats of the sums of one group of channels. */
  private int groupSize() {
    return DotTile.firstTap(tapGroups, rows.taps) * DotTile.CHANNELS * LANES;
  }

  /** Some of the images. */
  private void multiply(int part, int worker) {
    Scratch scratch = workers.scratch(worker);
    int plane = s.oh() * s.ow();
    int size = channelGroups * groupSize();
    Arrays.fill(sums, part * size, (part + 1) * size, 0f);
    // Positions that are whole vectors are read where they lie.
    boolean copied = plane % LANES != 0;
    int pitch = copied ? positions + LANES : plane;
    float[] pixels = scratch.a(Scratch.aligned(Workers.START + rows.room()));
    int room = Workers.START + DotTile.CHANNELS * pitch;
    float[] right = copied ? scratch.b(Scratch.aligned(room)) : dy;
    int end = Partition.start(part + 1, parts, s.n());
    for (int image = Partition.start(part, parts, s.n()); image < end; image++) {
      rows.fill(pixels, Workers.START, x, xOff + image * s.cin() * s.h() * s.w());
      for (int group = 0; group < channelGroups; group++) {
        int channel = group * DotTile.CHANNELS;
        int last = Math.min(DotTile.CHANNELS, s.cout() - channel) - 1;
        int from = dyOff + (image * s.cout() + channel) * plane;
        if (copied) {
          copy(last, from, right, pitch);
          from = Workers.START;
        }
        addGroup(pixels, right, from, pitch, last, part * size + group * groupSize());
      }
    }
  }

  /**
   * Some channels of dy. A copy begins on a cache line, ends with zeros, and its rows are no power
   * of two apart.
   */
  private void copy(int last, int from, float[] right, int pitch) {
    int plane = s.oh() * s.ow();
    for (int i = 0; i <= last; i++) {
      int to = Workers.START + i * pitch;
      System.arraycopy(dy, from + i * plane, right, to, plane);
      Arrays.fill(right, to + plane, to + positions, 0f);
    }
  }

  /** A group of channels under all taps, some positions after the other. */
  private void addGroup(float[] pixels, float[] right, int from, int pitch, int last, int to) {
    int vectors = positions / LANES;
    int blocks = (positions + MOST_POSITIONS - 1) / MOST_POSITIONS;
    for (int block = 0; block < blocks; block++) {
      int first = Partition.start(block, blocks, vectors) * LANES;
      int floats = Partition.start(block + 1, blocks, vectors) * LANES - first;
      for (int group = 0; group < tapGroups; group++) {
        int tap = DotTile.firstTap(group, rows.taps);
        int count = DotTile.firstTap(group + 1, rows.taps) - tap;
        int sum = to + tap * DotTile.CHANNELS * LANES;
        DotTile.multiplyAdd(
            count, first, floats, pixels, taps, tap, right, from, pitch, last, sums, sum);
      }
    }
  }

  /** The sums of one group of channels, over all parts and lanes. */
  private void add(int group, int worker) {
    int from = group * groupSize();
    for (int part = 1; part < parts; part++) {
      Lanes.add(groupSize(), sums, part * channelGroups * groupSize() + from, sums, from);
    }
    int channel = group * DotTile.CHANNELS;
    int channels = Math.min(DotTile.CHANNELS, s.cout() - channel);
    for (int tap = 0; tap < rows.taps; tap++) {
      int to = dwOff + channel * rows.taps + rows.weightAt[tap];
      for (int i = 0; i < channels; i++) {
        dw[to + i * rows.taps] += Lanes.sum(sums, from + (tap * DotTile.CHANNELS + i) * LANES);
      }
    }
  }
}
