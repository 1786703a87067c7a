package dev.cogan.golden;

import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** Ten steps of Adam and AdamW on one vector with given gradients. */
final class OptimizerCases {
  private static final int STEPS = 10;
  private static final int SIZE = 19;
  private static final double RATE = 1e-2;

  private final SafetensorsWriter file;
  private final Values values;

  OptimizerCases(SafetensorsWriter file, Values values) {
    this.file = file;
    this.values = values;
  }

  void addAll() {
    for (double beta1 : new double[] {0.5, 0.9}) {
      String suffix = beta1 == 0.5 ? ".beta05" : ".beta09";
      add("adam.plain" + suffix, beta1, 0, false);
      add("adam.decay" + suffix, beta1, 5e-4, false);
      add("adamw" + suffix, beta1, 1e-2, true);
    }
  }

  private void add(String name, double beta1, double decay, boolean decoupled) {
    Tensor w = Torch.leaf(values.normal(SIZE));
    Case out =
        new Case(
            file,
            name,
            String.format(
                Locale.ROOT,
                "rate=%s beta1=%s beta2=0.999 eps=1e-8 weight_decay=%s decoupled=%b",
                RATE,
                beta1,
                decay,
                decoupled));
    out.put("init", w);
    TensorVector parameters = new TensorVector(w);
    Optimizer optimizer =
        decoupled
            ? new AdamW(parameters, Torch.adamW(RATE, beta1, 0.999, decay))
            : new Adam(parameters, Torch.adam(RATE, beta1, 0.999, decay));
    float[] gradients = values.normal(STEPS * SIZE, 1, 0);
    float[] after = new float[STEPS * SIZE];
    for (int step = 0; step < STEPS; step++) {
      // Gradients of very different size, and one parameter that never gets any.
      for (int i = 0; i < SIZE; i++) {
        gradients[step * SIZE + i] *= i == 0 ? 0 : (float) Math.pow(10, i % 7 - 5);
      }
      float[] g = Arrays.copyOfRange(gradients, step * SIZE, (step + 1) * SIZE);
      w.mutable_grad().put(Torch.tensor(g, SIZE));
      optimizer.step();
      System.arraycopy(Torch.floats(w), 0, after, step * SIZE, SIZE);
    }
    out.put("gradients", Torch.tensor(gradients, STEPS, SIZE));
    out.put("parameters", Torch.tensor(after, STEPS, SIZE));
  }
}
