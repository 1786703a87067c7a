package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * The convolution's gradient to its weights where the large side has few channels and the kernel is
 * large: as {@link ConvTapGrad}, but pairs of rows of positions are combined, for fewer
 * multiplications ({@link RowPairs}). All pairs of all images are cut into parts by their number
 * alone; each part sums into memory of its own, and the sums are added in a fixed order.
 */
final class ConvPairGrad {
  private static final int MOST_PARTS = 8;

  /**
   * Fewest taps of all channels: combining a pair of positions costs about as much as 20
   * multiplications, and a quarter to a third of two per tap is saved.
   */
  private static final int FEWEST_TAPS = 64;

  /** Fewest channels of the small side, which share the combined pixels. */
  private static final int FEWEST_CHANNELS = 16;

  /**
   * Positions of pairs at a time: those of a tile's channels stay in the first-level cache while
   * all products pass by, and those under all taps in the second.
   */
  private static final int MOST_POSITIONS = 1024;

  private final Workers workers;
  private final RowPairs pairs = new RowPairs();
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
  private int rounds;
  private int distance;
  private int channelGroups;

  /** First tap of each kind of products, with the end of the last: whole tiles of them. */
  private final int[] firstTap = new int[RowPairs.KINDS + 1];

  /** Where the plane of each tap lies. */
  private int[] taps = new int[0];

  private float[] sums = new float[0];

  ConvPairGrad(Workers workers) {
    this.workers = workers;
  }

  static boolean suits(ConvShape s) {
    int taps = s.cin() * s.kh() * s.kw();
    return ConvTapGrad.suits(s)
        && taps >= FEWEST_TAPS
        && s.cout() >= FEWEST_CHANNELS
        && 2 * RowPairs.products(s) <= 3 * taps;
  }

  void run(ConvShape s, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    this.s = s;
    this.dw = dw;
    this.dwOff = dwOff;
    this.x = x;
    this.xOff = xOff;
    this.dy = dy;
    this.dyOff = dyOff;
    pairs.prepare(s);
    int lines = s.n() * RowPairs.lines(s);
    parts = Math.min(MOST_PARTS, lines);
    int linesOfPart = (lines + parts - 1) / parts;
    int together = Math.max(1, MOST_POSITIONS / s.ow());
    rounds = (linesOfPart + together - 1) / together;
    int most = (linesOfPart + rounds - 1) / rounds;
    distance = padded(most) + LANES;
    channelGroups = (s.cout() + DotTile.CHANNELS - 1) / DotTile.CHANNELS;
    place();
    sums = workers.grow(sums, parts * channelGroups * groupSize());
    workers.run(parts, s.multiplyAdds() / LANES, multiplying);
    workers.run(channelGroups, (long) parts * channelGroups * groupSize() / LANES, adding);
    this.dw = null;
    this.x = null;
    this.dy = null;
  }

  /** Cuts the products of each kind into tiles; the last tile may compute some of its twice. */
  private void place() {
    for (int kind = 0; kind < RowPairs.KINDS; kind++) {
      int planes = pairs.firstPlane[kind + 1] - pairs.firstPlane[kind];
      int tiles = DotTile.tiles(planes);
      firstTap[kind + 1] = firstTap[kind] + DotTile.firstTap(tiles, planes);
    }
    taps = Workers.table(taps, firstTap[RowPairs.KINDS]);
    for (int kind = 0; kind < RowPairs.KINDS; kind++) {
      for (int tap = firstTap[kind]; tap < firstTap[kind + 1]; tap++) {
        int plane = pairs.firstPlane[kind] + tap - firstTap[kind];
        taps[tap] = Workers.START + Math.min(plane, pairs.firstPlane[kind + 1] - 1) * distance;
      }
    }
  }

  /** Positions of some lines, in whole vectors. */
  private int padded(int lines) {
    return (lines * s.ow() + LANES - 1) / LANES * LANES;
  }

  /** Floats of the sums of one group of channels. */
  private int groupSize() {
    return firstTap[RowPairs.KINDS] * DotTile.CHANNELS * LANES;
  }

