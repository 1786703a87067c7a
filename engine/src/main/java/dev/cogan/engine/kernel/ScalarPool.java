package dev.cogan.engine.kernel;

import java.util.Arrays;

/** Max-pooling and its gradient, some planes per task. */
final class ScalarPool implements Parallel.Body {
  /** Input elements of a task, roughly. */
  private static final int CHUNK = 16_384;

  private final Parallel parallel;

  private boolean backward;
  private int planes;
  private int h;
  private int w;
  private int size;
  private float[] small;
  private int smallOff;
  private int[] argmax;
  private int argmaxOff;
  private float[] large;
  private int largeOff;
  private int planesPerTask;

  ScalarPool(Parallel parallel) {
    this.parallel = parallel;
  }

  /** Both directions: {@code small} is y or dy, {@code large} is x or dx. */
  void run(
      boolean backward,
      int planes,
      int h,
      int w,
      int size,
      float[] small,
      int smallOff,
      int[] argmax,
      int argmaxOff,
      float[] large,
      int largeOff) {
    this.backward = backward;
    this.planes = planes;
    this.h = h;
    this.w = w;
    this.size = size;
    this.small = small;
    this.smallOff = smallOff;
    this.argmax = argmax;
    this.argmaxOff = argmaxOff;
    this.large = large;
    this.largeOff = largeOff;
    planesPerTask = Math.max(1, CHUNK / (h * w));
    parallel.run((planes + planesPerTask - 1) / planesPerTask, this);
  }

  @Override
  public void run(int task, int worker) {
    int end = Math.min(planes, (task + 1) * planesPerTask);
    int outputs = (h / size) * (w / size);
    for (int plane = task * planesPerTask; plane < end; plane++) {
      int smallAt = smallOff + plane * outputs;
      int argmaxAt = argmaxOff + plane * outputs;
      int largeAt = largeOff + plane * h * w;
      if (backward) {
        Arrays.fill(large, largeAt, largeAt + h * w, 0);
        for (int j = 0; j < outputs; j++) {
          large[largeAt + argmax[argmaxAt + j]] = small[smallAt + j];
        }
      } else {
        forwardPlane(smallAt, argmaxAt, largeAt);
      }
    }
  }

  private void forwardPlane(int yAt, int argmaxAt, int xAt) {
    int oh = h / size;
    int ow = w / size;
    float[] x = large;
    for (int p = 0; p < oh; p++) {
      for (int q = 0; q < ow; q++) {
        int corner = p * size * w + q * size;
        int winner = corner;
        float best = x[xAt + corner];
        for (int u = 0; u < size; u++) {
          for (int v = 0; v < size; v++) {
            int at = corner + u * w + v;
            float value = x[xAt + at];
            // Not "value <= best" is "larger, or one of the two is NaN"; a NaN that leads stays.
            if (!(value <= best) && best == best) {
              best = value;
              winner = at;
            }
          }
        }
        small[yAt + p * ow + q] = best;
        argmax[argmaxAt + p * ow + q] = winner;
      }
    }
  }
}
