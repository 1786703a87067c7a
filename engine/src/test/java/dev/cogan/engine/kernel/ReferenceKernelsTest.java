package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The oracle against numbers worked out by hand, and against what must hold for any numbers. */
class ReferenceKernelsTest {
  private static final Offset<Float> EPS = Offset.offset(1e-6f);

  private final Kernels kernels = new ReferenceKernels();

  @Test
  void convGradientsAreAdjoint() {
    ConvParity parity = parallel -> kernels;
    parity.convGradientsAreAdjoint();
  }

  @Test
  void sigmoidAndTanhAreExact() {
    ActivationParity parity = parallel -> kernels;
    parity.sigmoidAndTanhAreWithinOneMillionthEverywhere();
  }

  @Test
  void saysWhatItIs() {
    BehaviourParity parity = parallel -> kernels;
    parity.saysWhatItIs();
    assertThat(kernels.name()).isEqualTo("reference");
  }

  @Test
  void gemmByHand() {
    float[] a = {1, 2, 3, 4, 5, 6};
    float[] b = {7, 8, 9, 10, 11, 12};
    float[] c = {1, 1, 1, 1};
    kernels.gemm(false, false, 2, 2, 3, a, 0, 3, b, 0, 2, 2, c, 0, 2);
    assertThat(c).containsExactly(60, 66, 141, 156);
    // A read as its transpose: columns 1 2 3 and 4 5 6.
    kernels.gemm(true, true, 2, 2, 3, new float[] {1, 4, 2, 5, 3, 6}, 0, 2, b, 0, 3, 0, c, 0, 2);
    assertThat(c).containsExactly(50, 68, 122, 167);
  }

  @Test
  void convByHand() {
    // 3x3 image, 2x2 kernel, stride 1, pad 0.
    ConvShape shape = ConvShape.of(1, 1, 3, 3, 1, 2, 2, 1, 0);
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    float[] w = {1, 10, 100, 1000};
    float[] y = new float[4];
    kernels.convForward(shape, y, 0, x, 0, w, 0, new float[] {0.5f}, 0);
    assertThat(y).containsExactly(5421.5f, 6532.5f, 8754.5f, 9865.5f);

    float[] dx = new float[9];
    kernels.convInputGrad(shape, dx, 0, new float[] {1, 2, 3, 4}, 0, w, 0, null, 0);
    assertThat(dx).containsExactly(1, 12, 20, 103, 1234, 2040, 300, 3400, 4000);

    float[] dw = {1, 1, 1, 1};
    kernels.convWeightGrad(shape, dw, 0, x, 0, new float[] {1, 2, 3, 4}, 0);
    assertThat(dw).containsExactly(1 + 37, 1 + 47, 1 + 67, 1 + 77);
  }

  @Test
  void convWithStrideAndPaddingByHand() {
    // Windows start at -1 and 1; what lies outside reads as zero.
    ConvShape shape = ConvShape.of(1, 1, 3, 3, 1, 3, 3, 2, 1);
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    float[] w = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    float[] y = new float[4];
    kernels.convForward(shape, y, 0, x, 0, w, 0, null, 0);
    assertThat(y).containsExactly(12, 16, 24, 28);
  }

