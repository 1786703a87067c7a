package dev.cogan.engine.kernel;

/**
 * Plain Java that runs everywhere and that HotSpot's C2 turns into vector code: the fallback where
 * the Vector API is not to be had, and a {@code new} away for who wants no lookup. This class only
 * hands on; the arithmetic stands in a class per family: {@code ScalarGemm} over {@code
 * ScalarPanel}, {@code ScalarConv} (with {@code ScalarConvForward}, {@code ScalarConvInputGrad},
 * {@code ScalarConvWeightGrad}), {@code ScalarPool}, {@code ScalarNorm}, {@code ScalarNormPrelu},
 * {@code ScalarChannels}, {@code ScalarChannelSums}, {@code ScalarActivations}, {@code
 * ScalarElementwise} and {@code ScalarAdam}.
 *
 * <p>Scratch memory: about 0.6 MB per worker, 1.2 MB more per worker after an input gradient with
 * more than 256 channels on the small side, and at most 2 MB in all for weight gradients.
 */
public final class ScalarKernels implements Kernels {
  private final Parallel parallel;
  private final ScalarGemm gemm;
  private final ScalarConv conv;
  private final ScalarPool pool;
  private final ScalarNorm norm;
  private final ScalarNormPrelu normPrelu;
  private final ScalarChannels channels;
  private final ScalarChannelSums channelSums;
  private final ScalarActivations activations;
  private final ScalarElementwise elementwise;
  private final ScalarAdam adam;

  /** Kernels in the caller's thread. */
  public ScalarKernels() {
    this(Parallel.none());
  }

  /**
   * Kernels that spread their work.
   *
   * @param parallel how; the results do not depend on it
   */
  public ScalarKernels(Parallel parallel) {
    this.parallel = parallel;
    ScalarPanel[] panels = new ScalarPanel[parallel.workers()];
    for (int worker = 0; worker < panels.length; worker++) {
      panels[worker] = new ScalarPanel();
    }
    Parallel guarded = new OneCaller(parallel);
    gemm = new ScalarGemm(guarded, panels);
    conv = new ScalarConv(guarded, panels, gemm);
    pool = new ScalarPool(guarded);
    norm = new ScalarNorm(guarded);
    normPrelu = new ScalarNormPrelu(guarded);
    channels = new ScalarChannels(guarded);
    channelSums = new ScalarChannelSums(guarded);
    activations = new ScalarActivations(guarded);
    elementwise = new ScalarElementwise(guarded);
    adam = new ScalarAdam(guarded);
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String describe() {
    return "scalar kernels: plain Java";
  }

  @Override
  public Parallel parallel() {
    return parallel;
  }

  @Override
  public long scratchBytes() {
    return (long) parallel.workers() * ScalarPanel.BYTES + conv.scratchBytes();
  }

  @Override
  public void gemm(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      float beta,
      float[] c,
      int cOff,
      int ldc) {
    gemm.run(transA, transB, m, n, k, a, aOff, lda, b, bOff, ldb, beta, c, cOff, ldc);
  }

  @Override
  public void convForward(
      ConvShape shape,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    conv.forward(shape, y, yOff, x, xOff, w, wOff, bias, biasOff);
  }

  @Override
  public void convInputGrad(
      ConvShape shape,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    conv.inputGrad(shape, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
  }

  @Override
  public void convWeightGrad(
      ConvShape shape, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    conv.weightGrad(shape, dw, dwOff, x, xOff, dy, dyOff);
  }

  @Override
  public void addBias(int n, int c, int s, float[] y, int yOff, float[] bias, int biasOff) {
    channels.addBias(n, c, s, y, yOff, bias, biasOff);
  }

  @Override
  public void biasGrad(int n, int c, int s, float[] dbias, int dbiasOff, float[] dy, int dyOff) {
    channelSums.biasGrad(n, c, s, dbias, dbiasOff, dy, dyOff);
  }

  @Override
  public void maxPoolForward(
      int planes,
      int h,
      int w,
      int size,
      float[] y,
      int yOff,
      int[] argmax,
      int argmaxOff,
      float[] x,
      int xOff) {
    pool.run(false, planes, h, w, size, y, yOff, argmax, argmaxOff, x, xOff);
  }

  @Override
  public void maxPoolBackward(
      int planes,
      int h,
      int w,
      int size,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      int[] argmax,
      int argmaxOff) {
    pool.run(true, planes, h, w, size, dy, dyOff, argmax, argmaxOff, dx, dxOff);
  }

  @Override
  public void batchNormForward(
      int n,
      int c,
      int s,
      float eps,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] beta,
      int betaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff) {
    norm.forward(
        n, c, s, eps, y, yOff, x, xOff, gamma, gammaOff, beta, betaOff, mean, meanOff, invStd,
        invStdOff);
  }

  @Override
  public void batchNormBackward(
      int n,
      int c,
      int s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff,
      float[] dgamma,
      int dgammaOff,
      float[] dbeta,
      int dbetaOff) {
    norm.backward(
        n, c, s, dx, dxOff, dy, dyOff, x, xOff, gamma, gammaOff, mean, meanOff, invStd, invStdOff,
        dgamma, dgammaOff, dbeta, dbetaOff);
  }

  @Override
  public void scaleShift(
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
    channels.scaleShift(n, c, s, y, yOff, x, xOff, scale, scaleOff, shift, shiftOff);
  }

  @Override
  public void preluForward(
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
    channels.prelu(n, c, s, y, yOff, x, xOff, slope, slopeOff, slopes);
  }

  @Override
  public void preluBackward(
      int n,
      int c,
      int s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] slope,
      int slopeOff,
      int slopes,
      float[] dslope,
      int dslopeOff) {
    channelSums.preluBackward(
        n, c, s, dx, dxOff, dy, dyOff, x, xOff, slope, slopeOff, slopes, dslope, dslopeOff);
  }

