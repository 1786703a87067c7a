package dev.cogan.engine.kernel;

/**
 * The arithmetic of the engine: whole-matrix operations on plain float arrays.
 *
 * <p><b>Conventions.</b> Every array comes with the offset of its first element. Matrices are
 * row-major with a leading dimension {@code ld} (floats from one row to the next). Images are NCHW
 * without gaps; {@code (n, c, s)} stands for {@code n} images of {@code c} channels of {@code s}
 * pixels. Outputs come first, then inputs, parameters and what is kept for the backward pass; only
 * {@link #gemm} keeps the order of BLAS. Gradients of parameters are <em>added</em> to what is
 * there; everything else is overwritten unless its text says otherwise.
 *
 * <p><b>Who validates.</b> The layers check shapes once. Kernels trust their arguments: a wrong
 * size may throw an {@link ArrayIndexOutOfBoundsException} or give a wrong result. Sizes of zero
 * are allowed for the batch and do nothing.
 *
 * <p><b>Aliasing.</b> Outputs must not overlap inputs unless the method says "may be the same".
 *
 * <p><b>Rounding.</b> Sums may be taken in any fixed order, with or without fused multiply-add. An
 * implementation gives the same bits for the same arguments in every call, in interpreted and
 * compiled code, and for every {@link Parallel}. Two implementations agree closely, not bitwise.
 * NaN and infinity come out where IEEE 754 arithmetic would give them; none may be hidden. (The
 * zeros of a convolution's padding may be multiplied or skipped, so NaN times padding is open; a
 * convolution with fewer multiplications passes NaN and infinity on as NaN to neighbours too.)
 *
 * <p><b>Threads and memory.</b> An instance owns scratch memory that grows to the largest problem
 * seen; after the first call with given sizes a call allocates nothing. An instance serves one
 * caller at a time; make one per training or sampler. Where work is shared among tasks, a second
 * caller gets an {@link IllegalStateException}; who is not noticed may get wrong numbers.
 */
public interface Kernels {

  /** Short name of the implementation, as the property {@code cogan.kernels} spells it. */
  String name();

  /** One sentence: the implementation and its width, for people. */
  String describe();

  /** How work is spread. */
  Parallel parallel();

  /**
   * Bytes of scratch memory that this instance holds between calls, counted as if every worker had
   * had the largest of the tasks seen so far.
   */
  default long scratchBytes() {
    return 0;
  }

  // ---------------------------------------------------------------- matrix product

  /**
   * {@code C = beta * C + op(A) * op(B)} with {@code op(A)} of {@code m x k}, {@code op(B)} of
   * {@code k x n} and {@code C} of {@code m x n}.
   *
   * @param transA whether A is stored transposed ({@code k x m})
   * @param transB whether B is stored transposed ({@code n x k})
   * @param beta factor of the old C; with 0 the old C is not read, NaN in it is not passed on
   */
  void gemm(
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
      int ldc);

  // ---------------------------------------------------------------- convolution

  /**
   * Convolution, as PyTorch's {@code conv2d} (cross-correlation):
   *
   * <pre>
   *   y[n,o,p,q] = bias[o] + sum over i,u,v of  w[o,i,u,v] * x[n, i, p*stride - pad + u, q*stride - pad + v]
   * </pre>
   *
   * with x read as zero outside the image.
   *
   * @param y output {@code [n, cout, oh, ow]}
   * @param x input {@code [n, cin, h, w]}
   * @param w weights {@code [cout, cin, kh, kw]}
   * @param bias {@code [cout]}, or null for none
   */
  void convForward(
      ConvShape shape,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff);

  /**
   * The convolution's gradient to its input, which is also the forward of a transposed convolution:
   *
   * <pre>
   *   dx[n,i,r,s] = bias[i] + sum over o,u,v with r = p*stride - pad + u, s = q*stride - pad + v
   *                           of  w[o,i,u,v] * dy[n,o,p,q]
   * </pre>
   *
   * @param dx output {@code [n, cin, h, w]}, overwritten
   * @param dy input {@code [n, cout, oh, ow]}
   * @param w weights {@code [cout, cin, kh, kw]}
   * @param bias {@code [cin]}, used by the transposed convolution, or null for none
   */
  void convInputGrad(
      ConvShape shape,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff);

  /**
   * The gradient to the weights, of the convolution and of the transposed convolution alike:
   *
   * <pre>
   *   dw[o,i,u,v] += sum over n,p,q of  dy[n,o,p,q] * x[n, i, p*stride - pad + u, q*stride - pad + v]
   * </pre>
   *
   * @param dw {@code [cout, cin, kh, kw]}, added to
   * @param x the large side {@code [n, cin, h, w]}
   * @param dy the small side {@code [n, cout, oh, ow]}
   */
  void convWeightGrad(
      ConvShape shape, float[] dw, int dwOff, float[] x, int xOff, float[] dy, int dyOff);

