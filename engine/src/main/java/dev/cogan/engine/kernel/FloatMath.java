package dev.cogan.engine.kernel;

/**
 * Exponential functions in float arithmetic. {@link Math#exp} may give other bits in compiled code
 * than in the interpreter, {@link StrictMath#exp} is slow; these give the same bits everywhere and
 * stay within a few units in the last place. Coefficients of the Cephes library (Moshier, {@code
 * expf} and {@code tanhf}).
 */
final class FloatMath {
  private static final float LOG2_E = 1.44269504f;

  /** ln 2 in two parts; the first has so few bits that a multiple of it is exact. */
  private static final float LN2_HIGH = 0.693359375f;

  private static final float LN2_LOW = -2.12194440e-4f;

  /** Adding and subtracting this rounds a float of moderate size to a whole number. */
  private static final float ROUND = 12582912f;

  private FloatMath() {}

  /** {@code e^x}; infinite above 88.72, zero below -103.97, NaN for NaN. */
  static float exp(float x) {
    if (!(x < 88.72283f)) {
      return x >= 88.72283f ? Float.POSITIVE_INFINITY : x;
    }
    if (x < -103.97f) {
      return 0;
    }
    float n = x * LOG2_E + ROUND - ROUND;
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1;
    // In two steps: 2^n itself may lie outside the normal floats.
    int power = (int) n;
    int half = power >> 1;
    return p * powerOfTwo(half) * powerOfTwo(power - half);
  }

  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }

  /** {@code 1 / (1 + e^-x)}, exact to a few units in the last place also where it is tiny. */
  static float sigmoid(float x) {
    return 1 / (1 + exp(-x));
  }

  /** Hyperbolic tangent. */
  static float tanh(float x) {
    float size = Math.abs(x);
    if (size < 0.625f) {
      float z = x * x;
      float p = -5.70498872745e-3f;
      p = p * z + 2.06390887954e-2f;
      p = p * z - 5.37397155531e-2f;
      p = p * z + 1.33314422036e-1f;
      p = p * z - 3.33332819422e-1f;
      return p * z * x + x;
    }
    float y = 1 - 2 / (exp(2 * size) + 1);
    return x < 0 ? -y : y;
  }
}
