package dev.cogan.engine.kernel;

/** Element by element arithmetic and reductions over whole arrays, in chunks of a fixed size. */
final class ScalarElementwise implements Parallel.Body {
  /** Elements of a task. */
  private static final int CHUNK = 32_768;

  private enum Op {
    MULTIPLY,
    AXPY,
    SUM,
    SUM_OF_SQUARES,
    FIRST_NON_FINITE
  }

  private final Parallel parallel;

  private Op op;
  private int len;
  private float alpha;
  private float[] y;
  private int yOff;
  private float[] a;
  private int aOff;
  private float[] b;
  private int bOff;

  /** One result per chunk, put together in order afterwards. */
  private double[] partial = new double[0];

  ScalarElementwise(Parallel parallel) {
    this.parallel = parallel;
  }

  void multiply(int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff) {
    this.y = y;
    this.yOff = yOff;
    this.b = b;
    this.bOff = bOff;
    start(Op.MULTIPLY, len, a, aOff);
  }

  void axpy(int len, float alpha, float[] y, int yOff, float[] x, int xOff) {
    this.alpha = alpha;
    this.y = y;
    this.yOff = yOff;
    start(Op.AXPY, len, x, xOff);
  }

  double sum(int len, float[] x, int xOff) {
    return reduce(Op.SUM, len, x, xOff);
  }

  double sumOfSquares(int len, float[] x, int xOff) {
    return reduce(Op.SUM_OF_SQUARES, len, x, xOff);
  }

  int firstNonFinite(int len, float[] x, int xOff) {
    int chunks = grow(len);
    start(Op.FIRST_NON_FINITE, len, x, xOff);
    for (int chunk = 0; chunk < chunks; chunk++) {
      if (partial[chunk] >= 0) {
        return chunk * CHUNK + (int) partial[chunk];
      }
    }
    return -1;
  }

  private double reduce(Op op, int len, float[] x, int xOff) {
    int chunks = grow(len);
    start(op, len, x, xOff);
    double sum = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      sum += partial[chunk];
    }
    return sum;
  }

  private static int chunks(int len) {
    return len / CHUNK + (len % CHUNK == 0 ? 0 : 1);
  }

  private int grow(int len) {
    int chunks = chunks(len);
    if (partial.length < chunks) {
      partial = new double[chunks];
    }
    return chunks;
  }

  private void start(Op op, int len, float[] a, int aOff) {
    this.op = op;
    this.len = len;
    this.a = a;
    this.aOff = aOff;
    parallel.run(chunks(len), this);
  }

  @Override
  public void run(int task, int worker) {
    int from = task * CHUNK;
    int n = Math.min(CHUNK, len - from);
    switch (op) {
      case MULTIPLY -> multiplyChunk(n, y, yOff + from, a, aOff + from, b, bOff + from);
      case AXPY -> axpyChunk(n, alpha, y, yOff + from, a, aOff + from);
      case SUM -> partial[task] = sumRun(n, a, aOff + from);
      case SUM_OF_SQUARES -> partial[task] = sumOfSquaresChunk(n, a, aOff + from);
      case FIRST_NON_FINITE -> partial[task] = firstNonFiniteChunk(n, a, aOff + from);
    }
  }

  private static void multiplyChunk(
      int n, float[] y, int yAt, float[] a, int aAt, float[] b, int bAt) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = a[aAt + j] * b[bAt + j];
    }
  }

  private static void axpyChunk(int n, float alpha, float[] y, int yAt, float[] x, int xAt) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] += alpha * x[xAt + j];
    }
  }

  /** Sum in double precision; four sums side by side hide the latency of the addition. */
  static double sumRun(int n, float[] x, int at) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      s0 += x[at + j];
      s1 += x[at + j + 1];
      s2 += x[at + j + 2];
      s3 += x[at + j + 3];
    }
    for (; j < n; j++) {
      s0 += x[at + j];
    }
    return s0 + s1 + (s2 + s3);
  }

  private static double sumOfSquaresChunk(int n, float[] x, int at) {
    double s0 = 0;
    double s1 = 0;
    int j = 0;
    for (; j + 2 <= n; j += 2) {
      double x0 = x[at + j];
      double x1 = x[at + j + 1];
      s0 += x0 * x0;
      s1 += x1 * x1;
    }
    if (j < n) {
      s0 += (double) x[at + j] * x[at + j];
    }
    return s0 + s1;
  }

  private static int firstNonFiniteChunk(int n, float[] x, int at) {
    for (int j = 0; j < n; j++) {
      // False for NaN as well.
      if (!(Math.abs(x[at + j]) <= Float.MAX_VALUE)) {
        return j;
      }
    }
    return -1;
  }
}