  @Override
  public void batchNormPreluBackward(
      int n,
      int c,
      int s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] beta,
      int betaOff,
      float[] slope,
      int slopeOff,
      int slopes,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff,
      float[] dgamma,
      int dgammaOff,
      float[] dbeta,
      int dbetaOff,
      float[] dslope,
      int dslopeOff) {
    normPrelu.backward(
        n, c, s, dx, dxOff, dy, dyOff, x, xOff, gamma, gammaOff, beta, betaOff, slope, slopeOff,
        slopes, mean, meanOff, invStd, invStdOff, dgamma, dgammaOff, dbeta, dbetaOff, dslope,
        dslopeOff);
  }

  @Override
  public void leakyReluForward(int len, float slope, float[] y, int yOff, float[] x, int xOff) {
    activations.leakyForward(len, slope, y, yOff, x, xOff);
  }

  @Override
  public void leakyReluBackward(
      int len, float slope, float[] dx, int dxOff, float[] dy, int dyOff, float[] x, int xOff) {
    activations.leakyBackward(len, slope, dx, dxOff, dy, dyOff, x, xOff);
  }

  @Override
  public void sigmoidForward(int len, float[] y, int yOff, float[] x, int xOff) {
    activations.sigmoidForward(len, y, yOff, x, xOff);
  }

  @Override
  public void sigmoidBackward(
      int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    activations.sigmoidBackward(len, dx, dxOff, dy, dyOff, y, yOff);
  }

  @Override
  public void tanhForward(int len, float[] y, int yOff, float[] x, int xOff) {
    activations.tanhForward(len, y, yOff, x, xOff);
  }

  @Override
  public void tanhBackward(
      int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    activations.tanhBackward(len, dx, dxOff, dy, dyOff, y, yOff);
  }

  @Override
  public void multiply(int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff) {
    elementwise.multiply(len, y, yOff, a, aOff, b, bOff);
  }

  @Override
  public void axpy(int len, float alpha, float[] y, int yOff, float[] x, int xOff) {
    elementwise.axpy(len, alpha, y, yOff, x, xOff);
  }

  @Override
  public double sum(int len, float[] x, int xOff) {
    return elementwise.sum(len, x, xOff);
  }

  @Override
  public double sumOfSquares(int len, float[] x, int xOff) {
    return elementwise.sumOfSquares(len, x, xOff);
  }

  @Override
  public int firstNonFinite(int len, float[] x, int xOff) {
    return elementwise.firstNonFinite(len, x, xOff);
  }

  @Override
  public void adam(
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
    adam.run(
        len,
        w,
        wOff,
        g,
        gOff,
        m,
        mOff,
        v,
        vOff,
        beta1,
        beta2,
        eps,
        stepSize,
        invSqrtBias2,
        coupledDecay,
        decoupledDecay);
  }
}
