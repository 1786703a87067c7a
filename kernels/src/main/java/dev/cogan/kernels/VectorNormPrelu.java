package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * Batch norm and PReLU in one: x is read from memory once in the forward, x and dy once in the
 * backward; the further passes find them in the second-level cache. A task does some channels, in
 * blocks of neighbours that lie side by side in every image. Images of fewer pixels than a vector
 * are the matter of {@link NormPreluColumns}.
 */
final class VectorNormPrelu {
  /** Floats of an image that a block of channels may cover. */
  private static final int SPAN = 1024;

  private static final int MOST_CHANNELS = 32;

  /** Elements of a channel whose sums may be kept in floats. */
  private static final int FLUSH = VectorReduce.BLOCK;

  private static final int SUMS = 3;
  private static final int SLOT = SUMS * LANES;

  private final Workers workers;
  private final NormPreluColumns columns;
  private final float[][] lanes;
  private final double[][] totals;
  private final Parallel.Body forward = this::forwardBlocks;
  private final Parallel.Body backward = this::backwardBlocks;
  private final Parallel.Body fixedForward = this::fixedForwardBlocks;
  private final Parallel.Body fixedBackward = this::fixedBackwardBlocks;
  private final NormPreluCall call = new NormPreluCall();

  private int span;
  private int tasks;
  private double[] slopeSums = new double[0];

  VectorNormPrelu(Workers workers) {
    this.workers = workers;
    int count = workers.parallel.workers();
    lanes = new float[count][MOST_CHANNELS * SLOT];
    totals = new double[count][MOST_CHANNELS * SUMS];
    columns = new NormPreluColumns(count);
  }

  /** The arguments of the next call, to be filled in by the caller. */
  NormPreluCall call() {
    return call;
  }

  void forward() {
    if (call.n > 0) {
      start(forward);
    }
    call.release();
  }

  void fixedForward() {
    if (call.n > 0) {
      start(fixedForward);
    }
    call.release();
  }

  void fixedBackward() {
    if (call.n > 0) {
      start(fixedBackward);
    }
    call.release();
  }

  void backward() {
    if (call.n > 0) {
      if (slopeSums.length < call.c) {
        slopeSums = new double[call.c];
      }
      start(backward);
      addSlopeGradients();
    }
    call.release();
  }

  private void addSlopeGradients() {
    if (call.dslope == null) {
      return;
    }
    double sum = 0;
    for (int channel = 0; channel < call.c; channel++) {
      if (call.slopes == 1) {
        sum += slopeSums[channel];
      } else {
        call.dslope[call.dslopeOff + channel] += (float) slopeSums[channel];
      }
    }
    if (call.slopes == 1) {
      call.dslope[call.dslopeOff] += (float) sum;
    }
  }

  private void start(Parallel.Body body) {
    span =
        hasFewPixels()
            ? NormPreluColumns.COLUMNS / call.s
            : Math.max(1, Math.min(MOST_CHANNELS, SPAN / call.s));
    tasks = Chunks.ofRows(blocks(), (long) call.n * call.c * call.s);
    workers.share(tasks, body);
  }

  private boolean hasFewPixels() {
    return call.s < LANES;
  }

  private int blocks() {
    return (call.c + span - 1) / span;
  }

  private int firstBlock(int task) {
    return Partition.start(task, tasks, blocks());
  }

  private void forwardBlocks(int task, int worker) {
    for (int block = firstBlock(task); block < firstBlock(task + 1); block++) {
      int first = block * span;
      int end = Math.min(call.c, first + span);
      if (hasFewPixels()) {
        columns.forward(call, first, end, worker);
      } else {
        forwardBlock(first, end, lanes[worker], totals[worker]);
      }
    }
  }

  private void backwardBlocks(int task, int worker) {
    for (int block = firstBlock(task); block < firstBlock(task + 1); block++) {
      int first = block * span;
      int end = Math.min(call.c, first + span);
      if (hasFewPixels()) {
        columns.backward(call, first, end, slopeSums, worker);
      } else {
        backwardBlock(first, end, lanes[worker], totals[worker]);
      }
    }
  }

  /** {@code totals += lanes}, for all channels of a block and {@code count} sums each. */
  private void flush(int channels, int count, float[] lanes, double[] totals) {
    for (int j = 0; j < channels; j++) {
      for (int sum = 0; sum < count; sum++) {
        totals[j * SUMS + sum] += Lanes.total(lanes, j * SLOT + sum * LANES);
      }
    }
    Arrays.fill(lanes, 0, channels * SLOT, 0f);
  }

  private static void clear(int channels, float[] lanes, double[] totals) {
    Arrays.fill(lanes, 0, channels * SLOT, 0f);
    Arrays.fill(totals, 0, channels * SUMS, 0.0);
  }

