package dev.cogan.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * A convolution along one line with fewer multiplications, as three linear maps: with the pixels
 * {@code x} of the large side, the pixels {@code y} of the small side and the taps {@code w},
 *
 * <pre>
 *   y = S^T ((W w) * (L x))          * is the product element by element
 *   dx = L^T ((W w) * (S dy))        dw = W^T ((L x) * (S dy))
 * </pre>
 *
 * so that one plan serves all three passes. By their position modulo the stride the taps fall into
 * phases. Two taps meet three pixels of their phase in 4 products instead of 6 (Toom and Cook, with
 * the points 0, 1, -1 and infinity), or two pixels in 3 (Karatsuba); three taps meet two pixels in
 * 4 instead of 6. All coefficients are 1, -1, 2 or, for the weights, 1/2: little is lost to
 * rounding. Products with the padding do not appear at all.
 */
final class LinePlan {
  /** Products, and of each which weight it takes and which number it has among those. */
  final int products;

  final int[] weightOf;
  final int[] numberOf;

  /** From pixels of the large side to products, and back. */
  final Combination large;

  final Combination toLarge;

  /** From pixels of the small side to products, and back. */
  final Combination small;

  final Combination toSmall;

  private final int stride;
  private final int pad;
  private final int kernel;
  private final int largeFrom;
  private final int largeTo;
  private final int smallFrom;
  private final int smallTo;
  private final LineWeights weights;
  private final List<float[]> largeRows = new ArrayList<>();
  private final List<float[]> smallRows = new ArrayList<>();
  private final List<Integer> weightIds = new ArrayList<>();
  private final int largeSize;
  private final int smallSize;

  /**
   * A plan for a part of a line: products of all pixels of the two ranges that meet.
   *
   * @param weights shared by the plans of all parts
   */
  LinePlan(
      LineWeights weights,
      int stride,
      int pad,
      int largeSize,
      int smallSize,
      int largeFrom,
      int largeTo,
      int smallFrom,
      int smallTo) {
    this.weights = weights;
    this.kernel = weights.taps;
    this.stride = stride;
    this.pad = pad;
    this.largeSize = largeSize;
    this.smallSize = smallSize;
    this.largeFrom = largeFrom;
    this.largeTo = largeTo;
    this.smallFrom = smallFrom;
    this.smallTo = smallTo;
    for (int phase = 0; phase < Math.min(stride, kernel); phase++) {
      addPhase(phase, (kernel - phase + stride - 1) / stride);
    }
    products = weightIds.size();
    weightOf = new int[products];
    numberOf = new int[products];
    int[] uses = new int[weights.count()];
    for (int i = 0; i < products; i++) {
      weightOf[i] = weightIds.get(i);
      numberOf[i] = uses[weightOf[i]]++;
    }
    large = Combination.of(largeRows.toArray(new float[0][]), largeSize);
    toLarge = large.transposed();
    small = Combination.of(smallRows.toArray(new float[0][]), smallSize);
    toSmall = small.transposed();
  }

  /** Products that take a weight. */
  int uses(int weight) {
    int uses = 0;
    for (int of : weightOf) {
      uses += of == weight ? 1 : 0;
    }
    return uses;
  }

  // Pixel number j of a phase meets its tap number b at the small side's pixel j - b.

  private int pixel(int phase, int j) {
    return stride * j + phase - pad;
  }

  private boolean meet(int phase, int j, int b) {
    int pixel = pixel(phase, j);
    return pixel >= largeFrom && pixel < largeTo && j - b >= smallFrom && j - b < smallTo;
  }

  private int meetings(int phase, int taps, int j) {
    int count = 0;
    for (int b = 0; b < taps; b++) {
      count += meet(phase, j, b) ? 1 : 0;
    }
    return count;
  }

