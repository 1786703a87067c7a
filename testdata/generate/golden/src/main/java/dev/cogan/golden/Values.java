package dev.cogan.golden;

import java.util.Random;
import org.bytedeco.pytorch.Tensor;

/** Random inputs from java.util.Random, so that they do not depend on the version of libtorch. */
final class Values {
  private final Random random;

  Values(long seed) {
    random = new Random(seed);
  }

  /** Normal values, {@code scale * N(0, 1) + shift}. */
  float[] normal(int size, double scale, double shift) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (scale * random.nextGaussian() + shift);
    }
    return values;
  }

  /** A tensor of N(0, 1). */
  Tensor normal(long... shape) {
    return normal(1, shape);
  }

  /** A tensor of {@code scale * N(0, 1)}. */
  Tensor normal(double scale, long[] shape) {
    long size = 1;
    for (long extent : shape) {
      size *= extent;
    }
    return Torch.tensor(normal(Math.toIntExact(size), scale, 0), shape);
  }

  /** N(0, 1) with every fifth value an exact zero, where activations have their kink. */
  Tensor normalWithZeros(long... shape) {
    float[] values = Torch.floats(normal(shape));
    for (int i = 2; i < values.length; i += 5) {
      values[i] = 0;
    }
    return Torch.tensor(values, shape);
  }

  /** Whole numbers from 0 to {@code limit - 1}, so that windows hold equal values. */
  Tensor integers(int limit, long... shape) {
    float[] values = Torch.floats(normal(shape));
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(limit);
    }
    return Torch.tensor(values, shape);
  }
}
