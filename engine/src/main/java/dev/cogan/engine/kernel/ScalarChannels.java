package dev.cogan.engine.kernel;

/**
 * What works channel by channel without a reduction: bias, scale and shift, PReLU forward. A task
 * does some of the {@code n*c} rows of {@code s} pixels.
 */
final class ScalarChannels implements Parallel.Body {
  /** Elements of a task, roughly. */
  private static final int CHUNK = 16_384;

  private enum Op {
    ADD_BIAS,
    SCALE_SHIFT,
    PRELU
  }

  private final Parallel parallel;

  private Op op;
  private int rows;
  private int c;
  private int s;
  private float[] y;
  private int yOff;
  private float[] x;
  private int xOff;
  private float[] factor;
  private int factorOff;
  private float[] shift;
  private int shiftOff;
  private int slopes;
  private int rowsPerTask;

  ScalarChannels(Parallel parallel) {
    this.parallel = parallel;
  }

  void addBias(int n, int c, int s, float[] y, int yOff, float[] bias, int biasOff) {
    this.shift = bias;
    this.shiftOff = biasOff;
    start(Op.ADD_BIAS, n, c, s, y, yOff, y, yOff);
  }

  void scaleShift(
      int n,
      int c,
      int s,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] scale,
      int scaleOff,
      float[] shift,
      int shiftOff) {
    this.factor = scale;
    this.factorOff = scaleOff;
    this.shift = shift;
    this.shiftOff = shiftOff;
    start(Op.SCALE_SHIFT, n, c, s, y, yOff, x, xOff);
  }

  void prelu(
      int n,
      int c,
      int s,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] slope,
      int slopeOff,
      int slopes) {
    this.factor = slope;
    this.factorOff = slopeOff;
    this.slopes = slopes;
    start(Op.PRELU, n, c, s, y, yOff, x, xOff);
  }

  private void start(Op op, int n, int c, int s, float[] y, int yOff, float[] x, int xOff) {
    this.op = op;
    this.rows = n * c;
    this.c = c;
    this.s = s;
    this.y = y;
    this.yOff = yOff;
    this.x = x;
    this.xOff = xOff;
    rowsPerTask = Math.max(1, CHUNK / s);
    parallel.run((rows + rowsPerTask - 1) / rowsPerTask, this);
  }

  @Override
  public void run(int task, int worker) {
    int end = Math.min(rows, (task + 1) * rowsPerTask);
    for (int row = task * rowsPerTask; row < end; row++) {
      int channel = row % c;
      int yAt = yOff + row * s;
      int xAt = xOff + row * s;
      switch (op) {
        case ADD_BIAS -> addBiasRow(s, y, yAt, shift[shiftOff + channel]);
        case SCALE_SHIFT ->
            scaleShiftRow(
                s, y, yAt, x, xAt, factor[factorOff + channel], shift[shiftOff + channel]);
        case PRELU ->
            ScalarActivations.leaky(
                s, factor[factorOff + (slopes == 1 ? 0 : channel)], y, yAt, x, xAt);
      }
    }
  }

  private static void addBiasRow(int s, float[] y, int at, float bias) {
    for (int j = 0; j < s; j++) {
      y[at + j] += bias;
    }
  }

  private static void scaleShiftRow(
      int s, float[] y, int yAt, float[] x, int xAt, float scale, float shift) {
    for (int j = 0; j < s; j++) {
      y[yAt + j] = x[xAt + j] * scale + shift;
    }
  }
}