  private void forwardBlock(int first, int end, float[] lanes, double[] totals) {
    NormPreluCall a = call;
    int s = a.s;
    int channels = end - first;
    double count = (double) a.n * s;
    clear(channels, lanes, totals);
    int pending = 0;
    for (int image = 0; image < a.n; image++) {
      int at = a.xOff + (image * a.c + first) * s;
      for (int j = 0; j < channels; j++) {
        NormPreluRuns.sum(s, a.x, at + j * s, lanes, j * SLOT);
      }
      pending += s;
      if (pending >= FLUSH || image == a.n - 1) {
        flush(channels, 1, lanes, totals);
        pending = 0;
      }
    }
    // A first mean is good enough to sum differences from it; their mean is what it was off by.
    for (int j = 0; j < channels; j++) {
      a.mean[a.meanOff + first + j] = (float) (totals[j * SUMS] / count);
    }
    clear(channels, lanes, totals);
    for (int image = 0; image < a.n; image++) {
      int at = a.xOff + (image * a.c + first) * s;
      for (int j = 0; j < channels; j++) {
        float about = a.mean[a.meanOff + first + j];
        NormPreluRuns.squares(s, a.x, at + j * s, about, lanes, j * SLOT);
      }
      pending += s;
      if (pending >= FLUSH || image == a.n - 1) {
        flush(channels, 2, lanes, totals);
        pending = 0;
      }
    }
    for (int j = 0; j < channels; j++) {
      float about = a.mean[a.meanOff + first + j];
      double off = totals[j * SUMS] / count;
      double variance = Math.max(0, totals[j * SUMS + 1] / count - off * off);
      a.mean[a.meanOff + first + j] = Float.isFinite(about) ? (float) (about + off) : about;
      a.invStd[a.invStdOff + first + j] = (float) (1 / Math.sqrt(variance + a.eps));
    }
    for (int image = 0; image < a.n; image++) {
      int at = (image * a.c + first) * s;
      for (int j = 0; j < channels; j++) {
        int c = first + j;
        int run = at + j * s;
        NormPreluRuns.forward(
            s,
            a.out,
            a.outOff + run,
            a.x,
            a.xOff + run,
            a.mean(c),
            a.scale(c),
            a.shift(c),
            a.slope(c));
      }
    }
  }

  private void backwardBlock(int first, int end, float[] lanes, double[] totals) {
    NormPreluCall a = call;
    int s = a.s;
    int channels = end - first;
    clear(channels, lanes, totals);
    int pending = 0;
    for (int image = 0; image < a.n; image++) {
      int at = (image * a.c + first) * s;
      for (int j = 0; j < channels; j++) {
        int c = first + j;
        int run = at + j * s;
        NormPreluRuns.products(
            s,
            a.dy,
            a.dyOff + run,
            a.x,
            a.xOff + run,
            a.mean(c),
            a.scale(c),
            a.shift(c),
            a.slope(c),
            lanes,
            j * SLOT);
      }
      pending += s;
      if (pending >= FLUSH || image == a.n - 1) {
        flush(channels, SUMS, lanes, totals);
        pending = 0;
      }
    }
    double count = (double) a.n * s;
    for (int j = 0; j < channels; j++) {
      int c = first + j;
      double inv = a.invStd[a.invStdOff + c];
      double sum = totals[j * SUMS];
      double product = inv * totals[j * SUMS + 1];
      if (a.dbeta != null) {
        a.dbeta[a.dbetaOff + c] += (float) sum;
      }
      if (a.dgamma != null) {
        a.dgamma[a.dgammaOff + c] += (float) product;
      }
      slopeSums[c] = totals[j * SUMS + 2];
      totals[j * SUMS] = sum / count;
      totals[j * SUMS + 1] = inv * product / count;
    }
    if (a.out == null) {
      return;
    }
    for (int image = 0; image < a.n; image++) {
      int at = (image * a.c + first) * s;
      for (int j = 0; j < channels; j++) {
        backwardRun(first + j, at + j * s, (float) totals[j * SUMS], (float) totals[j * SUMS + 1]);
      }
    }
  }

  private void backwardRun(int c, int run, float first, float second) {
    NormPreluCall a = call;
    NormPreluRuns.backward(
        a.s,
        a.out,
        a.outOff + run,
        a.dy,
        a.dyOff + run,
        a.x,
        a.xOff + run,
        a.mean(c),
        a.scale(c),
        a.shift(c),
        a.slope(c),
        first,
        second);
  }

  private void fixedForwardBlocks(int task, int worker) {
    NormPreluCall a = call;
    if (hasFewPixels()) {
      for (int block = firstBlock(task); block < firstBlock(task + 1); block++) {
        columns.fixedForward(a, block * span, Math.min(a.c, (block + 1) * span), worker);
      }
      return;
    }
    int to = Math.min(a.c, firstBlock(task + 1) * span);
    for (int image = 0; image < a.n; image++) {
      for (int c = firstBlock(task) * span; c < to; c++) {
        int run = (image * a.c + c) * a.s;
        NormPreluRuns.forward(
            a.s, a.out, a.outOff + run, a.x, a.xOff + run, 0f, a.scale(c), a.shift(c), a.slope(c));
      }
    }
  }

  private void fixedBackwardBlocks(int task, int worker) {
    if (hasFewPixels()) {
      for (int block = firstBlock(task); block < firstBlock(task + 1); block++) {
        columns.fixedBackward(call, block * span, Math.min(call.c, (block + 1) * span), worker);
      }
      return;
    }
    int to = Math.min(call.c, firstBlock(task + 1) * span);
    for (int image = 0; image < call.n; image++) {
      for (int c = firstBlock(task) * span; c < to; c++) {
        backwardRun(c, (image * call.c + c) * call.s, 0f, 0f);
      }
    }
  }
}