  @Test
  void maxPoolByHand() {
    float[] x = {1, 5, 9, 5, 2, 9, 3, 3, 3};
    float[] y = new float[1];
    int[] argmax = new int[1];
    kernels.maxPoolForward(1, 3, 3, 2, y, 0, argmax, 0, x, 0);
    assertThat(y).containsExactly(5);
    assertThat(argmax).containsExactly(1);
    float[] dx = {9, 9, 9, 9, 9, 9, 9, 9, 9};
    kernels.maxPoolBackward(1, 3, 3, 2, dx, 0, new float[] {7}, 0, argmax, 0);
    assertThat(dx).containsExactly(0, 7, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void batchNormByHand() {
    // One channel of 1, 3: mean 2, biased variance 1.
    float[] y = new float[2];
    float[] mean = new float[1];
    float[] invStd = new float[1];
    float[] x = {1, 3};
    kernels.batchNormForward(
        2, 1, 1, 0, y, 0, x, 0, new float[] {3}, 0, new float[] {1}, 0, mean, 0, invStd, 0);
    assertThat(y).containsExactly(-2, 4);
    assertThat(mean).containsExactly(2);
    assertThat(invStd).containsExactly(1);

    // Four values 1 3 1 3 with dy 1 0 0 0: h = -1 1 -1 1, mean of dy 1/4, mean of dy*h -1/4.
    float[] dx = new float[4];
    float[] dgamma = {10};
    float[] dbeta = {20};
    kernels.batchNormBackward(
        4,
        1,
        1,
        dx,
        0,
        new float[] {1, 0, 0, 0},
        0,
        new float[] {1, 3, 1, 3},
        0,
        new float[] {2},
        0,
        mean,
        0,
        invStd,
        0,
        dgamma,
        0,
        dbeta,
        0);
    assertThat(dx).containsExactly(1, 0, -1, 0);
    assertThat(dgamma).containsExactly(9);
    assertThat(dbeta).containsExactly(21);
  }

  @Test
  void activationsByHand() {
    float[] y = new float[2];
    kernels.preluForward(1, 2, 1, y, 0, new float[] {-2, 2}, 0, new float[] {0.5f, 9}, 0, 2);
    assertThat(y).containsExactly(-1, 2);
    float[] dx = new float[2];
    float[] dslope = {1};
    kernels.preluBackward(
        1,
        2,
        1,
        dx,
        0,
        new float[] {3, 5},
        0,
        new float[] {-2, 2},
        0,
        new float[] {0.5f},
        0,
        1,
        dslope,
        0);
    assertThat(dx).containsExactly(1.5f, 5);
    assertThat(dslope).containsExactly(-5);
    kernels.sigmoidForward(2, y, 0, new float[] {0, (float) Math.log(3)}, 0);
    assertThat(y[0]).isEqualTo(0.5f);
    assertThat(y[1]).isCloseTo(0.75f, EPS);
    kernels.sigmoidBackward(1, dx, 0, new float[] {4}, 0, new float[] {0.25f}, 0);
    assertThat(dx[0]).isEqualTo(0.75f);
    kernels.tanhForward(1, y, 0, new float[] {(float) Math.log(2)}, 0);
    assertThat(y[0]).isCloseTo(0.6f, EPS);
    kernels.tanhBackward(1, dx, 0, new float[] {4}, 0, new float[] {0.5f}, 0);
    assertThat(dx[0]).isEqualTo(3);
  }

  @Test
  void adamByHand() {
    // First step: m = 0.5 * 2, v = 0.25 * 4; the corrected step is the learning rate times sign(g).
    float[] w = {1};
    float[] m = {0};
    float[] v = {0};
    float step = 0.1f / (1 - 0.5f);
    float invSqrtBias2 = (float) (1 / Math.sqrt(1 - 0.75));
    kernels.adam(
        1, w, 0, new float[] {2}, 0, m, 0, v, 0, 0.5f, 0.75f, 0, step, invSqrtBias2, 0, 0.25f);
    assertThat(m).containsExactly(1);
    assertThat(v).containsExactly(1);
    assertThat(w[0]).isCloseTo(1 - 0.25f - 0.1f, EPS);
    // Coupled decay goes through the gradient: g' = 2 + 3 * 1.
    w[0] = 1;
    m[0] = 0;
    v[0] = 0;
    kernels.adam(1, w, 0, new float[] {2}, 0, m, 0, v, 0, 0.5f, 0.75f, 0, step, invSqrtBias2, 3, 0);
    assertThat(m).containsExactly(2.5f);
    assertThat(v).containsExactly(6.25f);
    assertThat(w[0]).isCloseTo(0.9f, EPS);
  }
}
