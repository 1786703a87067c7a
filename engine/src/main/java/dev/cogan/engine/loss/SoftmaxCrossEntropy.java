package dev.cogan.engine.loss;

import dev.cogan.engine.tensor.Tensor;

/**
 * Cross-entropy of a softmax, from logits {@code [n, classes]}.
 *
 * <pre>
 *   p = softmax(x)      loss = mean over n of -log p[label]      dx = scale (p - onehot(label)) / n
 * </pre>
 *
 * <p>A row labelled {@link #IGNORED} adds neither loss nor gradient; the mean is over all rows all
 * the same.
 */
public final class SoftmaxCrossEntropy {
  /** The label of a row that does not count. */
  public static final int IGNORED = Integer.MIN_VALUE;

  private SoftmaxCrossEntropy() {}

  /**
   * The mean loss.
   *
   * @param logits {@code [n, classes]}
   * @param labels n numbers from 0 to {@code classes - 1}, or {@link #IGNORED}
   * @throws IllegalArgumentException if a label is neither
   */
  public static double forward(Tensor logits, int[] labels) {
    int classes = logits.size(1);
    double sum = 0;
    for (int n = 0; n < logits.size(0); n++) {
      if (labels[n] != IGNORED) {
        sum += logSumExp(logits, n) - logits.get(n * classes + checked(labels[n], classes));
      }
    }
    return sum / logits.size(0);
  }

  /**
   * The gradient to the logits.
   *
   * @param dlogits overwritten, {@code [n, classes]}
   * @param scale factor of the loss
   * @throws IllegalArgumentException if a label is neither a class nor {@link #IGNORED}
   */
  public static void backward(Tensor dlogits, Tensor logits, int[] labels, float scale) {
    int classes = logits.size(1);
    double factor = (double) scale / logits.size(0);
    for (int n = 0; n < logits.size(0); n++) {
      if (labels[n] == IGNORED) {
        dlogits.slice(n, 1).fill(0f);
        continue;
      }
      double norm = logSumExp(logits, n);
      for (int c = 0; c < classes; c++) {
        double p = StrictMath.exp(logits.get(n * classes + c) - norm);
        double onehot = c == checked(labels[n], classes) ? 1 : 0;
        dlogits.set(n * classes + c, (float) (factor * (p - onehot)));
      }
    }
  }

  /** The probability of a class in row {@code n}. */
  public static double probability(Tensor logits, int n, int label) {
    return StrictMath.exp(logits.get(n * logits.size(1) + label) - logSumExp(logits, n));
  }

  /** {@code log(sum over c of exp(x[n, c]))}, shifted by the largest so that nothing overflows. */
  private static double logSumExp(Tensor logits, int n) {
    int classes = logits.size(1);
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, logits.get(n * classes + c));
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += StrictMath.exp(logits.get(n * classes + c) - largest);
    }
    return largest + StrictMath.log(sum);
  }

  private static int checked(int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "label " + label + " is not one of the " + classes + " classes from 0");
    }
    return label;
  }
}
