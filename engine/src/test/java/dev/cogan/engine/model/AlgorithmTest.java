package dev.cogan.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.nn.TestTensors;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The baselines: what the conditional GAN shares and how it is told the domain; plain GANs. */
class AlgorithmTest {
  private static final int BATCH = 4;
  private static final int LATENT = 3;

  private static ModelConfig config(Algorithm algorithm, int... channels) {
    return TinyModels.DIGITS.withDomains(TinyModels.domains(channels)).withAlgorithm(algorithm);
  }

  private static CoupledModel model(ModelConfig config) {
    CoupledModel model = CoupledModel.forTraining(config, Memory.heap());
    Random random = new Random(5);
    ParameterStore store = model.generators().store();
    for (int i = 0; i < store.count(); i++) {
      store.values()[i] = 0.5f * (float) random.nextGaussian();
    }
    return model;
  }

  private static Workspace workspace() {
    return new Workspace(new ScalarKernels(), Memory.heap(), RandomStream.of(1, "dropout"));
  }

  @Test
  void conditionalGanSharesEveryRow() {
    CoupledModel model = model(config(Algorithm.CGAN, 2, 2, 2));
    assertThat(ParameterTable.rows(model)).allMatch(row -> row.usedBy().size() == 3);
    for (int d = 0; d < 3; d++) {
      assertThat(model.generators().head(d).layers()).isEmpty();
      assertThat(model.discriminators().front(d).layers()).isEmpty();
    }
    assertThat(model.generators().latentShape()).isEqualTo(Shape.of(LATENT, 1, 1));
    assertThat(model.generators().trunk().inputShape()).isEqualTo(Shape.of(LATENT + 2, 1, 1));
    assertThat(model.discriminators().tail().outputShape()).isEqualTo(Shape.of(4));
  }

  @Test
  void plainGansShareNothing() {
    CoupledModel model = model(config(Algorithm.GAN, 1, 3));
    assertThat(ParameterTable.rows(model)).allMatch(row -> row.usedBy().size() == 1);
    assertThat(model.generators().trunk().layers()).isEmpty();
    assertThat(model.discriminators().tail().layers()).isEmpty();
  }

  /** Against the same layers run by hand on z and a code written by hand. */
  @Test
  void domainIsCodedBehindZ() {
    CoupledGenerators generators = model(config(Algorithm.CGAN, 1, 1, 1)).generators();
    Workspace workspace = workspace();
    GeneratorPass pass = new GeneratorPass(generators, BATCH, false, workspace);
    Tensor z = TestTensors.normal(new Random(7), Shape.of(BATCH, LATENT));
    Tensor coded = Tensor.zeros(3 * BATCH, LATENT + 2, 1, 1);
    for (int row = 0; row < 3 * BATCH; row++) {
      for (int i = 0; i < LATENT; i++) {
        coded.set(row * (LATENT + 2) + i, z.get(row % BATCH * LATENT + i));
      }
      coded.set(row * (LATENT + 2) + LATENT, row / BATCH == 1 ? 1f : 0f);
      coded.set(row * (LATENT + 2) + LATENT + 1, row / BATCH == 2 ? 1f : 0f);
    }
    Sequential whole = generators.trunk();
    Pass byHand = new Pass(whole, 3 * BATCH, false, workspace);
    for (Mode mode : List.of(Mode.TRAIN, Mode.INFERENCE)) {
      float[] expected = whole.forward(byHand, coded, mode).toArray();
      generators.forward(pass, z, mode);
      int length = expected.length / 3;
      for (int d = 0; d < 3; d++) {
        assertThat(pass.image(d).toArray())
            .as("%s, domain %d", mode, d)
            .containsExactly(java.util.Arrays.copyOfRange(expected, d * length, (d + 1) * length));
      }
      assertThat(pass.image(1).toArray()).isNotEqualTo(pass.image(0).toArray());
      Tensor one = generators.forward(pass, z, 2, mode);
      assertThat(one.toArray()).containsExactly(pass.image(2).toArray());
    }
  }

