package dev.cogan.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One matrix product {@code C = op(A) op(B)}, all matrices row-major without gaps.
 *
 * @param transA whether A is stored {@code k x m} rather than {@code m x k}
 * @param transB whether B is stored {@code n x k} rather than {@code k x n}
 * @param m rows of C
 * @param n columns of C
 * @param k length of the sums
 */
public record GemmProblem(boolean transA, boolean transB, int m, int n, int k) {
  private static final Pattern TEXT =
      Pattern.compile("([1-9]\\d{0,5})x([1-9]\\d{0,5})x([1-9]\\d{0,5})(?:-(nn|nt|tn|tt))?");

  /**
   * A problem from its name: {@code 64x500x800-nt} is m, n, k and which of A and B are stored
   * transposed (t) or not (n); without the ending neither is.
   *
   * @throws IllegalArgumentException if the text is not such a name, or a matrix would not fit into
   *     an array
   */
  public static GemmProblem parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "shape: expected m x n x k such as 512x512x512 or 64x500x800-nt, got '" + text + "'");
    }
    String stored = matcher.group(4) == null ? "nn" : matcher.group(4);
    int m = Integer.parseInt(matcher.group(1));
    int n = Integer.parseInt(matcher.group(2));
    int k = Integer.parseInt(matcher.group(3));
    Sizes.requireArray("shape", text, (long) m * k);
    Sizes.requireArray("shape", text, (long) k * n);
    Sizes.requireArray("shape", text, (long) m * n);
    return new GemmProblem(stored.charAt(0) == 't', stored.charAt(1) == 't', m, n, k);
  }

  /** Floats from one row of the stored A to the next. */
  public int lda() {
    return transA ? m : k;
  }

  /** Floats from one row of the stored B to the next. */
  public int ldb() {
    return transB ? k : n;
  }

  /** A as it is stored, {@code m*k} values, newly allocated. */
  public float[] a() {
    return Values.uniform("gemm a", Math.multiplyExact(m, k));
  }

  /** B as it is stored, {@code k*n} values, newly allocated. */
  public float[] b() {
    return Values.uniform("gemm b", Math.multiplyExact(k, n));
  }

  /** Arithmetic of one product in 1e9 operations; a multiply-add counts as two. */
  public double gigaFlop() {
    return 2e-9 * m * n * k;
  }
}
