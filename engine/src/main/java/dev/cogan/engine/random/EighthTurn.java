package dev.cogan.engine.random;

/**
 * Sine and cosine of angles of at most an eighth of a turn (pi / 4), the same bits as those of
 * {@link StrictMath}: the polynomials of fdlibm (Sun's Freely Distributable Math Library, k_sin.c
 * and k_cos.c), in its order of operations.
 *
 * <p>StrictMath itself is Java from JDK 21 on and makes an array first, in case the angle is
 * larger. Whether the compiler removes the array depends on whether anybody in this JVM has ever
 * asked for a larger angle, and these functions are called for every random number.
 */
final class EighthTurn {
  private EighthTurn() {}

  private static final double S1 = -1.66666666666666324348e-01;
  private static final double S2 = 8.33333333332248946124e-03;
  private static final double S3 = -1.98412698298579493134e-04;
  private static final double S4 = 2.75573137070700676789e-06;
  private static final double S5 = -2.50507602534068634195e-08;
  private static final double S6 = 1.58969099521155010221e-10;

  private static final double C1 = 4.16666666666666019037e-02;
  private static final double C2 = -1.38888888888741095749e-03;
  private static final double C3 = 2.48015872894767294178e-05;
  private static final double C4 = -2.75573143513906633035e-07;
  private static final double C5 = 2.08757232129817482790e-09;
  private static final double C6 = -1.13596475577881948265e-11;

  /** The sine of {@code x} in [-pi / 4, pi / 4]. */
  static double sin(double x) {
    if (Math.abs(x) < 0x1p-27) {
      return x; // Keeps the sign of zero.
    }
    double z = x * x;
    double r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
    return x + z * x * (S1 + z * r);
  }

  /** The cosine of {@code x} in [-pi / 4, pi / 4]. */
  static double cos(double x) {
    double z = x * x;
    double r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
    int high = (int) (Double.doubleToRawLongBits(x) >>> 32) & 0x7fffffff;
    if (high < 0x3fd33333) { // |x| below about 0.3
      return 1 - (0.5 * z - z * r);
    }
    // 1 - z / 2 loses bits for larger angles: a part of about x / 4, with few bits, is exact.
    double part =
        high > 0x3fe90000 ? 0.28125 : Double.longBitsToDouble((long) (high - 0x00200000) << 32);
    return (1 - part) - ((0.5 * z - part) - z * r);
  }
}