  /** The gradient to z, along random directions, against central differences. */
  @Test
  void gradientToLatentOfConditionalGan() {
    CoupledGenerators generators = model(config(Algorithm.CGAN, 1, 1)).generators();
    Workspace workspace = workspace();
    generators.reserveGradients(workspace, BATCH);
    GeneratorPass pass = new GeneratorPass(generators, BATCH, true, workspace);
    Random random = new Random(9);
    Tensor z = TestTensors.normal(random, Shape.of(BATCH, LATENT));
    Tensor weights = TestTensors.normal(random, Shape.of(BATCH, 1, 28, 28));
    Map<Integer, float[]> gradients = new LinkedHashMap<>();
    for (int d = 0; d < 2; d++) {
      generators.forward(pass, z, d, Mode.INFERENCE);
      Tensor dz = TestTensors.filled(z.shape(), Float.NaN);
      generators.backwardToLatent(pass, dz, weights, d);
      gradients.put(d, dz.toArray());
    }
    assertThat(gradients.get(0)).isNotEqualTo(gradients.get(1));
    for (int d = 0; d < 2; d++) {
      double wrong = 0;
      double all = 0;
      for (int i = 0; i < z.count(); i++) {
        float at = z.get(i);
        float h = 1e-3f;
        z.set(i, at + h);
        double above = dot(weights, generators.forward(pass, z, d, Mode.INFERENCE));
        z.set(i, at - h);
        double below = dot(weights, generators.forward(pass, z, d, Mode.INFERENCE));
        z.set(i, at);
        double slope = (above - below) / (2 * h);
        wrong += Math.pow(gradients.get(d)[i] - slope, 2);
        all += slope * slope;
      }
      // Kinks of PReLU between the two ends are in it; a wrong part of the batch gives about 1.
      assertThat(Math.sqrt(wrong / all)).as("relative error, domain %d", d).isLessThan(0.05);
    }
  }

  private static double dot(Tensor a, Tensor b) {
    double sum = 0;
    for (int i = 0; i < a.count(); i++) {
      sum += (double) a.get(i) * b.get(i);
    }
    return sum;
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Algorithm.CGAN, 1, 3))
        .withMessageStartingWith(
            "algorithm cgan has one generator for all domains; their images differ");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Algorithm.CGAN, 1, 1).withSharing(2, 1))
        .withMessage("algorithm cgan has no k and l to choose: all rows are shared");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Algorithm.GAN, 1, 1).withSharing(0, 1))
        .withMessage("algorithm gan has no k and l to choose: nothing is shared");
    CoupledModel model = model(config(Algorithm.CGAN, 1, 1));
    GeneratorPass pass = new GeneratorPass(model.generators(), BATCH, false, workspace());
    assertThatExceptionOfType(dev.cogan.engine.nn.ShapeException.class)
        .isThrownBy(() -> model.generators().forward(pass, Tensor.zeros(BATCH, 5), Mode.INFERENCE))
        .withMessage("generators.shared: expected input [4, 3, 1, 1], got [4, 5]");
  }

  /** A family whose discriminator knows of one logit only cannot serve a conditional GAN. */
  @Test
  void familiesWithoutClassesAreNamed() {
    Architecture digits = Families.named("digits");
    Architecture oneLogit =
        new Architecture() {
          @Override
          public Shape latentShape(ModelConfig config) {
            return digits.latentShape(config);
          }

          @Override
          public List<Block> generator(ModelConfig config, Shape image) {
            return digits.generator(config, image);
          }

          @Override
          public List<Block> discriminator(ModelConfig config, Shape image) {
            List<Block> blocks = new ArrayList<>();
            blocks.addAll(digits.discriminator(config.withAlgorithm(Algorithm.GAN), image));
            return blocks;
          }
        };
    ModelConfig config = config(Algorithm.CGAN, 1, 1);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new CoupledDiscriminators(config, oneLogit, Memory.heap(), true))
        .withMessage("family digits has 1 outputs of the discriminator; algorithm cgan needs 3");
  }

  /** Every family in the table makes all three. */
  @Test
  void everyFamilyTakesEveryAlgorithm() {
    for (ModelConfig base : List.of(TinyModels.DIGITS, TinyModels.MLP)) {
      for (Algorithm algorithm : Algorithm.values()) {
        CoupledModel model = CoupledModel.forTraining(base.withAlgorithm(algorithm), Memory.heap());
        for (Layer layer : model.discriminators().tail().layers()) {
          assertThat(layer.path()).startsWith("discriminators.shared");
        }
        assertThat(model.generators().head(1).outputShape()).isEqualTo(Shape.of(1, 28, 28));
      }
    }
  }
}
