package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;

/**
 * {@link Kernels} on the Vector API, with the widest vectors that the JVM prefers. Each family of
 * operations has a class of its own; this one only passes calls on.
 *
 * <p>The results are the same bits in interpreted and compiled code and for any number of workers:
 * lanes are summed in a fixed order, and no operation is used whose last bits the Vector API leaves
 * open. They do depend on the width of the vectors.
 */
public final class VectorKernels implements Kernels {
  private final Workers workers;
  private final VectorGemm gemm;
  private final ConvForward convForward;
  private final ConvInputGrad convInputGrad;
  private final ConvWeightGrad convWeightGrad;
  private final VectorElements elements;
  private final VectorReduce reduce;
  private final VectorNorm norm;
  private final VectorNormPrelu normPrelu;
  private final VectorRectifiers rectifiers;
  private final VectorSigmoids sigmoids;
  private final VectorPool pool;
  private final VectorAdam adam;

  /**
   * @param parallel how work is spread
   * @throws LinkageError if the JVM runs without the module {@code jdk.incubator.vector}
   */
  public VectorKernels(Parallel parallel) {
    workers = new Workers(parallel);
    gemm = new VectorGemm(workers);
    elements = new VectorElements(workers);
    PaddedImages padded = new PaddedImages(workers);
    FewPositions few = new FewPositions(workers);
    ImplicitGemm implicit = new ImplicitGemm(workers);
    FastConv fast = new FastConv(workers);
    convForward =
        new ConvForward(
            gemm,
            elements,
            implicit,
            padded,
            fast,
            new ConvTapForward(workers),
            new ConvRowForward(workers),
            new ConvFewPositions(workers, few),
            new ConvPanelForward(workers));
    convInputGrad =
        new ConvInputGrad(
            workers,
            gemm,
            elements,
            implicit,
            new ConvColumns(workers),
            new ConvImageLanes(workers),
            fast,
            new ConvFewPositionsInputGrad(workers, gemm, few));
    convWeightGrad =
        new ConvWeightGrad(workers, gemm, padded, new ConvFewPositionsWeightGrad(gemm, few));
    reduce = new VectorReduce(workers);
    norm = new VectorNorm(workers);
    normPrelu = new VectorNormPrelu(workers);
    rectifiers = new VectorRectifiers(workers);
    sigmoids = new VectorSigmoids(workers);
    pool = new VectorPool(workers);
    adam = new VectorAdam(workers);
  }

