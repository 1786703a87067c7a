package dev.cogan.engine.kernel;

/** Element by element arithmetic and reductions over whole arrays. */
interface ReferenceElementwise extends Kernels {

  @Override
  default void multiply(int len, float[] y, int yOff, float[] a, int aOff, float[] b, int bOff) {
    for (int i = 0; i < len; i++) {
      y[yOff + i] = a[aOff + i] * b[bOff + i];
    }
  }

  @Override
  default void axpy(int len, float alpha, float[] y, int yOff, float[] x, int xOff) {
    for (int i = 0; i < len; i++) {
      y[yOff + i] = (float) ((double) alpha * x[xOff + i] + y[yOff + i]);
    }
  }

  @Override
  default double sum(int len, float[] x, int xOff) {
    double sum = 0;
    for (int i = 0; i < len; i++) {
      sum += x[xOff + i];
    }
    return sum;
  }

  @Override
  default double sumOfSquares(int len, float[] x, int xOff) {
    double sum = 0;
    for (int i = 0; i < len; i++) {
      sum += (double) x[xOff + i] * x[xOff + i];
    }
    return sum;
  }

  @Override
  default int firstNonFinite(int len, float[] x, int xOff) {
    for (int i = 0; i < len; i++) {
      if (!Float.isFinite(x[xOff + i])) {
        return i;
      }
    }
    return -1;
  }
}
