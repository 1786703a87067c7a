package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * The gradient to the input, that is the transposed convolution, with far more weights than
 * positions (one image, or the discriminators' last layers): the product {@code [positions, cout] *
 * [cout, cin*kh*kw]} takes the weights as they lie, so that they are read once and never
 * transposed. Then each pixel collects what its taps have.
 */
final class ConvFewPositionsInputGrad {
  /** Positions of one image up to which reading the weights costs more than the arithmetic. */
  private static final int MOST_OF_ONE_IMAGE = 256;

  /** The same for several images. */
  private static final int MOST_POSITIONS = 128;

  /** Weights below which there is nothing to save. */
  private static final int LEAST_WEIGHTS = 100_000;

  /** Rows and columns of the weights likewise, for several images. */
  private static final int LEAST = 256;

  private final Workers workers;
  private final VectorGemm gemm;
  private final FewPositions columns;
  private final Parallel.Body collecting = this::collect;
  private float[] product = new float[0];
  private ConvShape s;
  private float[] dx;
  private int dxOff;
  private float[] bias;
  private int biasOff;
  private int tasks;

  ConvFewPositionsInputGrad(Workers workers, VectorGemm gemm, FewPositions columns) {
    this.workers = workers;
    this.gemm = gemm;
    this.columns = columns;
  }

  static boolean suits(ConvShape s) {
    long positions = (long) s.n() * s.oh() * s.ow();
    int columns = s.cin() * s.kh() * s.kw();
    return s.n() == 1
        ? positions <= MOST_OF_ONE_IMAGE && s.cout() * columns >= LEAST_WEIGHTS
        : positions <= MOST_POSITIONS && s.cout() >= LEAST && columns >= LEAST;
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
    this.s = s;
    this.dx = dx;
    this.dxOff = dxOff;
    this.bias = bias;
    this.biasOff = biasOff;
    int positions = FewPositions.count(s);
    int n = s.cin() * s.kh() * s.kw();
    product = workers.grow(product, positions * n);
    float[] a = s.n() == 1 ? dy : columns.small(s, dy, dyOff);
    int aOff = s.n() == 1 ? dyOff : 0;
    gemm.gemm(
        true, false, positions, n, s.cout(), a, aOff, positions, w, wOff, n, 0f, product, 0, n);
    tasks = Math.min(16, s.cin());
    workers.run(tasks, (long) positions * n, collecting);
    this.dx = null;
    this.bias = null;
  }

  /** Some channels of the large side. */
  private void collect(int task, int worker) {
    int taps = s.kh() * s.kw();
    int plane = s.h() * s.w();
    int first = Partition.start(task, tasks, s.cin());
    int end = Partition.start(task + 1, tasks, s.cin());
    for (int image = 0; image < s.n(); image++) {
      for (int c = first; c < end; c++) {
        int to = dxOff + (image * s.cin() + c) * plane;
        Arrays.fill(dx, to, to + plane, bias == null ? 0f : bias[biasOff + c]);
        for (int tap = 0; tap < taps; tap++) {
          addTap(image, to, tap, c * taps + tap);
        }
      }
    }
  }

  /** Adds one column of the product to the plane, each position at its pixel. */
  private void addTap(int image, int plane, int tap, int column) {
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
      int from = ((image * s.oh() + p) * s.ow() + q0) * n + column;
      int at = plane + r * s.w() + q0 * stride + dq;
      for (int q = q0; q < q1; q++) {
        dx[at] += product[from];
        at += stride;
        from += n;
      }
    }
  }
}
