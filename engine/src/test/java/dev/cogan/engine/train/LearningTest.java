package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A narrow CoGAN learns where ink is: squares in the middle in one domain, their negatives in the
 * other. Both players pull the right way, or the pictures would not come near.
 */
class LearningTest {
  private static final int STEPS = 80;

  private static boolean inside(int pixel) {
    int y = pixel / 28;
    int x = pixel % 28;
    return y >= 8 && y < 20 && x >= 8 && x < 20;
  }

  private static ImageStream squares(String name, boolean negative) {
    byte[] pixels = new byte[16 * 784];
    for (int i = 0; i < pixels.length; i++) {
      boolean ink = inside(i % 784) != negative;
      int grey = i / 784; // Sixteen slightly different images.
      pixels[i] = (byte) (ink ? 255 - grey : grey);
    }
    ImageSet images = ImageSet.ofBytes(Shape.of(1, 28, 28), pixels);
    return ImageStream.of(new DomainData(name, "squares", images), 1);
  }

  @Test
  void imagesLeaveTheNoise() {
    ModelConfig config =
        new ModelConfig(
            "digits",
            8,
            List.of(24, 16, 12, 8),
            List.of(4, 6, 24),
            4,
            3,
            0f,
            false,
            Tiny.domains(1, 1));
    AdamOptions adam = AdamOptions.paper().withWeightDecay(0f);
    TrainOptions options =
        Tiny.options().withBatch(8).withAdam(adam.withRate(5e-3f), adam.withRate(1e-3f));
    CoupledModel model = CoupledModel.forTraining(config, Memory.heap());
    model.initialise(options.initializer(), 3);
    Workspace workspace =
        new Workspace(new ScalarKernels(), Memory.heap(), RandomStream.of(1, "dropout"));
    Trainer trainer =
        new Trainer(model, options, List.of(squares("a", false), squares("b", true)), workspace);
    double before = contrast(trainer, 0) - contrast(trainer, 1);
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      losses.add(trainer.step().discriminatorLoss());
    }
    double a = contrast(trainer, 0);
    double b = contrast(trainer, 1);

    assertThat(mean(losses.subList(5, 20)))
        .as("discriminators learn first")
        .isLessThan(0.7 * losses.get(0));
    assertThat(Math.abs(before)).as("nothing at the start").isLessThan(0.1);
    assertThat(a).as("ink inside the square").isGreaterThan(0.5);
    assertThat(b).as("and outside in the other domain").isLessThan(-0.5);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Mean value inside the square minus outside. */
  private static double contrast(Trainer trainer, int domain) {
    trainer.refreshStatistics();
    Sampler sampler = new Sampler(trainer.model().generators(), 8, trainer.workspace());
    Tensor images = sampler.sample(Sampler.latents(Noise.NORMAL, 8, 1, 2, 3, 4, 5)).get(domain);
    double in = 0;
    double out = 0;
    for (int i = 0; i < images.count(); i++) {
      if (inside(i % 784)) {
        in += images.get(i) / (5 * 144.0);
      } else {
        out += images.get(i) / (5 * 640.0);
      }
    }
    return in - out;
  }
}
