package dev.cogan.engine.kernel;

/**
 * Activations without parameters, chunk by chunk. These loops wait for memory, not for arithmetic,
 * so they stay plain.
 */
final class ScalarActivations implements Parallel.Body {
  /** Elements of a task. */
  private static final int CHUNK = 16_384;

  private enum Op {
    LEAKY_FORWARD,
    LEAKY_BACKWARD,
    SIGMOID_FORWARD,
    SIGMOID_BACKWARD,
    TANH_FORWARD,
    TANH_BACKWARD
  }

  private final Parallel parallel;

  private Op op;
  private int len;
  private float slope;
  private float[] out;
  private int outOff;
  private float[] in;
  private int inOff;
  private float[] kept;
  private int keptOff;

  ScalarActivations(Parallel parallel) {
    this.parallel = parallel;
  }

  void leakyForward(int len, float slope, float[] y, int yOff, float[] x, int xOff) {
    this.slope = slope;
    start(Op.LEAKY_FORWARD, len, y, yOff, x, xOff, x, xOff);
  }

  void leakyBackward(
      int len, float slope, float[] dx, int dxOff, float[] dy, int dyOff, float[] x, int xOff) {
    this.slope = slope;
    start(Op.LEAKY_BACKWARD, len, dx, dxOff, dy, dyOff, x, xOff);
  }

  void sigmoidForward(int len, float[] y, int yOff, float[] x, int xOff) {
    start(Op.SIGMOID_FORWARD, len, y, yOff, x, xOff, x, xOff);
  }

  void sigmoidBackward(int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    start(Op.SIGMOID_BACKWARD, len, dx, dxOff, dy, dyOff, y, yOff);
  }

  void tanhForward(int len, float[] y, int yOff, float[] x, int xOff) {
    start(Op.TANH_FORWARD, len, y, yOff, x, xOff, x, xOff);
  }

  void tanhBackward(int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    start(Op.TANH_BACKWARD, len, dx, dxOff, dy, dyOff, y, yOff);
  }

  private void start(
      Op op, int len, float[] out, int outOff, float[] in, int inOff, float[] kept, int keptOff) {
    this.op = op;
    this.len = len;
    this.out = out;
    this.outOff = outOff;
    this.in = in;
    this.inOff = inOff;
    this.kept = kept;
    this.keptOff = keptOff;
    parallel.run(len / CHUNK + (len % CHUNK == 0 ? 0 : 1), this);
  }

  @Override
  public void run(int task, int worker) {
    int from = task * CHUNK;
    int n = Math.min(CHUNK, len - from);
    int o = outOff + from;
    int i = inOff + from;
    int k = keptOff + from;
    switch (op) {
      case LEAKY_FORWARD -> leaky(n, slope, out, o, in, i);
      case LEAKY_BACKWARD -> leakyGrad(n, slope, out, o, in, i, kept, k);
      case SIGMOID_FORWARD -> sigmoid(n, out, o, in, i);
      case SIGMOID_BACKWARD -> sigmoidGrad(n, out, o, in, i, kept, k);
      case TANH_FORWARD -> tanh(n, out, o, in, i);
      case TANH_BACKWARD -> tanhGrad(n, out, o, in, i, kept, k);
    }
  }

  /** {@code y = x > 0 ? x : slope * x}; also PReLU, channel by channel. */
  static void leaky(int n, float slope, float[] y, int yAt, float[] x, int xAt) {
    for (int j = 0; j < n; j++) {
      float value = x[xAt + j];
      y[yAt + j] = value > 0 ? value : slope * value;
    }
  }

  /** {@code dx = x > 0 ? dy : slope * dy}; also PReLU, channel by channel. */
  static void leakyGrad(
      int n, float slope, float[] dx, int dxAt, float[] dy, int dyAt, float[] x, int xAt) {
    for (int j = 0; j < n; j++) {
      float value = dy[dyAt + j];
      dx[dxAt + j] = x[xAt + j] > 0 ? value : slope * value;
    }
  }

  private static void sigmoid(int n, float[] y, int yAt, float[] x, int xAt) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = FloatMath.sigmoid(x[xAt + j]);
    }
  }

  private static void sigmoidGrad(
      int n, float[] dx, int dxAt, float[] dy, int dyAt, float[] y, int yAt) {
    for (int j = 0; j < n; j++) {
      float out = y[yAt + j];
      dx[dxAt + j] = dy[dyAt + j] * out * (1 - out);
    }
  }

  private static void tanh(int n, float[] y, int yAt, float[] x, int xAt) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = FloatMath.tanh(x[xAt + j]);
    }
  }

  private static void tanhGrad(
      int n, float[] dx, int dxAt, float[] dy, int dyAt, float[] y, int yAt) {
    for (int j = 0; j < n; j++) {
      float out = y[yAt + j];
      dx[dxAt + j] = dy[dyAt + j] * (1 - out * out);
    }
  }
}
