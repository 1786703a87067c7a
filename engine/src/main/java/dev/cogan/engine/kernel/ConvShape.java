package dev.cogan.engine.kernel;

/**
 * The sizes of one two-dimensional convolution, all plain ints.
 *
 * <p>The <em>large</em> side is the convolution's input, {@code [n, cin, h, w]}; the <em>small</em>
 * side is its output, {@code [n, cout, oh, ow]} with
 *
 * <pre>
 *   oh = (h + 2*pad - kh) / stride + 1        ow = (w + 2*pad - kw) / stride + 1
 * </pre>
 *
 * (integer division; rows that the division leaves over are never read). The weights are {@code
 * [cout, cin, kh, kw]}. A transposed convolution is the same record read backwards: its input is
 * the small side, its output the large side, and its weights {@code [in, out, kh, kw]} are the same
 * numbers in the same order.
 *
 * @param n images in the batch
 * @param cin channels of the large side
 * @param h height of the large side
 * @param w width of the large side
 * @param cout channels of the small side
 * @param kh height of the kernel
 * @param kw width of the kernel
 * @param stride step in both directions
 * @param pad rows and columns of zeros added on every side
 * @param oh height of the small side
 * @param ow width of the small side
 */
public record ConvShape(
    int n, int cin, int h, int w, int cout, int kh, int kw, int stride, int pad, int oh, int ow) {

  /** A convolution's sizes from those of its input; the output size follows. */
  public static ConvShape of(
      int n, int cin, int h, int w, int cout, int kh, int kw, int stride, int pad) {
    int step = Math.max(1, stride); // The constructor says what is wrong with other strides.
    return new ConvShape(
        n,
        cin,
        h,
        w,
        cout,
        kh,
        kw,
        stride,
        pad,
        Math.floorDiv(h + 2 * pad - kh, step) + 1,
        Math.floorDiv(w + 2 * pad - kw, step) + 1);
  }

  /**
   * @throws IllegalArgumentException if a size is not positive or the kernel does not fit
   */
  public ConvShape {
    if (n < 0 || cin < 1 || h < 1 || w < 1 || cout < 1 || kh < 1 || kw < 1 || stride < 1) {
      throw new IllegalArgumentException(
          "sizes of a convolution must be positive: n="
              + n
              + " cin="
              + cin
              + " h="
              + h
              + " w="
              + w
              + " cout="
              + cout
              + " kh="
              + kh
              + " kw="
              + kw
              + " stride="
              + stride);
    }
    if (pad < 0) {
      throw new IllegalArgumentException("padding must not be negative, got " + pad);
    }
    if (oh < 1 || ow < 1) {
      throw new IllegalArgumentException(
          "kernel " + kh + "x" + kw + " does not fit into " + h + "x" + w + " with padding " + pad);
    }
    if (oh != Math.floorDiv(h + 2 * pad - kh, stride) + 1
        || ow != Math.floorDiv(w + 2 * pad - kw, stride) + 1) {
      throw new IllegalArgumentException(
          "output "
              + oh
              + "x"
              + ow
              + " does not follow from input "
              + h
              + "x"
              + w
              + ", kernel "
              + kh
              + "x"
              + kw
              + ", stride "
              + stride
              + ", pad "
              + pad);
    }
  }

  /**
   * By hand: a record's own equals leaves its class in a cache of the JDK, which then keeps the
   * class loader of a program that is long gone.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof ConvShape s
        && n == s.n
        && cin == s.cin
        && h == s.h
        && w == s.w
        && cout == s.cout
        && kh == s.kh
        && kw == s.kw
        && stride == s.stride
        && pad == s.pad
        && oh == s.oh
        && ow == s.ow;
  }

  @Override
  public int hashCode() {
    int hash = 31 * (31 * (31 * n + cin) + h) + w;
    hash = 31 * (31 * (31 * hash + cout) + kh) + kw;
    return 31 * (31 * hash + stride) + pad; // The output's size follows.
  }

  /** Floats of the large side (input of the convolution). */
  public int inputSize() {
    return product(n, cin, h, w);
  }

  /** Floats of the small side (output of the convolution). */
  public int outputSize() {
    return product(n, cout, oh, ow);
  }

  /** Floats of the weights. */
  public int weightSize() {
    return product(cout, cin, kh, kw);
  }

  private static int product(int a, int b, int c, int d) {
    return Math.multiplyExact(Math.multiplyExact(a, b), Math.multiplyExact(c, d));
  }

  /** Multiply-adds of any of the three convolution kernels, padding counted as if it were read. */
  public long multiplyAdds() {
    return (long) n * oh * ow * cout * cin * kh * kw;
  }
}
