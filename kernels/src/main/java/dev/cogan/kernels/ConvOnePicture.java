package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;

/**
 * The gradient to the input, that is the transposed convolution, of one image with many channels:
 * the product {@code [positions, cout] * [cout, cin*kh*kw]} takes the weights as they lie, so that
 * they are read once and never transposed; they are far more than the image. Then each pixel
 * collects what its taps have.
 */
final class ConvOnePicture implements Parallel.Body {
  /** Positions up to which reading the weights costs more than the arithmetic. */
  private static final int MOST_POSITIONS = 256;

  /** Weights below which there is nothing to save. */
  private static final int LEAST_WEIGHTS = 100_000;

  private final Workers workers;
  private final VectorGemm gemm;
  private float[] product = new float[0];
  private ConvShape s;
  private float[] dx;
  private int dxOff;
  private float[] bias;
  private int biasOff;
  private int tasks;

  ConvOnePicture(Workers workers, VectorGemm gemm) {
    this.workers = workers;
    this.gemm = gemm;
  }

  boolean suits(ConvShape s) {
    return s.n() == 1
        && s.oh() * s.ow() <= MOST_POSITIONS
        && s.cout() * s.cin() * s.kh() * s.kw() >= LEAST_WEIGHTS;
  }

  void run(
      ConvShape s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    int positions = s.oh() * s.ow();
    int n = s.cin() * s.kh() * s.kw();
    product = workers.grow(product, positions * n);
    gemm.gemm(
        true, false, positions, n, s.cout(), dy, dyOff, positions, w, wOff, n, 0f, product, 0, n);
    this.s = s;
    this.dx = dx;
    this.dxOff = dxOff;
    this.bias = bias;
    this.biasOff = biasOff;
    tasks = Math.min(16, s.cin());
    workers.run(tasks, (long) positions * n, this);
    this.dx = null;
    this.bias = null;
  }

  /** Some channels of the large side. */
  @Override
  public void run(int task, int worker) {
    int taps = s.kh() * s.kw();
    int to = Partition.start(task + 1, tasks, s.cin());
    for (int c = Partition.start(task, tasks, s.cin()); c < to; c++) {
      int plane = dxOff + c * s.h() * s.w();
      java.util.Arrays.fill(
          dx, plane, plane + s.h() * s.w(), bias == null ? 0f : bias[biasOff + c]);
      for (int tap = 0; tap < taps; tap++) {
        addTap(plane, tap, c * taps + tap);
      }
    }
  }

  /** Adds one column of the product to the plane, each position at its pixel. */
  private void addTap(int plane, int tap, int column) {
    int n = s.cin() * s.kh() * s.kw();
    int stride = s.stride();
    int dr = tap / s.kw() - s.pad();
    int dq = tap % s.kw() - s.pad();
    int q0 = dq >= 0 ? 0 : (-dq + stride - 1) / stride;
    int q1 = Math.min(s.ow(), Math.floorDiv(s.w() - 1 - dq, stride) + 1);
    for (int p = 0; p < s.oh(); p++) {
      int r = p * stride + dr;
      if (r < 0 || r >= s.h()) {
        continue;
      }
      int from = (p * s.ow() + q0) * n + column;
      int at = plane + r * s.w() + q0 * stride + dq;
      for (int q = q0; q < q1; q++) {
        dx[at] += product[from];
        at += stride;
        from += n;
      }
    }
  }
}
