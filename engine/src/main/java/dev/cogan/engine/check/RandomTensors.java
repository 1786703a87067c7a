package dev.cogan.engine.check;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/** Tensors of random numbers, at an odd offset in their array so that a forgotten one shows. */
public final class RandomTensors {
  private static final int OFFSET = 3;
  private static final int BEHIND = 5;

  private RandomTensors() {}

  /** All elements {@code value}; NaN around them. */
  public static Tensor filled(Shape shape, float value) {
    float[] data = new float[OFFSET + shape.count() + BEHIND];
    Arrays.fill(data, Float.NaN);
    Tensor tensor = new Tensor(data, OFFSET, shape);
    tensor.fill(value);
    return tensor;
  }

  /** Normal numbers. */
  public static Tensor normal(Random random, Shape shape) {
    Tensor tensor = filled(shape, 0);
    for (int i = 0; i < tensor.count(); i++) {
      tensor.set(i, (float) random.nextGaussian());
    }
    return tensor;
  }

  /** Numbers of 0.05 to 1.05 with either sign: moved by a gradient check, none passes zero. */
  public static Tensor awayFromZero(Random random, Shape shape) {
    Tensor tensor = filled(shape, 0);
    for (int i = 0; i < tensor.count(); i++) {
      float size = 0.05f + random.nextFloat();
      tensor.set(i, random.nextBoolean() ? size : -size);
    }
    return tensor;
  }

  /** Numbers 0.02 apart in random order: moved by a gradient check, none overtakes another. */
  public static Tensor apart(Random random, Shape shape) {
    Tensor tensor = filled(shape, 0);
    int n = tensor.count();
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      tensor.set(i, tensor.get(j));
      tensor.set(j, 0.02f * (i - n / 2));
    }
    return tensor;
  }
}