  /** Bits in a vector of this JVM. */
  static int vectorBits() {
    return Tile.LANES * Float.SIZE;
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public String describe() {
    String text = "vector kernels, " + vectorBits() + "-bit";
    return Tile.WIDE && Tile.PAIR_STEPS > 64 ? text + ", blocks of " + Tile.PAIR_STEPS : text;
  }

  @Override
  public Parallel parallel() {
    return workers.parallel;
  }

  @Override
  public long scratchBytes() {
    return workers.scratchBytes();
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
    gemm.gemm(transA, transB, m, n, k, a, aOff, lda, b, bOff, ldb, beta, c, cOff, ldc);
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
    convForward.run(shape, y, yOff, x, xOff, w, wOff, bias, biasOff);
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
    convInputGrad.run(shape, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
  }

  @Override
  public void convWeightGrad(
      ConvShape shape, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff) {
    convWeightGrad.run(shape, dw, dwOff, x, xOff, dy, dyOff);
  }

  @Override
  public void addBias(int n, int c, int s, float[] y, int yOff, float[] bias, int biasOff) {
    elements.addBias(n, c, s, y, yOff, bias, biasOff);
  }

  @Override
  public void biasGrad(int n, int c, int s, float[] dbias, int dbiasOff, float[] dy, int dyOff) {
    norm.biasGrad(n, c, s, dbias, dbiasOff, dy, dyOff);
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
    pool.forward(planes, h, w, size, y, yOff, argmax, argmaxOff, x, xOff);
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
    pool.backward(planes, h, w, size, dx, dxOff, dy, dyOff, argmax, argmaxOff);
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
    elements.scaleShift(n, c, s, y, yOff, x, xOff, scale, scaleOff, shift, shiftOff);
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
    rectifiers.preluForward(n, c, s, y, yOff, x, xOff, slope, slopeOff, slopes);
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
    rectifiers.preluBackward(
        n, c, s, dx, dxOff, dy, dyOff, x, xOff, slope, slopeOff, slopes, dslope, dslopeOff);
  }

  @Override
  public void batchNormPreluForward(
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
      float[] slope,
      int slopeOff,
      int slopes,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff) {
    NormPreluCall call = normPrelu.call();
    call.sizes(n, c, s);
    call.eps = eps;
    call.arrays(y, yOff, null, 0, x, xOff);
    call.affine(false, gamma, gammaOff, beta, betaOff);
    call.slopes(slope, slopeOff, slopes);
    call.statistics(mean, meanOff, invStd, invStdOff);
    normPrelu.forward();
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
    NormPreluCall call = normPrelu.call();
    call.sizes(n, c, s);
    call.arrays(dx, dxOff, dy, dyOff, x, xOff);
    call.affine(false, gamma, gammaOff, beta, betaOff);
    call.slopes(slope, slopeOff, slopes);
    call.statistics(mean, meanOff, invStd, invStdOff);
    call.gradients(dgamma, dgammaOff, dbeta, dbetaOff, dslope, dslopeOff);
    normPrelu.backward();
  }

  @Override
  public void scaleShiftPrelu(
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
      int shiftOff,
      float[] slope,
      int slopeOff,
      int slopes) {
    NormPreluCall call = normPrelu.call();
    call.sizes(n, c, s);
    call.arrays(y, yOff, null, 0, x, xOff);
    call.affine(true, scale, scaleOff, shift, shiftOff);
    call.slopes(slope, slopeOff, slopes);
    normPrelu.fixedForward();
  }

  @Override
  public void scaleShiftPreluBackward(
      int n,
      int c,
      int s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] scale,
      int scaleOff,
      float[] shift,
      int shiftOff,
      float[] slope,
      int slopeOff,
      int slopes) {
    NormPreluCall call = normPrelu.call();
    call.sizes(n, c, s);
    call.arrays(dx, dxOff, dy, dyOff, x, xOff);
    call.affine(true, scale, scaleOff, shift, shiftOff);
    call.slopes(slope, slopeOff, slopes);
    normPrelu.fixedBackward();
  }

  @Override
  public void leakyReluForward(int len, float slope, float[] y, int yOff, float[] x, int xOff) {
    rectifiers.leakyReluForward(len, slope, y, yOff, x, xOff);
  }

  @Override
  public void leakyReluBackward(
      int len, float slope, float[] dx, int dxOff, float[] dy, int dyOff, float[] x, int xOff) {
    rectifiers.leakyReluBackward(len, slope, dx, dxOff, dy, dyOff, x, xOff);
  }

  @Override
  public void sigmoidForward(int len, float[] y, int yOff, float[] x, int xOff) {
    sigmoids.sigmoidForward(len, y, yOff, x, xOff);
  }

  @Override
  public void sigmoidBackward(
      int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    sigmoids.sigmoidBackward(len, dx, dxOff, dy, dyOff, y, yOff);
  }

  @Override
  public void tanhForward(int len, float[] y, int yOff, float[] x, int xOff) {
    sigmoids.tanhForward(len, y, yOff, x, xOff);
  }

  @Override
  public void tanhBackward(
      int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff) {
    sigmoids.tanhBackward(len, dx, dxOff, dy, dyOff, y, yOff);
  }

  @Override
  public void multiply(int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff) {
    elements.multiply(len, y, yOff, a, aOff, b, bOff);
  }

  @Override
  public void axpy(int len, float alpha, float[] y, int yOff, float[] x, int xOff) {
    elements.axpy(len, alpha, y, yOff, x, xOff);
  }

  @Override
  public double sum(int len, float[] x, int xOff) {
    return reduce.sum(len, x, xOff);
  }

  @Override
  public double sumOfSquares(int len, float[] x, int xOff) {
    return reduce.sumOfSquares(len, x, xOff);
  }

  @Override
  public int firstNonFinite(int len, float[] x, int xOff) {
    return reduce.firstNonFinite(len, x, xOff);
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
    adam.step(
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
