package dev.cogan.bench;

import dev.cogan.engine.random.RandomStream;

/** The benchmarks' data: the same numbers in every run and for every implementation. */
final class Values {
  private Values() {}

  /** {@code count} values in [-1, 1); the purpose makes arrays of one benchmark differ. */
  static float[] uniform(String purpose, int count) {
    float[] values = new float[count];
    RandomStream.of(1, purpose).fillUniform(values, 0, count, -1f, 1f);
    return values;
  }
}