  /** The cheapest cut of a phase's pixels into blocks. */
  private void addPhase(int phase, int taps) {
    int from = smallFrom;
    int to = smallTo + taps - 1;
    while (from < to && meetings(phase, taps, from) == 0) {
      from++;
    }
    while (to > from && meetings(phase, taps, to - 1) == 0) {
      to--;
    }
    int[] cost = new int[to - from + 1];
    int[] step = new int[to - from + 1];
    for (int i = to - from - 1; i >= 0; i--) {
      cost[i] = cost[i + 1] + meetings(phase, taps, from + i);
      step[i] = 1;
      for (int size = 2; size <= 3 && i + size <= to - from; size++) {
        int points = points(size, taps);
        if (points > 0 && cost[i + size] + points < cost[i]) {
          cost[i] = cost[i + size] + points;
          step[i] = size;
        }
      }
    }
    for (int i = 0; i < to - from; i += step[i]) {
      if (step[i] == 1) {
        addDirect(phase, taps, from + i);
      } else if (step[i] + taps == 4) {
        addThreePoints(phase, from + i);
      } else {
        addFourPoints(phase, taps, from + i, step[i]);
      }
    }
  }

  /** Products for a block of pixels, or 0 if there is no such block. */
  private static int points(int pixels, int taps) {
    boolean known = taps == 2 || taps == 3 && pixels == 2;
    return known ? pixels + taps - 1 : 0;
  }

  private void addDirect(int phase, int taps, int j) {
    for (int b = 0; b < taps; b++) {
      if (meet(phase, j, b)) {
        float[] x = new float[largeSize];
        x[pixel(phase, j)] = 1;
        add(x, weights.single(phase + stride * b), phase, j, taps, taps - 1 - b, 1, 0, 0);
      }
    }
  }

  // The product of polynomials: pixels x[j], x[j+1], .. times taps in reverse order; its
  // coefficient c[k] belongs to the small side's pixel j + k - (taps - 1).

  /** Two pixels, two taps: {@code c1 = (x0+x1)(w0+w1) - c0 - c2}. */
  private void addThreePoints(int phase, int j) {
    int first = phase + stride;
    add(line(phase, j, 1, 0), weights.single(first), phase, j, 2, 0, 1, 1, -1);
    add(line(phase, j, 1, 1), weights.half(1, first, phase), phase, j, 2, 1, 2, 0, 0);
    add(line(phase, j, 0, 1), weights.single(phase), phase, j, 2, 2, 1, 1, -1);
  }

  /** {@code c2 = (v(1) + v(-1))/2 - c0} and {@code c1 = (v(1) - v(-1))/2 - c3}. */
  private void addFourPoints(int phase, int taps, int j, int pixels) {
    int[] reversed = new int[taps];
    for (int b = 0; b < taps; b++) {
      reversed[b] = phase + stride * (taps - 1 - b);
    }
    float[] one = new float[pixels];
    float[] minusOne = new float[pixels];
    float[] zero = new float[pixels];
    float[] infinity = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      one[i] = 1;
      minusOne[i] = i % 2 == 0 ? 1 : -1;
    }
    zero[0] = 1;
    infinity[pixels - 1] = 1;
    add(line(phase, j, zero), weights.single(reversed[0]), phase, j, taps, 0, 1, 2, -1);
    add(line(phase, j, one), weights.half(1, reversed), phase, j, taps, 1, 1, 2, 1);
    add(line(phase, j, minusOne), weights.half(-1, reversed), phase, j, taps, 2, 1, 1, -1);
    add(line(phase, j, infinity), weights.single(phase), phase, j, taps, 3, 1, 1, -1);
  }

  private float[] line(int phase, int j, float... coefs) {
    float[] x = new float[largeSize];
    for (int i = 0; i < coefs.length; i++) {
      if (coefs[i] != 0) {
        x[pixel(phase, j + i)] = coefs[i];
      }
    }
    return x;
  }

  /** One product, which goes to c[k1] with a factor and, unless that is 0, to c[k2] too. */
  private void add(
      float[] x, int weight, int phase, int j, int taps, int k1, int f1, int k2, int f2) {
    float[] y = new float[smallSize];
    boolean used = set(y, j + k1 - (taps - 1), f1);
    used |= f2 != 0 && set(y, j + k2 - (taps - 1), f2);
    if (used) {
      largeRows.add(x);
      smallRows.add(y);
      weightIds.add(weight);
    }
  }

  private boolean set(float[] y, int p, int factor) {
    if (p < smallFrom || p >= smallTo) {
      return false;
    }
    y[p] = factor;
    return true;
  }
}
