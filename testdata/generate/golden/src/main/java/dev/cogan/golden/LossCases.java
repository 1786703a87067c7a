package dev.cogan.golden;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Losses averaged over the batch: value and gradient, with extreme logits among the ordinary. */
final class LossCases {
  private static final float[] EXTREMES = {0, 30, -30, 100, -100, 1e-4f};

  private final SafetensorsWriter file;
  private final Values values;

  LossCases(SafetensorsWriter file, Values values) {
    this.file = file;
    this.values = values;
  }

  void addAll() {
    bce("bce.real", true, ordinary(13), 13, 1);
    bce("bce.fake", false, ordinary(13), 13, 1);
    bce("bce.real.extreme", true, EXTREMES, 6, 1);
    bce("bce.fake.extreme", false, EXTREMES, 6, 1);
    crossEntropy("crossentropy.3", 7, 3, false);
    crossEntropy("crossentropy.10", 9, 10, false);
    crossEntropy("crossentropy.10.extreme", 9, 10, true);
    mse();
  }

  private float[] ordinary(int size) {
    return values.normal(size, 2, 0);
  }

  private void bce(String name, boolean real, float[] values, long... shape) {
    Tensor logits = Torch.leaf(Torch.tensor(values, shape));
    Case out = new Case(file, name, "target=" + (real ? 1 : 0) + " reduction=mean");
    store(out, logits, Torch.bceWithLogits(logits, real));
  }

  private void crossEntropy(String name, int n, int classes, boolean extreme) {
    float[] x = ordinary(n * classes);
    if (extreme) {
      for (int i = 0; i < x.length; i += 4) {
        x[i] = EXTREMES[i / 4 % EXTREMES.length];
      }
    }
    Tensor logits = Torch.leaf(Torch.tensor(x, n, classes));
    Tensor target = values.integers(classes, n);
    Case out = new Case(file, name, "classes=" + classes + " reduction=mean");
    out.put("target", target);
    Tensor loss = torch.cross_entropy_loss(logits, target.to(torch.ScalarType.Long));
    store(out, logits, loss);
  }

  private void mse() {
    Tensor input = Torch.leaf(values.normal(4, 11));
    Tensor target = values.normal(4, 11);
    Case out = new Case(file, "mse", "reduction=mean").put("target", target);
    store(out, input, torch.mse_loss(input, target));
  }

  private void store(Case out, Tensor input, Tensor loss) {
    loss.backward();
    out.put("input", input).put("loss", loss).putGrad("input", input);
  }
}
