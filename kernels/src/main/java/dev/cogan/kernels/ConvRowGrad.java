package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.COLS;
import static dev.cogan.kernels.Tile.DEPTH;
import static dev.cogan.kernels.Tile.LANES;
import static dev.cogan.kernels.Tile.ROWS;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * The convolution's gradient to its weights, row by row: for every product of a {@link RowPlan} the
 * matrix product
 *
 * <pre>
 *   C[(i, v), o] += sum over images and q of  line[i, image, q + v] * dy[o, image, q]
 * </pre>
 *
 * where the line under each tap of a row is a copy of whole vectors, not gathered pixel by pixel,
 * and dy is rearranged once for all. What the products with one weight add up to is combined to the
 * taps at the end.
 */
final class ConvRowGrad {
  /** Channels of the large side per task: 24, 32 or 40 rows of a matrix. */
  private static final int CHANNELS = 8;

  /** Rows of dy that are kept: no combination takes two that are further apart. */
  private static final int KEPT_ROWS = 4;

  private static final int ENOUGH_TASKS = 8;

  /** Positions of a row that pay: a vector at 512 bits, two at 256. */
  private static final int LONG_ROW = 16;

  /** Images for which half as long rows pay, too. */
  private static final int FEW_IMAGES = 16;

  private final Workers workers;
  private final RowPlans plans = new RowPlans(true);
  private final RowLines rows = new RowLines();
  private final Parallel.Body packing = this::pack;
  private final Parallel.Body multiplying = this::multiply;
  private final Parallel.Body adding = this::add;

  private ConvShape s;
  private RowPlan plan;
  private float[] dw;
  private int dwOff;
  private float[] x;
  private int xOff;
  private float[] dy;
  private int dyOff;

  private int ldc;
  private int chunks;
  private int channelTasks;
  private int splits;
  private int sumSize;
  private float[] packed = new float[0];
  private float[] sums = new float[0];

  ConvRowGrad(Workers workers) {
    this.workers = workers;
  }

  static boolean isPossible(ConvShape s) {
    return RowLines.suits(s) && s.ow() <= DEPTH;
  }

  /**
   * Whether this is the fastest way, as measured: with stride 2, where rows are long. In short rows
   * a {@link FastPlan} saves more multiplications, but for few images, and for kernels of 5,
   * combining the images costs more than it saves.
   */
  static boolean suits(ConvShape s) {
    if (!isPossible(s) || s.stride() != 2 || s.kh() < 3 || s.cin() < CHANNELS || s.cout() < COLS) {
      return false;
    }
    boolean fewImages = s.n() <= FEW_IMAGES && s.cin() * s.cout() <= 1 << 15;
    boolean longRows = s.ow() >= LONG_ROW || s.ow() == LANES;
    return longRows || s.ow() >= LONG_ROW / 2 && (s.kh() >= 5 || fewImages);
  }

  void run(ConvShape s, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    this.s = s;
    this.dw = dw;
    this.dwOff = dwOff;
    this.x = x;
    this.xOff = xOff;
    this.dy = dy;
    this.dyOff = dyOff;
    plan = plans.of(s);
    ldc = Tile.padCols(s.cout());
    int perChunk = DEPTH / s.ow();
    chunks = (s.n() + perChunk - 1) / perChunk;
    channelTasks = (s.cin() + CHANNELS - 1) / CHANNELS;
    splits = Math.min(chunks, (ENOUGH_TASKS + channelTasks - 1) / channelTasks);
    rows.prepare(s, mostChannels(), (s.n() + chunks - 1) / chunks);
    sumSize = plan.weights.outputs * Tile.padRows(mostChannels() * s.kw()) * ldc;
    packed = workers.grow(packed, Workers.START + plan.outs.outputs * s.n() * s.ow() * ldc);
    sums = workers.grow(sums, splits > 1 ? channelTasks * splits * sumSize : 0);
    workers.run(chunks * ldc / COLS, 4L * s.outputSize(), packing);
    workers.run(channelTasks * splits, s.multiplyAdds() / LANES, multiplying);
    if (splits > 1) {
      workers.run(channelTasks, (long) splits * channelTasks * sumSize / LANES, adding);
    }
    this.dw = null;
    this.x = null;
    this.dy = null;
  }

  private int firstChannel(int task) {
    return Partition.start(task, channelTasks, s.cin());
  }

  /** Channels of the widest task. */
  private int mostChannels() {
    return (s.cin() + channelTasks - 1) / channelTasks;
  }

  private int firstImage(int chunk) {
    return Partition.start(chunk, chunks, s.n());
  }

