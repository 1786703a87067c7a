package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.loss.GanLoss;
import dev.cogan.engine.model.Algorithm;
import dev.cogan.engine.model.CoupledDiscriminators;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.TestTensors;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradients of a whole training step, through shared and private rows of both teams, against
 * central differences of the losses that the step reports. The learning rate is so small that no
 * weight moves, so every step starts from the same model.
 */
class TrainerGradientTest {
  private static final int BATCH = 6;

  private static final double STEP = 4e-3;

  /** Float rounding adds up over ten layers; a summand that is missing shows as 0.3 and more. */
  private static final double TOLERANCE = 5e-2;

  /** Directions in which each parameter is moved. */
  private static final int DIRECTIONS = 2;

  private record Sharing(Algorithm algorithm, int k, int l, int... channels) {
    Sharing(int k, int l, int... channels) {
      this(Algorithm.COGAN, k, l, channels);
    }

    @Override
    public String toString() {
      return algorithm.label()
          + " k="
          + k
          + " l="
          + l
          + " channels "
          + java.util.Arrays.toString(channels);
    }
  }

  static List<Sharing> sharings() {
    List<Sharing> sharings = new ArrayList<>();
    for (int k = 0; k <= 4; k++) {
      for (int l = 0; l <= 3; l++) {
        sharings.add(new Sharing(k, l, 1, 1));
      }
    }
    sharings.add(new Sharing(4, 3, 1, 3));
    sharings.add(new Sharing(2, 1, 3, 1));
    sharings.add(new Sharing(3, 2, 1, 2, 1));
    sharings.add(new Sharing(0, 0, 2, 1, 3));
    sharings.add(new Sharing(Algorithm.GAN, 0, 0, 1, 3));
    sharings.add(new Sharing(Algorithm.CGAN, 0, 0, 1, 1));
    sharings.add(new Sharing(Algorithm.CGAN, 0, 0, 2, 2, 2));
    return sharings;
  }

  @ParameterizedTest
  @MethodSource("sharings")
  void everyParameter(Sharing sharing) {
    check(trainer(sharing, Remedies.NONE));
  }

  @ParameterizedTest
  @EnumSource(GanLoss.class)
  void everyLoss(GanLoss loss) {
    check(trainer(new Sharing(2, 2, 1, 1), Remedies.NONE.withLoss(loss)));
  }

  /** The gradient to the weights that are trained, through those that are computed with. */
  @ParameterizedTest
  @MethodSource("coupled")
  void spectralNorm(Sharing sharing) {
    check(trainer(sharing, Remedies.NONE.withSpectralNorm(true)));
  }

  @ParameterizedTest
  @MethodSource("coupled")
  void instanceNoise(Sharing sharing) {
    check(trainer(sharing, Remedies.NONE.withInstanceNoise(0.5f)));
  }

  static List<Sharing> coupled() {
    return List.of(
        new Sharing(4, 3, 1, 1), new Sharing(0, 0, 2, 1), new Sharing(Algorithm.CGAN, 0, 0, 1, 1));
  }

  private static void check(Trainer trainer) {
    Random random = new Random(31);
    ParameterStore generators = trainer.model().generators().store();
    ParameterStore discriminators = trainer.model().discriminators().store();
    for (ParameterStore store : List.of(generators, discriminators)) {
      for (int i = 0; i < store.count(); i++) {
        store.values()[i] = 0.7f * (float) random.nextGaussian();
      }
    }
    Tensor z = TestTensors.normal(random, Shape.of(BATCH, trainer.model().config().latent()));
    List<Tensor> reals = new ArrayList<>();
    for (DomainShape domain : trainer.model().config().domains()) {
      reals.add(TestTensors.normal(random, domain.image().prepend(BATCH)));
    }
    RandomStream dropout = trainer.workspace().dropout();
    long mask = dropout.state();
    RandomStream seen = trainer.instanceNoise();
    long noise = seen == null ? 0 : seen.state();
    StepStats stats = trainer.step(z, reals);
    float[] dgenerators = generators.gradients().clone();
    float[] ddiscriminators = discriminators.gradients().clone();
    Runnable step =
        () -> {
          dropout.restore(mask);
          if (seen != null) {
            seen.restore(noise);
          }
          trainer.step(z, reals);
        };

    check(
        generators,
        dgenerators,
        random,
        () -> {
          step.run();
          return stats.generatorLoss();
        });
    check(
        discriminators,
        ddiscriminators,
        random,
        () -> {
          step.run();
          return stats.discriminatorLoss();
        });
  }

  private static Trainer trainer(Sharing sharing, Remedies remedies) {
    List<DomainShape> domains = new ArrayList<>();
    for (int channels : sharing.channels) {
      domains.add(new DomainShape(DomainShape.name(domains.size()), Shape.of(channels, 6, 6)));
    }
    ModelConfig config =
        new ModelConfig(
            "smooth",
            3,
            List.of(4, 3, 3, 2),
            List.of(2, 3, 4),
            sharing.k,
            sharing.l,
            0.3f,
            false,
            domains,
            sharing.algorithm);
    Memory memory = Memory.heap();
    CoupledModel model =
        new CoupledModel(
            config,
            new CoupledGenerators(config, new SmoothNets(), memory, true),
            new CoupledDiscriminators(config, new SmoothNets(), memory, true));
    AdamOptions still =
        new AdamOptions(1e-30f, 0.5f, 0.999f, 1e-8f, 0f, AdamOptions.Decay.COUPLED_ALL);
    Workspace workspace = new Workspace(new ScalarKernels(), memory, RandomStream.of(1, "dropout"));
    return new Trainer(
        model,
        Tiny.options().withBatch(BATCH).withAdam(still, still).withRemedies(remedies),
        Tiny.data(config, 1),
        workspace);
  }

  /**
   * Moves all values of a parameter at once, each to the side on which its gradient promises a
   * larger loss (any side, where it is zero) and by a random width, and compares the difference of
   * the losses with the promise. One value alone would drown in the rounding of ten layers.
   */
  private static void check(
      ParameterStore store, float[] gradients, Random random, DoubleSupplier loss) {
    for (Parameter p : store.parameters()) {
      for (int i = 0; i < DIRECTIONS; i++) {
        float[] start = p.value().toArray();
        float[] step = new float[start.length];
        for (int j = 0; j < step.length; j++) {
          double side = Math.signum(gradients[p.offset() + j]);
          side = side == 0 ? 1 - 2 * random.nextInt(2) : side;
          step[j] = (float) (side * (0.5 + random.nextDouble()) * STEP / Math.sqrt(step.length));
        }
        float[] above = move(p, start, step, 1);
        double difference = loss.getAsDouble();
        float[] below = move(p, start, step, -1);
        difference -= loss.getAsDouble();
        move(p, start, step, 0);
        double promised = 0;
        for (int j = 0; j < step.length; j++) {
          promised += gradients[p.offset() + j] * ((double) above[j] - below[j]);
        }
        assertThat(Math.abs(difference / promised - 1))
            .as("relative error of the gradient of " + p.name())
            .isLessThanOrEqualTo(TOLERANCE);
      }
    }
  }

  private static float[] move(Parameter p, float[] start, float[] step, int factor) {
    for (int j = 0; j < step.length; j++) {
      p.value().set(j, start[j] + factor * step[j]);
    }
    return p.value().toArray();
  }
}
