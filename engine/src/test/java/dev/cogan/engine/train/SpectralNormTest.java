package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledDiscriminators;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.tensor.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of known singular values; what a training saves and what a file's reader gets. */
class SpectralNormTest {

  /** {@code 5 a b' + 2 c d'} with orthonormal a, c and b, d: the largest singular value is 5. */
  private static float[] matrix() {
    double[][] left = {{0.6, 0.8, 0}, {0, 0, 1}};
    double[][] right = {{0.5, 0.5, 0.5, 0.5}, {0.5, -0.5, 0.5, -0.5}};
    float[] w = new float[12];
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 4; c++) {
        w[r * 4 + c] = (float) (5 * left[0][r] * right[0][c] + 2 * left[1][r] * right[1][c]);
      }
    }
    return w;
  }

  @Test
  void weightsAreDividedByTheirLargestSingularValue() {
    ParameterStore store = new ParameterStore("discriminators");
    Parameter bias = store.parameter("x.bias", Shape.of(2), Parameter.Role.BIAS, 1, 1);
    Parameter weight = store.parameter("x.weight", Shape.of(3, 2, 2), Parameter.Role.WEIGHT, 4, 3);
    store.allocate(Memory.heap(), true);
    bias.value().fill(7f);
    float[] w = matrix();
    System.arraycopy(w, 0, store.values(), weight.offset(), w.length);
    SpectralNorm norm = SpectralNorm.forTraining(store, new float[store.count()]);
    norm.apply();
    for (int i = 0; i < w.length; i++) {
      assertThat(weight.value().get(i)).isCloseTo(w[i] / 5, within(1e-5f));
    }
    assertThat(bias.value().toArray()).containsOnly(7f);
    norm.restore();
    assertThat(weight.value().toArray()).containsExactly(w);
  }

  @Test
  void zeroStaysZero() {
    ParameterStore store = new ParameterStore("discriminators");
    store.parameter("x.weight", Shape.of(3, 4), Parameter.Role.WEIGHT, 4, 3);
    store.allocate(Memory.heap(), true);
    SpectralNorm norm = SpectralNorm.forTraining(store, new float[12]);
    norm.apply();
    norm.convertGradients();
    assertThat(store.values()).containsOnly(0f);
    assertThat(store.gradients()).containsOnly(0f);
  }

  /** Whoever catches what went wrong in a step may save: the weights are the trained ones. */
  @Test
  void aStepThatThrowsLeavesTheTrainedWeights() {
    int[] runs = {Integer.MAX_VALUE};
    Parallel failing =
        new Parallel() {
          @Override
          public int workers() {
            return 2;
          }

          @Override
          public void run(int tasks, Body body) {
            if (--runs[0] < 0) {
              throw new RejectedExecutionException("no more");
            }
            Parallel.none().run(tasks, body);
          }
        };
    TrainOptions options = Tiny.options().withRemedies(Remedies.NONE.withSpectralNorm(true));
    Trainer trainer = Tiny.trainer(Tiny.config(), options, new ScalarKernels(failing));
    trainer.step();
    float[] weights = trainer.model().discriminators().store().values();
    int thrown = 0;
    for (int until = 0; until < 40; until++) {
      float[] before = weights.clone();
      runs[0] = until;
      try {
        trainer.step();
        break;
      } catch (RejectedExecutionException e) {
        thrown++;
        // The discriminators may have learnt before the generators' step failed, by Adam's rate.
        for (int i = 0; i < before.length; i++) {
          assertThat(weights[i]).as("until run %d", until).isCloseTo(before[i], within(0.01f));
        }
      }
    }
    assertThat(thrown).isGreaterThan(5);
  }

  @Test
  void filesKeepTheTrainedWeightsAndGiveNormalisedOnes(@TempDir Path folder) {
    TrainOptions options =
        Tiny.options().withRemedies(Remedies.NONE.withSpectralNorm(true).withEma(0.5f));
    Trainer trainer = Tiny.trainer(Tiny.config(), options, new ScalarKernels());
    trainer.run(3, 3, new TrainingListener() {});
    Path file = folder.resolve("model.safetensors");
    Checkpoint.write(file, trainer, Map.of());
    ParameterStore trained = trainer.model().discriminators().store();
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      CoupledDiscriminators judges = checkpoint.loadDiscriminators(Memory.heap());
      float[] normalised = judges.store().values();
      assertThat(normalised).isNotEqualTo(trained.values());
      SpectralNorm.forTraining(trained, new float[trained.count()]).apply();
      assertThat(normalised).containsExactly(trained.values());
    }
  }
}
