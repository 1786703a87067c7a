package dev.cogan.engine.loss;

import dev.cogan.engine.tensor.Tensor;
import java.util.Locale;

/**
 * The losses of a discriminator with one logit x. {@link #BCE} is the paper's; the others are of
 * later years.
 */
public enum GanLoss implements AdversarialLoss {
  /**
   * {@code log(1 + exp(-x))} on real images and for the generator, {@code log(1 + exp(x))} on
   * generated images ({@link BceWithLogits}).
   */
  BCE {
    @Override
    public double forward(Tensor logits, Role role, int domain) {
      return BceWithLogits.forward(logits, target(role));
    }

    @Override
    public void backward(Tensor dlogits, Tensor logits, Role role, int domain) {
      BceWithLogits.backward(dlogits, logits, target(role), 1f);
    }

    @Override
    public double accuracy(Tensor logits, Role role, int domain) {
      return BceWithLogits.accuracy(logits, target(role));
    }
  },

  /**
   * {@code max(0, 1 - x)} on real images, {@code max(0, 1 + x)} on generated ones, {@code -x} for
   * the generator (Lim and Ye 2017).
   */
  HINGE {
    @Override
    public double forward(Tensor logits, Role role, int domain) {
      double sum = 0;
      for (int i = 0; i < logits.count(); i++) {
        double x = logits.get(i);
        sum += role == Role.FOOL ? -x : Math.max(0, role == Role.REAL ? 1 - x : 1 + x);
      }
      return sum / logits.count();
    }

    @Override
    public void backward(Tensor dlogits, Tensor logits, Role role, int domain) {
      float factor = 1f / logits.count();
      for (int i = 0; i < logits.count(); i++) {
        float x = logits.get(i);
        boolean pushes = role == Role.FOOL || (role == Role.REAL ? x < 1 : x > -1);
        dlogits.set(i, !pushes ? 0f : role == Role.FAKE ? factor : -factor);
      }
    }

    @Override
    public double accuracy(Tensor logits, Role role, int domain) {
      return BceWithLogits.accuracy(logits, target(role));
    }
  },

  /**
   * {@code (x - 1)^2} on real images and for the generator, {@code x^2} on generated images (Mao et
   * al. 2017). A logit above 0.5 says "real".
   */
  LSGAN {
    @Override
    public double forward(Tensor logits, Role role, int domain) {
      double sum = 0;
      for (int i = 0; i < logits.count(); i++) {
        double d = logits.get(i) - target(role);
        sum += d * d;
      }
      return sum / logits.count();
    }

    @Override
    public void backward(Tensor dlogits, Tensor logits, Role role, int domain) {
      double factor = 2.0 / logits.count();
      for (int i = 0; i < logits.count(); i++) {
        dlogits.set(i, (float) (factor * (logits.get(i) - target(role))));
      }
    }

    @Override
    public double accuracy(Tensor logits, Role role, int domain) {
      int right = 0;
      for (int i = 0; i < logits.count(); i++) {
        if (logits.get(i) > 0.5f == (role == Role.REAL)) {
          right++;
        }
      }
      return (double) right / logits.count();
    }
  };

  private static float target(Role role) {
    return role == Role.FAKE ? 0f : 1f;
  }

  /** Lower-case name, as options and files spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
