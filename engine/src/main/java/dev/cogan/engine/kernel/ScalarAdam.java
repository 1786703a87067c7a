package dev.cogan.engine.kernel;

/** The step of Adam, on copies that start at index 0, which is what the JIT vectorises. */
final class ScalarAdam implements Parallel.Body {
  /** Elements of a task. */
  private static final int CHUNK = 16_384;

  /** Elements that are copied in and out at once: four arrays of these fit the nearest cache. */
  private static final int BLOCK = 1024;

  private final Parallel parallel;

  /** Per worker: w, g, m, v. */
  private final float[][][] blocks;

  private int len;
  private float[] w;
  private int wOff;
  private float[] g;
  private int gOff;
  private float[] m;
  private int mOff;
  private float[] v;
  private int vOff;
  private float beta1;
  private float beta2;
  private float eps;
  private float stepSize;
  private float invSqrtBias2;
  private float coupledDecay;
  private float decoupledDecay;

  ScalarAdam(Parallel parallel) {
    this.parallel = parallel;
    blocks = new float[parallel.workers()][4][BLOCK];
  }

  void run(
      int len,
      float[] w,
      int wOff,
      float[] g,
      int gOff,
      float[] m,
      int mOff,
      float[] v,
      int vOff,
      float beta1,
      float beta2,
      float eps,
      float stepSize,
      float invSqrtBias2,
      float coupledDecay,
      float decoupledDecay) {
    this.len = len;
    this.w = w;
    this.wOff = wOff;
    this.g = g;
    this.gOff = gOff;
    this.m = m;
    this.mOff = mOff;
    this.v = v;
    this.vOff = vOff;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
    this.stepSize = stepSize;
    this.invSqrtBias2 = invSqrtBias2;
    this.coupledDecay = coupledDecay;
    this.decoupledDecay = decoupledDecay;
    parallel.run(len / CHUNK + (len % CHUNK == 0 ? 0 : 1), this);
  }

  @Override
  public void run(int task, int worker) {
    float[] blockW = blocks[worker][0];
    float[] blockG = blocks[worker][1];
    float[] blockM = blocks[worker][2];
    float[] blockV = blocks[worker][3];
    int end = Math.min(len - task * CHUNK, CHUNK) + task * CHUNK;
    for (int at = task * CHUNK; at < end; at += BLOCK) {
      int n = Math.min(BLOCK, end - at);
      System.arraycopy(w, wOff + at, blockW, 0, n);
      System.arraycopy(g, gOff + at, blockG, 0, n);
      System.arraycopy(m, mOff + at, blockM, 0, n);
      System.arraycopy(v, vOff + at, blockV, 0, n);
      moments(n, blockG, blockM, blockV, blockW, beta1, beta2, coupledDecay);
      step(n, blockW, blockM, blockV, eps, stepSize, invSqrtBias2, decoupledDecay);
      System.arraycopy(blockW, 0, w, wOff + at, n);
      System.arraycopy(blockM, 0, m, mOff + at, n);
      System.arraycopy(blockV, 0, v, vOff + at, n);
    }
  }

  private static void moments(
      int n, float[] g, float[] m, float[] v, float[] w, float beta1, float beta2, float decay) {
    float rest1 = 1 - beta1;
    float rest2 = 1 - beta2;
    for (int j = 0; j < n; j++) {
      float gradient = g[j] + decay * w[j];
      m[j] = beta1 * m[j] + rest1 * gradient;
      v[j] = beta2 * v[j] + rest2 * gradient * gradient;
    }
  }

  private static void step(
      int n,
      float[] w,
      float[] m,
      float[] v,
      float eps,
      float stepSize,
      float invSqrtBias2,
      float decay) {
    for (int j = 0; j < n; j++) {
      float root = (float) Math.sqrt(v[j]);
      w[j] = w[j] - decay * w[j] - stepSize * m[j] / (root * invSqrtBias2 + eps);
    }
  }
}
