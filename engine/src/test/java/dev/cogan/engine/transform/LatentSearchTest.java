package dev.cogan.engine.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.GeneratorPass;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.GradientCheck;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Sampler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatentSearchTest {
  private static final int LATENT = 5;

  /** Untrained weights draw smooth random pictures, each from one z: enough to search in. */
  private static CoupledGenerators generators(int shared) {
    return generators(LATENT, shared);
  }

  private static CoupledGenerators generators(int latent, int shared) {
    ModelConfig config =
        new ModelConfig(
            "digits",
            latent,
            List.of(8, 6, 5, 4),
            List.of(2, 2, 4),
            shared,
            Math.min(shared, 3),
            0f,
            false,
            List.of(
                new DomainShape("a", Shape.of(1, 28, 28)),
                new DomainShape("b", Shape.of(3, 28, 28))));
    CoupledModel model = CoupledModel.forTraining(config, Memory.heap());
    model.initialise(Initializer.xavierUniform(), 3);
    RandomStream random = RandomStream.of(4, "statistics");
    model
        .generators()
        .batchNorms()
        .forEach(
            norm -> {
              Tensor mean = norm.runningMean();
              random.fillNormal(mean.data(), mean.offset(), mean.count(), 0f, 0.1f);
              norm.runningVar().fill(0.5f);
            });
    return model.generators();
  }

  /** PReLUs of slope 1: their thousands of kinks would disturb the differences of whole nets. */
  private static void withoutKinks(CoupledGenerators generators) {
    for (Parameter p : generators.store().parameters()) {
      if (p.role() == Parameter.Role.SLOPE) {
        p.value().fill(1f);
      }
    }
  }

  private static Workspace workspace() {
    return Workspace.inference(new ScalarKernels());
  }

  private static SearchOptions options() {
    return new SearchOptions(Noise.NORMAL, 3, 20, 200, 0, 1);
  }

  private static List<Inversion> invert(
      CoupledGenerators generators, Tensor images, int domain, int batch) {
    return new LatentSearch(generators, batch, workspace())
        .invert(images, domain, options(), (done, of) -> {});
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 4})
  void gradientToLatentIsTheDerivative(int shared) {
    CoupledGenerators generators = generators(shared);
    withoutKinks(generators);
    Workspace workspace = workspace();
    generators.reserveGradients(workspace, 2);
    GeneratorPass pass = new GeneratorPass(generators, 2, true, workspace);
    Tensor z = Sampler.latents(Noise.NORMAL, LATENT, 1, 2);
    Tensor dimage = Tensor.zeros(2, 3, 28, 28);
    RandomStream.of(9, "dimage").fillNormal(dimage.data(), 0, dimage.count(), 0f, 1f);
    generators.forward(pass, z, 1, Mode.INFERENCE);
    Tensor dz = Tensor.zeros(2, LATENT);

    generators.backwardToLatent(pass, dz, dimage, 1);

    double[] numeric = new double[z.count()];
    for (int i = 0; i < numeric.length; i++) {
      numeric[i] =
          GradientCheck.derivative(
              z,
              i,
              GradientCheck.STEP,
              () -> GradientCheck.dot(generators.forward(pass, z, 1, Mode.INFERENCE), dimage));
    }
    assertThat(GradientCheck.relativeError(dz.toArray(), numeric))
        .isLessThan(GradientCheck.TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void findsAnImageThatTheGeneratorDrew(int domain) {
    CoupledGenerators generators = generators(4);
    Tensor z = Sampler.latents(Noise.NORMAL, LATENT, 101, 102, 103);
    Sampler sampler = new Sampler(generators, 4, workspace());
    Tensor images = sampler.sample(z).get(domain);

    List<Inversion> found = invert(generators, images, domain, 4);

    assertThat(found).hasSize(3);
    for (Inversion inversion : found) {
      assertThat(inversion.explained()).isGreaterThan(0.99);
      assertThat(inversion.covered()).isTrue();
      assertThat(inversion.residual()).isLessThan(0.02);
      assertThat(inversion.iterations()).isPositive();
    }
  }

  @Test
  void aPictureItCannotDrawIsSaidNotToBeCovered() {
    Tensor noise = Tensor.zeros(1, 1, 28, 28);
    RandomStream.of(5, "noise").fillUniform(noise.data(), 0, noise.count(), 0f, 1f);
    Inversion found = invert(generators(4), noise, 0, 4).get(0);
    assertThat(found.covered()).isFalse();
    assertThat(found.residual()).isGreaterThan(0.1);
  }

  @Test
  void resultsDoNotDependOnTheBatch() {
    CoupledGenerators generators = generators(4);
    Tensor images =
        new Sampler(generators, 4, workspace())
            .sample(Sampler.latents(Noise.NORMAL, LATENT, 7, 8, 9, 10, 11))
            .get(0);
    List<Inversion> one = invert(generators, images, 0, 1);
    List<Inversion> many = invert(generators, images, 0, 7);
    for (int i = 0; i < 5; i++) {
      assertThat(many.get(i).residual()).isLessThan(0.02);
      assertThat(one.get(i).residual()).isLessThan(0.02);
    }
  }

  @Test
  void noImagesHaveNoLatents() {
    assertThat(invert(generators(4), Tensor.zeros(0, 3, 28, 28), 1, 2)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, 255})
  void imagesOutsideTheUnitIntervalAreRefused(float value) {
    Tensor images = Tensor.zeros(2, 1, 28, 28);
    images.set(800, value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> invert(generators(4), images, 0, 2))
        .withMessage("image 1: expected values in [0, 1], got " + value);
  }

  @Test
  void aNoiseThatTheModelsLatentCannotHaveIsRefused() {
    SearchOptions mixture = new SearchOptions(Noise.MIXTURE, 1, 2, 2, 0, 1);
    LatentSearch search = new LatentSearch(generators(4), 1, workspace());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> search.invert(Tensor.zeros(1, 1, 28, 28), 0, mixture, (done, of) -> {}))
        .withMessage("noise mixture needs z of more than 10 numbers, got " + LATENT);
  }

  /** A strong prior leaves z where the distribution, or the nearest part of a mixture, has it. */
  @Test
  void thePriorPullsTowardsTheMiddleOfTheDistribution() {
    CoupledGenerators generators = generators(12, 4);
    Sampler sampler = new Sampler(generators, 2, workspace());
    Tensor image = sampler.sample(Sampler.latents(Noise.MIXTURE, 12, 7)).get(0);
    SearchOptions mixture = new SearchOptions(Noise.MIXTURE, 1, 4, 50, 1e4, 1);
    LatentSearch search = new LatentSearch(generators, 1, workspace());
    float[] found = search.invert(image, 0, mixture, (done, of) -> {}).get(0).z();
    float[] expected = new float[12];
    for (int i = 0; i < 10; i++) {
      expected[i] = found[i] > 2 ? 4 : 0;
    }
    assertThat(found).containsExactly(expected, within(0.1f));
    assertThat(expected).contains(4f);
    SearchOptions normal = new SearchOptions(Noise.NORMAL, 1, 4, 50, 1e4, 1);
    assertThat(search.invert(image, 0, normal, (done, of) -> {}).get(0).z())
        .containsExactly(new float[12], within(0.1f));
  }

  @Test
  void progressIsNeededBeforeTheSearch() {
    LatentSearch search = new LatentSearch(generators(4), 1, workspace());
    assertThatNullPointerException()
        .isThrownBy(() -> search.invert(Tensor.zeros(0, 1, 28, 28), 0, options(), null))
        .withMessage("progress");
  }

  @Test
  void wrongShapesAndSettingsAreRefused() {
    Tensor grey = Tensor.zeros(1, 1, 28, 28);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> invert(generators(4), grey, 1, 2))
        .withMessageContaining("expected images [1, 3, 28, 28], got [1, 1, 28, 28]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SearchOptions(Noise.NORMAL, 5, 4, 10, 0, 0))
        .withMessageContaining("candidates must be 5 to");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SearchOptions(Noise.NORMAL, 1, 4, 10, -1, 0))
        .withMessageContaining("prior");
  }
}
