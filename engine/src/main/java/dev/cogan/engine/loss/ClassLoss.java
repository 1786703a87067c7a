package dev.cogan.engine.loss;

import dev.cogan.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The loss of the conditional GAN: a softmax cross-entropy over the classes "generated", "real of
 * domain 1", "real of domain 2", ... The generator aims at the class of the domain that it was
 * asked for.
 */
public final class ClassLoss implements AdversarialLoss {
  private static final int GENERATED = 0;

  private final int[] labels;

  /**
   * @param batch images in every batch
   */
  public ClassLoss(int batch) {
    labels = new int[batch];
  }

  private int[] labels(Role role, int domain) {
    Arrays.fill(labels, role == Role.FAKE ? GENERATED : domain + 1);
    return labels;
  }

  @Override
  public double forward(Tensor logits, Role role, int domain) {
    return SoftmaxCrossEntropy.forward(logits, labels(role, domain));
  }

  @Override
  public void backward(Tensor dlogits, Tensor logits, Role role, int domain) {
    SoftmaxCrossEntropy.backward(dlogits, logits, labels(role, domain), 1f);
  }

  @Override
  public double accuracy(Tensor logits, Role role, int domain) {
    int classes = logits.size(1);
    int wanted = labels(role, domain)[0];
    int right = 0;
    for (int n = 0; n < logits.size(0); n++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (logits.get(n * classes + c) > logits.get(n * classes + best)) {
          best = c;
        }
      }
      right += best == wanted ? 1 : 0;
    }
    return (double) right / logits.size(0);
  }
}
