package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sigmoid and tanh. The exponential is computed here, with fused multiply-adds only, because the
 * Vector API's own differs in its last bits between interpreted and compiled code. Tails use the
 * same steps on single floats, so an element's result does not depend on where it stands.
 */
final class VectorSigmoids {
  // exp(x) = 2^k * exp(r) with k = x / ln 2 rounded, |r| <= ln 2 / 2, and ln 2 in two parts, the
  // first with enough zero bits that k * LN2_HIGH is exact (Cody and Waite 1980).
  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /** 1.5 * 2^23: adding it rounds to an integer, which the low bits of the sum then hold. */
  private static final float ROUND = 12_582_912f;

  /** Beyond these, 2^k would not be a normal float. */
  private static final float LEAST = -87f;

  private static final float MOST = 88f;

  // Coefficients of exp(r) on |r| <= ln 2 / 2 (Cephes, expf).
  private static final float P5 = 1.9875691500e-4f;
  private static final float P4 = 1.3981999507e-3f;
  private static final float P3 = 8.3334519073e-3f;
  private static final float P2 = 4.1665795894e-2f;
  private static final float P1 = 1.6666665459e-1f;
  private static final float P0 = 5.0000001201e-1f;

  private final Workers workers;
  private final Parallel.Body sigmoid = this::sigmoidChunk;
  private final Parallel.Body sigmoidGradient = this::sigmoidGradientChunk;
  private final Parallel.Body tanh = this::tanhChunk;
  private final Parallel.Body tanhGradient = this::tanhGradientChunk;

  private int tasks;
  private int len;
  private float[] out;
  private int outOff;
  private float[] dy;
  private int dyOff;
  private float[] in;
  private int inOff;

  VectorSigmoids(Workers workers) {
    this.workers = workers;
  }

  void sigmoidForward(int len, float[] y, int yOff, float[] x, int xOff) {
    share(len, y, yOff, null, 0, x, xOff, sigmoid);
  }

  void sigmoidBackward(int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    share(len, dx, dxOff, dy, dyOff, y, yOff, sigmoidGradient);
  }

  void tanhForward(int len, float[] y, int yOff, float[] x, int xOff) {
    share(len, y, yOff, null, 0, x, xOff, tanh);
  }

  void tanhBackward(int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    share(len, dx, dxOff, dy, dyOff, y, yOff, tanhGradient);
  }

  private void share(
      int len,
      float[] out,
      int outOff,
      float[] dy,
      int dyOff,
      float[] in,
      int inOff,
      Parallel.Body body) {
    this.len = len;
    this.out = out;
    this.outOff = outOff;
    this.dy = dy;
    this.dyOff = dyOff;
    this.in = in;
    this.inOff = inOff;
    tasks = Chunks.count(len);
    workers.share(tasks, body);
    this.out = null;
    this.dy = null;
    this.in = null;
  }

  private void sigmoidChunk(int task, int worker) {
    int i = Chunks.start(task, tasks, len);
    int to = Chunks.start(task + 1, tasks, len);
    FloatVector one = spread(1f);
    for (; i <= to - LANES; i += LANES) {
      FloatVector x = load(in, inOff + i);
      exact(one.div(exact(exp(x.neg())).add(1f))).intoArray(out, outOff + i);
    }
    for (; i < to; i++) {
      out[outOff + i] = 1f / (exp(-in[inOff + i]) + 1f);
    }
  }

  private void tanhChunk(int task, int worker) {
    int i = Chunks.start(task, tasks, len);
    int to = Chunks.start(task + 1, tasks, len);
    FloatVector one = spread(1f);
    FloatVector two = spread(2f);
    for (; i <= to - LANES; i += LANES) {
      FloatVector x = load(in, inOff + i);
      exact(one.sub(two.div(exact(exp(x.add(x))).add(1f)))).intoArray(out, outOff + i);
    }
    for (; i < to; i++) {
      float x = in[inOff + i];
      out[outOff + i] = 1f - 2f / (exp(x + x) + 1f);
    }
  }

  private void sigmoidGradientChunk(int task, int worker) {
    int i = Chunks.start(task, tasks, len);
    int to = Chunks.start(task + 1, tasks, len);
    FloatVector one = spread(1f);
    for (; i <= to - LANES; i += LANES) {
      FloatVector y = load(in, inOff + i);
      FloatVector g = load(dy, dyOff + i);
      exact(exact(g.mul(y)).mul(one.sub(y))).intoArray(out, outOff + i);
    }
    for (; i < to; i++) {
      float y = in[inOff + i];
      out[outOff + i] = dy[dyOff + i] * y * (1f - y);
    }
  }

  private void tanhGradientChunk(int task, int worker) {
    int i = Chunks.start(task, tasks, len);
    int to = Chunks.start(task + 1, tasks, len);
    FloatVector one = spread(1f);
    for (; i <= to - LANES; i += LANES) {
      FloatVector y = load(in, inOff + i);
      FloatVector g = load(dy, dyOff + i);
      exact(g.mul(one.sub(y.mul(y)))).intoArray(out, outOff + i);
    }
    for (; i < to; i++) {
      float y = in[inOff + i];
      out[outOff + i] = dy[dyOff + i] * (1f - y * y);
    }
  }

  private static FloatVector exp(FloatVector x) {
    FloatVector t = exact(exact(exact(x).max(LEAST)).min(MOST));
    FloatVector rounded = exact(t.fma(spread(LOG2_E), spread(ROUND)));
    FloatVector k = exact(rounded.sub(ROUND));
    FloatVector r = exact(k.fma(spread(-LN2_LOW), k.fma(spread(-LN2_HIGH), t)));
    FloatVector p = exact(spread(P5).fma(r, spread(P4)));
    p = exact(p.fma(r, spread(P3)));
    p = exact(p.fma(r, spread(P2)));
    p = exact(p.fma(r, spread(P1)));
    p = exact(p.fma(r, spread(P0)));
    p = exact(p.fma(r.mul(r), r.add(1f)));
    IntVector bits = exact(exact(rounded.reinterpretAsInts()).lanewise(VectorOperators.LSHL, 23));
    return p.mul(exact(bits.add(0x3f800000)).reinterpretAsFloats());
  }

  private static float exp(float x) {
    float t = Math.min(Math.max(x, LEAST), MOST);
    float rounded = Math.fma(t, LOG2_E, ROUND);
    float k = rounded - ROUND;
    float r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, t));
    float p = Math.fma(P5, r, P4);
    p = Math.fma(p, r, P3);
    p = Math.fma(p, r, P2);
    p = Math.fma(p, r, P1);
    p = Math.fma(p, r, P0);
    p = Math.fma(p, r * r, r + 1f);
    return p * Float.intBitsToFloat((Float.floatToRawIntBits(rounded) << 23) + 0x3f800000);
  }
}
