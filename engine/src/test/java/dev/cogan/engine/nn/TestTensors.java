package dev.cogan.engine.nn;

import dev.cogan.engine.check.RandomTensors;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.Random;

/** Short name of {@link RandomTensors} in the tests. */
public final class TestTensors {
  private TestTensors() {}

  /** All elements {@code value}; NaN around them. */
  public static Tensor filled(Shape shape, float value) {
    return RandomTensors.filled(shape, value);
  }

  /** Normal numbers. */
  public static Tensor normal(Random random, Shape shape) {
    return RandomTensors.normal(random, shape);
  }

  /** Numbers away from zero. */
  public static Tensor awayFromZero(Random random, Shape shape) {
    return RandomTensors.awayFromZero(random, shape);
  }
}
