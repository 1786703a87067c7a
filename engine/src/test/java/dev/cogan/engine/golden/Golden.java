package dev.cogan.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.Kernels;

/** What the groups of golden tests share. */
interface Golden {
  /** The golden values of single layers. */
  GoldenFile LAYERS = GoldenFile.open("layers.safetensors");

  /** Largest relative error of a tensor. */
  double TOLERANCE = 1e-5;

  /** A new instance of the implementation under test. */
  Kernels kernels();

  /** Compares with the tensor {@code key} of a case. */
  static void check(String name, String key, float[] actual) {
    check(name, key, actual, TOLERANCE);
  }

  /** Compares with the tensor {@code key} of a case. */
  static void check(String name, String key, float[] actual, double tolerance) {
    float[] expected = LAYERS.floats(name + '/' + key);
    assertThat(GoldenFile.relativeError(actual, expected))
        .as("relative error of %s/%s", name, key)
        .isLessThanOrEqualTo(tolerance);
  }

  /** The tensor {@code key} of a case. */
  static float[] floats(String name, String key) {
    return LAYERS.floats(name + '/' + key);
  }

  /** The tensor {@code key} of a case, or null if it has none. */
  static float[] floatsOrNull(String name, String key) {
    return LAYERS.has(name + '/' + key) ? floats(name, key) : null;
  }

  /** The shape of the tensor {@code key} of a case. */
  static int[] shape(String name, String key) {
    return LAYERS.shape(name + '/' + key);
  }

  /** Pixels of an image of a tensor {@code [n, c, ...]}. */
  static int pixels(int[] shape) {
    int pixels = 1;
    for (int i = 2; i < shape.length; i++) {
      pixels *= shape[i];
    }
    return pixels;
  }
}
