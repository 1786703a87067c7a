package dev.cogan.kernels;

/**
 * The arguments of one call of {@link VectorNormPrelu}, named as in the contract. With fixed
 * statistics {@code scale} and {@code shift} are given instead of {@code gamma}, {@code beta},
 * {@code mean} and {@code invStd}.
 */
final class NormPreluCall {
  int n;
  int c;
  int s;
  float eps;
  float[] out;
  int outOff;
  float[] dy;
  int dyOff;
  float[] x;
  int xOff;
  float[] gamma;
  int gammaOff;
  float[] beta;
  int betaOff;
  float[] slope;
  int slopeOff;
  int slopes;
  float[] mean;
  int meanOff;
  float[] invStd;
  int invStdOff;
  float[] dgamma;
  int dgammaOff;
  float[] dbeta;
  int dbetaOff;
  float[] dslope;
  int dslopeOff;

  /** Whether gamma and beta are scale and shift. */
  boolean fixed;

  float mean(int channel) {
    return fixed ? 0f : mean[meanOff + channel];
  }

  float scale(int channel) {
    float factor = gamma == null ? 1f : gamma[gammaOff + channel];
    return fixed ? factor : invStd[invStdOff + channel] * factor;
  }

  float shift(int channel) {
    return beta == null ? 0f : beta[betaOff + channel];
  }

  float slope(int channel) {
    return slope[slopeOff + (slopes == 1 ? 0 : channel)];
  }

  void sizes(int n, int c, int s) {
    this.n = n;
    this.c = c;
    this.s = s;
  }

  void arrays(float[] out, int outOff, float[] dy, int dyOff, float[] x, int xOff) {
    this.out = out;
    this.outOff = outOff;
    this.dy = dy;
    this.dyOff = dyOff;
    this.x = x;
    this.xOff = xOff;
  }

  void affine(boolean fixed, float[] gamma, int gammaOff, float[] beta, int betaOff) {
    this.fixed = fixed;
    this.gamma = gamma;
    this.gammaOff = gammaOff;
    this.beta = beta;
    this.betaOff = betaOff;
  }

  void slopes(float[] slope, int slopeOff, int slopes) {
    this.slope = slope;
    this.slopeOff = slopeOff;
    this.slopes = slopes;
  }

  void statistics(float[] mean, int meanOff, float[] invStd, int invStdOff) {
    this.mean = mean;
    this.meanOff = meanOff;
    this.invStd = invStd;
    this.invStdOff = invStdOff;
  }

  void gradients(
      float[] dgamma, int dgammaOff, float[] dbeta, int dbetaOff, float[] dslope, int dslopeOff) {
    this.dgamma = dgamma;
    this.dgammaOff = dgammaOff;
    this.dbeta = dbeta;
    this.dbetaOff = dbetaOff;
    this.dslope = dslope;
    this.dslopeOff = dslopeOff;
  }

  /** Lets go of the arrays. */
  void release() {
    arrays(null, 0, null, 0, null, 0);
    affine(false, null, 0, null, 0);
    slopes(null, 0, 0);
    statistics(null, 0, null, 0);
    gradients(null, 0, null, 0, null, 0);
  }
}