  // ---------------------------------------------------------------- bias

  /** {@code y[n,c,:] += bias[c]}. */
  void addBias(int n, int c, int s, float[] y, int yOff, float[] bias, int biasOff);

  /** {@code dbias[c] += sum over n, s of dy[n,c,s]}. */
  void biasGrad(int n, int c, int s, float[] dbias, int dbiasOff, float[] dy, int dyOff);

  // ---------------------------------------------------------------- pooling

  /**
   * Largest value of each {@code size x size} window, windows side by side ({@code stride = size});
   * rows and columns that do not fill a window are left out. The first of equal values wins; the
   * first NaN in a window wins over everything.
   *
   * @param y output {@code [n*c, h/size, w/size]}
   * @param argmax index of the winner within its {@code h*w} plane, same shape as y
   * @param x input {@code [n*c, h, w]}
   * @param planes {@code n*c}
   */
  void maxPoolForward(
      int planes,
      int h,
      int w,
      int size,
      float[] y,
      int yOff,
      int[] argmax,
      int argmaxOff,
      float[] x,
      int xOff);

  /** {@code dx[argmax] = dy}, all other elements of dx = 0. */
  void maxPoolBackward(
      int planes,
      int h,
      int w,
      int size,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      int[] argmax,
      int argmaxOff);

  // ---------------------------------------------------------------- batch norm

  /**
   * Batch norm of training (Ioffe and Szegedy 2015, algorithm 1) over each channel's {@code n*s}
   * values, with the biased variance:
   *
   * <pre>
   *   mean[c] = average of x[:,c,:]     invStd[c] = 1 / sqrt(variance of x[:,c,:] + eps)
   *   y = (x - mean[c]) * invStd[c] * gamma[c] + beta[c]
   * </pre>
   *
   * @param gamma scale {@code [c]}, or null for 1 (then beta is null too)
   * @param mean kept for the backward pass, {@code [c]}, overwritten
   * @param invStd kept for the backward pass, {@code [c]}, overwritten
   */
  void batchNormForward(
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
      int invStdOff);

  /**
   * Gradient of {@link #batchNormForward}; with {@code h = (x - mean) * invStd} and {@code m =
   * n*s}:
   *
   * <pre>
   *   dbeta[c] += sum dy          dgamma[c] += sum dy * h
   *   dx = gamma * invStd * (dy - (sum dy) / m - h * (sum dy * h) / m)
   * </pre>
   *
   * @param dx {@code [n,c,s]}, overwritten, may be the same as dy; null if nobody asks
   * @param dgamma {@code [c]}, added to, or null
   * @param dbeta {@code [c]}, added to, or null
   */
  void batchNormBackward(
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
      int dbetaOff);