  /** Some channels of dy in some images: panels of every combination of rows, channels in lanes. */
  private void pack(int task, int worker) {
    int panels = ldc / COLS;
    int o = task % panels * COLS;
    int image0 = firstImage(task / panels);
    int images = firstImage(task / panels + 1) - image0;
    int depth = images * s.ow();
    int size = depth * COLS;
    float[] turned = workers.scratch(worker).b(KEPT_ROWS * size);
    int done = 0;
    for (int small = 0; small < plan.outs.outputs; small++) {
      int t = plan.outs.start[small];
      int end = plan.outs.start[small + 1];
      for (; done <= plan.outs.index[end - 1]; done++) {
        turn(done, image0, images, o, workers.scratch(worker), turned, done % KEPT_ROWS * size);
      }
      int to = Workers.START + (small * s.n() + image0) * s.ow() * ldc + o * depth;
      int a = plan.outs.index[t] % KEPT_ROWS * size;
      if (end - t == 1) {
        Lanes.times(size, turned, a, plan.outs.coef[t], packed, to);
      } else {
        int b = plan.outs.index[t + 1] % KEPT_ROWS * size;
        float ka = plan.outs.coef[t];
        Lanes.combine(size, turned, a, ka, b, plan.outs.coef[t + 1], packed, to);
      }
    }
  }

  /** One row of some channels, turned round: {@code dst[image, q, channel]}. */
  private void turn(int row, int image0, int images, int o, Scratch scratch, float[] dst, int to) {
    int count = Math.min(COLS, s.cout() - o);
    int plane = s.oh() * s.ow();
    int pitch = images * s.ow() + LANES;
    float[] lines = scratch.a(COLS * pitch);
    for (int i = 0; i < count; i++) {
      int from = dyOff + (image0 * s.cout() + o + i) * plane + row * s.ow();
      for (int image = 0; image < images; image++) {
        System.arraycopy(
            dy, from + image * s.cout() * plane, lines, i * pitch + image * s.ow(), s.ow());
      }
    }
    Packing.cols(dst, to, lines, 0, pitch, 1, count, images * s.ow());
  }

  /** Some channels of the large side, over some of the images. */
  private void multiply(int task, int worker) {
    int channel0 = firstChannel(task / splits);
    int channels = firstChannel(task / splits + 1) - channel0;
    int count = channels * s.kw();
    int padded = Tile.padRows(count);
    Scratch scratch = workers.scratch(worker);
    float[] staged = scratch.b(rows.stagedSize());
    float[] combined = scratch.d(rows.size() + 2 * LANES);
    float[] lines = scratch.a((count + ROWS) * DEPTH);
    float[] c = splits > 1 ? sums : scratch.c(sumSize);
    int cOff = splits > 1 ? task * sumSize : 0;
    Arrays.fill(c, cOff, cOff + sumSize, 0f);
    int plane = s.h() * s.w();
    int end = Partition.start(task % splits + 1, splits, chunks);
    for (int chunk = Partition.start(task % splits, splits, chunks); chunk < end; chunk++) {
      int image0 = firstImage(chunk);
      int images = firstImage(chunk + 1) - image0;
      int depth = images * s.ow();
      int from = xOff + (image0 * s.cin() + channel0) * plane;
      int done = 0;
      for (int product : plan.order) {
        for (; done <= plan.lastRow(product); done += RowLines.ROWS_STAGED) {
          rows.stage(done, x, from, s.cin() * plane, channels, images, staged);
        }
        float[] row = rows.combine(plan.in, product, staged, combined);
        int start = rows.start(plan.in, product);
        rows.copies(row, start, channels, images, lines, DEPTH);
        int b = Workers.START + (plan.outOf[product] * s.n() + image0) * s.ow() * ldc;
        int weight = plan.line.weightOf[product];
        multiply(count, depth, lines, b, c, cOff + weight * padded * ldc);
      }
    }
    if (splits == 1) {
      addTaps(channel0, channels, c, 0, scratch);
    }
  }

  private void multiply(int rows, int depth, float[] a, int b, float[] c, int cOff) {
    for (int col = 0; col < ldc; col += COLS) {
      for (int row = 0; row < rows; row += ROWS) {
        Tile.multiply(
            Math.min(ROWS, rows - row),
            depth,
            a,
            row * DEPTH,
            packed,
            b + col * depth,
            c,
            cOff + row * ldc + col,
            ldc,
            true);
      }
    }
  }

  /** All sums of some channels. */
  private void add(int task, int worker) {
    int from = task * splits * sumSize;
    for (int split = 1; split < splits; split++) {
      Lanes.add(sumSize, sums, from + split * sumSize, sums, from);
    }
    int channel0 = firstChannel(task);
    addTaps(channel0, firstChannel(task + 1) - channel0, sums, from, workers.scratch(worker));
  }

  /** Combines the sums of all weights to those of the taps, and adds these. */
  private void addTaps(int channel0, int channels, float[] c, int cOff, Scratch scratch) {
    int size = Tile.padRows(channels * s.kw()) * ldc;
    float[] tap = scratch.b(size);
    int taps = s.kh() * s.kw();
    int to = dwOff + channel0 * taps;
    for (int u = 0; u < s.kh(); u++) {
      Combine.run(plan.taps, u, c, cOff, size, tap, 0, size);
      for (int o0 = 0; o0 < s.cout(); o0 += LANES) {
        int o1 = Math.min(s.cout(), o0 + LANES);
        for (int channel = 0; channel < channels; channel++) {
          for (int v = 0; v < s.kw(); v++) {
            int from = (channel * s.kw() + v) * ldc;
            int at = to + channel * taps + u * s.kw() + v;
            for (int o = o0; o < o1; o++) {
              dw[at + o * s.cin() * taps] += tap[from + o];
            }
          }
        }
      }
    }
  }
}
