package dev.cogan.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.check.FiniteDifference;
import dev.cogan.engine.tensor.Tensor;
import java.util.function.DoubleSupplier;

/** {@link FiniteDifference} as an assertion. */
public final class GradientCheck {
  /** How far a value is moved. */
  public static final float STEP = FiniteDifference.STEP;

  /** Largest relative error of a block. */
  public static final double TOLERANCE = FiniteDifference.TOLERANCE;

  private GradientCheck() {}

  /**
   * Fails unless {@code gradient} is the derivative of {@code loss} to {@code values}.
   *
   * @param block name for the message
   * @param values moved one by one, and put back
   * @param gradient one number per value
   * @param loss computed anew at each call, in double precision
   */
  public static void check(String block, Tensor values, float[] gradient, DoubleSupplier loss) {
    assertThat(gradient).as("gradient of %s", block).hasSize(values.count());
    assertThat(FiniteDifference.error(values, gradient, loss))
        .as("relative error of the gradient of %s", block)
        .isLessThanOrEqualTo(TOLERANCE);
  }

  /** See {@link FiniteDifference#derivative}. */
  public static double derivative(Tensor values, int index, float step, DoubleSupplier loss) {
    return FiniteDifference.derivative(values, index, step, loss);
  }

  /** See {@link FiniteDifference#relativeError}. */
  public static double relativeError(float[] actual, double[] expected) {
    return FiniteDifference.relativeError(actual, expected);
  }

  /** See {@link FiniteDifference#dot}. */
  public static double dot(Tensor out, Tensor dout) {
    return FiniteDifference.dot(out, dout);
  }
}