  /**
   * {@code y[n,c,:] = x[n,c,:] * scale[c] + shift[c]}: batch norm with running statistics. y may be
   * the same as x.
   */
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
      int shiftOff);

  // ---------------------------------------------------------------- activations

  /**
   * {@code y = x > 0 ? x : slope[c] * x} (He et al. 2015, PReLU). y may be the same as x.
   *
   * @param slopes 1 for one slope in all channels, or c for one per channel
   */
  void preluForward(
      int n,
      int c,
      int s,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] slope,
      int slopeOff,
      int slopes);

  /**
   * {@code dx = x > 0 ? dy : slope[c] * dy} and {@code dslope[c] += sum of dy * min(x, 0)}. Terms
   * with x above 0 may be left out of the sum: a dy there that is not finite shows in dx.
   *
   * @param dx overwritten, may be the same as dy; null if nobody asks
   * @param dslope {@code [slopes]}, added to, or null if nobody asks
   */
  void preluBackward(
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
      int dslopeOff);

  /** {@code y = x > 0 ? x : slope * x}; slope 0 is ReLU. y may be the same as x. */
  void leakyReluForward(int len, float slope, float[] y, int yOff, float[] x, int xOff);

  /** {@code dx = x > 0 ? dy : slope * dy}. dx may be the same as dy. */
  void leakyReluBackward(
      int len, float slope, float[] dx, int dxOff, float[] dy, int dyOff, float[] x, int xOff);

  /** {@code y = 1 / (1 + exp(-x))}, within 1e-6 of the true value. y may be the same as x. */
  void sigmoidForward(int len, float[] y, int yOff, float[] x, int xOff);

  /** {@code dx = dy * y * (1 - y)} from the output y. dx may be the same as dy. */
  void sigmoidBackward(int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff);

  /** {@code y = tanh(x)}, within 1e-6 of the true value. y may be the same as x. */
  void tanhForward(int len, float[] y, int yOff, float[] x, int xOff);

  /** {@code dx = dy * (1 - y*y)} from the output y. dx may be the same as dy. */
  void tanhBackward(int len, float[] dx, int dxOff, float[] dy, int dyOff, float[] y, int yOff);

  // ---------------------------------------------------------------- batch norm and PReLU in one

  /**
   * {@link #batchNormForward}, then {@link #preluForward}: with {@code z} the batch norm's output,
   *
   * <pre>
   *   y = z > 0 ? z : slope[c] * z
   * </pre>
   *
   * <p>z is not kept; {@link #batchNormPreluBackward} computes it again.
   *
   * @param slopes 1 for one slope in all channels, or c for one per channel
   */
  default void batchNormPreluForward(
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
    batchNormForward(
        n, c, s, eps, y, yOff, x, xOff, gamma, gammaOff, beta, betaOff, mean, meanOff, invStd,
        invStdOff);
    preluForward(n, c, s, y, yOff, y, yOff, slope, slopeOff, slopes);
  }

  /**
   * Gradient of {@link #batchNormPreluForward}; with {@code h = (x - mean) * invStd}, {@code z = h
   * * gamma + beta}, {@code g = z > 0 ? dy : slope * dy} and {@code m = n*s}:
   *
   * <pre>
   *   dslope[c] += sum dy * min(z, 0)     dbeta[c] += sum g     dgamma[c] += sum g * h
   *   dx = gamma * invStd * (g - (sum g) / m - h * (sum g * h) / m)
   * </pre>
   *
   * Terms with z above 0 may be left out of the sum for dslope: a dy there that is not finite shows
   * in the other results.
   *
   * @param dx {@code [n,c,s]}, overwritten, may be the same as dy; null if nobody asks
   * @param gamma scale {@code [c]}, or null for 1 (then beta is null too)
   * @param dgamma {@code [c]}, added to, or null
   * @param dbeta {@code [c]}, added to, or null
   * @param dslope {@code [slopes]}, added to, or null
   */
  void batchNormPreluBackward(
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
      int dslopeOff);

  /** {@link #scaleShift}, then {@link #preluForward}. y may be the same as x. */
  default void scaleShiftPrelu(
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
    scaleShift(n, c, s, y, yOff, x, xOff, scale, scaleOff, shift, shiftOff);
    preluForward(n, c, s, y, yOff, y, yOff, slope, slopeOff, slopes);
  }

  /**
   * Gradient of {@link #scaleShiftPrelu} to x: with {@code z = x * scale[c] + shift[c]}, {@code dx
   * = scale[c] * (z > 0 ? dy : slope[c] * dy)}. dx may be the same as dy.
   */
  default void scaleShiftPreluBackward(
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
    for (int row = 0; row < n * c; row++) {
      int channel = row % c;
      float a = scale[scaleOff + channel];
      float b = shift[shiftOff + channel];
      float negative = a * slope[slopeOff + (slopes == 1 ? 0 : channel)];
      int at = row * s;
      for (int i = at; i < at + s; i++) {
        float z = x[xOff + i] * a + b;
        dx[dxOff + i] = (z > 0 ? a : negative) * dy[dyOff + i];
      }
    }
  }

  // ---------------------------------------------------------------- element by element, reductions

  /** {@code y = a * b} element by element. y may be the same as a or b. */
  void multiply(int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff);

  /** {@code y += alpha * x}. */
  void axpy(int len, float alpha, float[] y, int yOff, float[] x, int xOff);

  /** Sum of all elements, accumulated so that long sums stay exact to about 1e-6 relative. */
  double sum(int len, float[] x, int xOff);

  /** Sum of squares of all elements, accumulated like {@link #sum}. */
  double sumOfSquares(int len, float[] x, int xOff);

  /** Index (from 0) of the first element that is NaN or infinite, or -1. */
  int firstNonFinite(int len, float[] x, int xOff);

  // ---------------------------------------------------------------- optimiser

  /**
   * One step of Adam (Kingma and Ba 2015) over a run of parameters:
   *
   * <pre>
   *   g' = g + coupledDecay * w
   *   m  = beta1 * m + (1 - beta1) * g'        v = beta2 * v + (1 - beta2) * g' * g'
   *   w  = w - decoupledDecay * w - stepSize * m / (sqrt(v) * invSqrtBias2 + eps)
   * </pre>
   *
   * @param stepSize learning rate divided by {@code 1 - beta1^t}
   * @param invSqrtBias2 {@code 1 / sqrt(1 - beta2^t)}
   * @param coupledDecay weight decay that goes through the moments (the paper's code; PyTorch's
   *     {@code Adam(weight_decay)})
   * @param decoupledDecay learning rate times weight decay of AdamW (Loshchilov and Hutter 2019)
   */
  void adam(
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
      float decoupledDecay);
}
