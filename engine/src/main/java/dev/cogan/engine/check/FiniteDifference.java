package dev.cogan.engine.check;

import dev.cogan.engine.tensor.Tensor;
import java.util.function.DoubleSupplier;

/**
 * Central differences, which a gradient from a backward written by hand is compared with.
 *
 * <p>Each value is moved by {@value #STEP} both ways; the difference of the losses is divided by
 * the step really taken, which is not the one asked for, because floats are rounded. A block of
 * values is judged as a whole, by the L2 norm of the error over the L2 norm of the gradient: the
 * noise of float arithmetic is about 1.5e-5, a derivative that is off by 2 % shows as 2e-2.
 */
public final class FiniteDifference {
  /** How far a value is moved. */
  public static final float STEP = 3e-3f;

  /** Largest relative error of a block. */
  public static final double TOLERANCE = 1e-3;

  private FiniteDifference() {}

  /** Relative L2 error of {@code gradient} as the derivative of {@code loss} to {@code values}. */
  public static double error(Tensor values, float[] gradient, DoubleSupplier loss) {
    double[] numeric = new double[values.count()];
    for (int i = 0; i < numeric.length; i++) {
      numeric[i] = derivative(values, i, STEP, loss);
    }
    return relativeError(gradient, numeric);
  }

  /** The derivative of {@code loss} to one value, which is put back afterwards. */
  public static double derivative(Tensor values, int index, float step, DoubleSupplier loss) {
    float value = values.get(index);
    float above = value + step;
    float below = value - step;
    values.set(index, above);
    double lossAbove = loss.getAsDouble();
    values.set(index, below);
    double lossBelow = loss.getAsDouble();
    values.set(index, value);
    return (lossAbove - lossBelow) / ((double) above - below);
  }

  /** L2 norm of the difference over the L2 norm of {@code expected}. */
  public static double relativeError(float[] actual, double[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = actual[i] - expected[i];
      difference += d * d;
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(difference) / Math.max(Math.sqrt(norm), 1e-12);
  }

  /** The fake loss of a layer: the sum of {@code out * dout}, whose gradient to out is dout. */
  public static double dot(Tensor out, Tensor dout) {
    double sum = 0;
    for (int i = 0; i < out.count(); i++) {
      sum += (double) out.get(i) * dout.get(i);
    }
    return sum;
  }
}
