package dev.cogan.engine.kernel;

/** The step of Adam and AdamW. */
interface ReferenceAdam extends Kernels {

  @Override
  default void adam(
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
    for (int i = 0; i < len; i++) {
      double weight = w[wOff + i];
      double gradient = g[gOff + i] + coupledDecay * weight;
      double first = beta1 * (double) m[mOff + i] + (1.0 - beta1) * gradient;
      double second = beta2 * (double) v[vOff + i] + (1.0 - beta2) * gradient * gradient;
      m[mOff + i] = (float) first;
      v[vOff + i] = (float) second;
      w[wOff + i] =
          (float)
              (weight
                  - decoupledDecay * weight
                  - stepSize * first / (Math.sqrt(second) * invSqrtBias2 + eps));
    }
  }
}
