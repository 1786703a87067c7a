package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.exact;
import static dev.cogan.kernels.Exact.load;
import static dev.cogan.kernels.Exact.spread;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** One step of Adam (Kingma and Ba 2015), one pass through weights, gradients and moments. */
final class VectorAdam implements Parallel.Body {
  private final Workers workers;

  private int tasks;
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

  VectorAdam(Workers workers) {
    this.workers = workers;
  }

  void step(
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
    tasks = Chunks.count(len);
    workers.share(tasks, this);
    this.w = null;
    this.g = null;
    this.m = null;
    this.v = null;
  }

  @Override
  public void run(int task, int worker) {
    float[] w = this.w;
    float[] g = this.g;
    float[] m = this.m;
    float[] v = this.v;
    FloatVector keep1 = spread(beta1);
    FloatVector keep2 = spread(beta2);
    FloatVector new1 = spread(1 - beta1);
    FloatVector new2 = spread(1 - beta2);
    FloatVector coupled = spread(coupledDecay);
    FloatVector decoupled = spread(-decoupledDecay);
    FloatVector step = spread(stepSize);
    FloatVector bias = spread(invSqrtBias2);
    FloatVector small = spread(eps);
    int i = Chunks.start(task, tasks, len);
    int to = Chunks.start(task + 1, tasks, len);
    for (; i <= to - LANES; i += LANES) {
      FloatVector weight = load(w, wOff + i);
      FloatVector gradient = exact(weight.fma(coupled, load(g, gOff + i)));
      FloatVector first = exact(load(m, mOff + i).mul(keep1));
      first = exact(gradient.fma(new1, first));
      FloatVector second = exact(load(v, vOff + i).mul(keep2));
      second = exact(exact(gradient.mul(gradient)).fma(new2, second));
      first.intoArray(m, mOff + i);
      second.intoArray(v, vOff + i);
      FloatVector root = exact(second.lanewise(VectorOperators.SQRT)).fma(bias, small);
      FloatVector change = exact(first.mul(step)).div(root);
      exact(exact(weight.fma(decoupled, weight)).sub(change)).intoArray(w, wOff + i);
    }
    for (; i < to; i++) {
      float weight = w[wOff + i];
      float gradient = Math.fma(weight, coupledDecay, g[gOff + i]);
      float first = Math.fma(gradient, 1 - beta1, m[mOff + i] * beta1);
      float second = Math.fma(gradient * gradient, 1 - beta2, v[vOff + i] * beta2);
      m[mOff + i] = first;
      v[vOff + i] = second;
      float root = Math.fma((float) Math.sqrt(second), invSqrtBias2, eps);
      w[wOff + i] = Math.fma(weight, -decoupledDecay, weight) - first * stepSize / root;
    }
  }
}