  /** Some lines of all images. */
  private void multiply(int part, int worker) {
    Scratch scratch = workers.scratch(worker);
    int allLines = s.n() * RowPairs.lines(s);
    int size = channelGroups * groupSize();
    Arrays.fill(sums, part * size, (part + 1) * size, 0f);
    int from = Partition.start(part, parts, allLines);
    int linesOfPart = Partition.start(part + 1, parts, allLines) - from;
    int besides = Workers.START + pairs.firstPlane[RowPairs.KINDS] * distance;
    int room = pairs.room((linesOfPart + rounds - 1) / rounds);
    float[] pixels = scratch.a(Scratch.aligned(besides + room));
    int small = Workers.START + DotTile.CHANNELS * RowPairs.KINDS * distance;
    float[] right = scratch.b(Scratch.aligned(small));
    for (int round = 0; round < rounds; round++) {
      int line = Partition.start(round, rounds, linesOfPart);
      int lines = Partition.start(round + 1, rounds, linesOfPart) - line;
      pairs.fill(x, xOff, from + line, lines, pixels, Workers.START, distance, besides);
      clear(pixels, pairs.firstPlane[RowPairs.KINDS], lines);
      for (int group = 0; group < channelGroups; group++) {
        int channel = group * DotTile.CHANNELS;
        int last = Math.min(DotTile.CHANNELS, s.cout() - channel) - 1;
        for (int i = 0; i <= last; i++) {
          int to = Workers.START + i * RowPairs.KINDS * distance;
          pairs.combine(dy, dyOff, channel + i, from + line, lines, right, to, distance);
        }
        clear(right, (last + 1) * RowPairs.KINDS, lines);
        addGroup(pixels, right, padded(lines), last, part * size + group * groupSize());
      }
    }
  }

  /** What is behind the positions of all planes is multiplied too. */
  private void clear(float[] planes, int count, int lines) {
    int positions = lines * s.ow();
    for (int i = 0; i < count && padded(lines) > positions; i++) {
      int plane = Workers.START + i * distance;
      Arrays.fill(planes, plane + positions, plane + padded(lines), 0f);
    }
  }

  /** A group of channels and all products. */
  private void addGroup(float[] pixels, float[] right, int floats, int last, int to) {
    int apart = RowPairs.KINDS * distance;
    for (int kind = 0; kind < RowPairs.KINDS; kind++) {
      int planes = pairs.firstPlane[kind + 1] - pairs.firstPlane[kind];
      int from = Workers.START + kind * distance;
      for (int tile = 0; tile < DotTile.tiles(planes); tile++) {
        int first = DotTile.firstTap(tile, planes);
        int count = DotTile.firstTap(tile + 1, planes) - first;
        int tap = firstTap[kind] + first;
        int sum = to + tap * DotTile.CHANNELS * LANES;
        DotTile.multiplyAdd(
            count, 0, floats, pixels, taps, tap, right, from, apart, last, sums, sum);
      }
    }
  }

  /** The sums of one group of channels, over all parts and lanes. */
  private void add(int group, int worker) {
    int from = group * groupSize();
    for (int part = 1; part < parts; part++) {
      Lanes.add(groupSize(), sums, part * channelGroups * groupSize() + from, sums, from);
    }
    float[] products = workers.scratch(worker).d(pairs.firstPlane[RowPairs.KINDS]);
    int channel = group * DotTile.CHANNELS;
    int channels = Math.min(DotTile.CHANNELS, s.cout() - channel);
    for (int i = 0; i < channels; i++) {
      for (int kind = 0; kind < RowPairs.KINDS; kind++) {
        for (int plane = pairs.firstPlane[kind]; plane < pairs.firstPlane[kind + 1]; plane++) {
          int tap = firstTap[kind] + plane - pairs.firstPlane[kind];
          products[plane] = Lanes.sum(sums, from + (tap * DotTile.CHANNELS + i) * LANES);
        }
      }
      int weights = s.cin() * s.kh() * s.kw();
      pairs.addTaps(products, dw, dwOff + (channel + i) * weights);
    }
  }
}
