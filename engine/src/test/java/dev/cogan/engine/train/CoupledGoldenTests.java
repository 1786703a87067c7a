package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.golden.GoldenFile;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.model.Architecture;
import dev.cogan.engine.model.Block;
import dev.cogan.engine.model.CoupledDiscriminators;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Flatten;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.PRelu;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Reshape;
import dev.cogan.engine.nn.Sigmoid;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whole training iterations against libtorch, from the same weights, z and images: losses, the
 * first gradients, the final weights and running statistics, and pictures of the trained
 * generators. Extend it, and name the kernels.
 */
public abstract class CoupledGoldenTests {
  private static final double TOLERANCE = 1e-4;

  /**
   * Of the way that a parameter has gone, which is short beside its value: ten steps of 2e-4.
   * Adam's step has nearly the same length for every gradient, so where a gradient is near zero its
   * last bits decide a whole step.
   */
  private static final double WAY_TOLERANCE = 3e-3;

  /** For subclasses. */
  protected CoupledGoldenTests() {}

  /** A new instance of the kernels under test. */
  protected abstract Kernels kernels();

  @Test
  final void digits() {
    ModelConfig config =
        new ModelConfig(
            "digits",
            10,
            List.of(16, 12, 8, 6),
            List.of(4, 6, 16),
            4,
            3,
            0f,
            false,
            domains(Shape.of(1, 28, 28)));
    new Comparison("cogan-small", CoupledModel.forTraining(config, Memory.heap()), kernels()).run();
  }

  @Test
  final void fullyConnected() {
    ModelConfig config =
        new ModelConfig(
            "small-mlp",
            10,
            List.of(24, 24),
            List.of(12),
            2,
            1,
            0f,
            false,
            domains(Shape.of(1, 8, 8)));
    Architecture architecture = new SmallMlp();
    Memory memory = Memory.heap();
    CoupledModel model =
        new CoupledModel(
            config,
            new CoupledGenerators(config, architecture, memory, true),
            new CoupledDiscriminators(config, architecture, memory, true));
    new Comparison("digits-mlp-small", model, kernels()).run();
  }

  private static List<DomainShape> domains(Shape image) {
    return List.of(new DomainShape("a", image), new DomainShape("b", image));
  }

  /** The nets of {@code digits-mlp-small.safetensors}, as its metadata describes them. */
  private static final class SmallMlp implements Architecture {
    @Override
    public Shape latentShape(ModelConfig config) {
      return Shape.of(config.latent());
    }

    @Override
    public List<Block> generator(ModelConfig config, Shape image) {
      return List.of(
          dense(10, 24),
          dense(24, 24),
          (store, paths) ->
              List.of(
                  new Linear(store, paths.get(), 24, 64, true),
                  new Sigmoid(paths.get()),
                  new Reshape(paths.get(), image)));
    }

    private static Block dense(int in, int out) {
      return (store, paths) ->
          List.of(
              new Linear(store, paths.get(), in, out, false),
              new BatchNorm2d(store, paths.get(), out, false),
              new PRelu(store, paths.get(), 1));
    }

    @Override
    public List<Block> discriminator(ModelConfig config, Shape image) {
      return List.of(
          (store, paths) ->
              List.of(
                  new Flatten(paths.get()),
                  new Linear(store, paths.get(), 64, 12, true),
                  new PRelu(store, paths.get(), 1)),
          (store, paths) -> List.of(new Linear(store, paths.get(), 12, 1, true)));
    }
  }

  /** One file, one model. */
  private static final class Comparison {
    private final GoldenFile file;
    private final CoupledModel model;
    private final Kernels kernels;
    private final Trainer trainer;
    private final Set<String> compared = new TreeSet<>();

    Comparison(String name, CoupledModel model, Kernels kernels) {
      file = GoldenFile.open(name + ".safetensors");
      this.model = model;
      this.kernels = kernels;
      AdamOptions adam =
          new AdamOptions(2e-4f, 0.5f, 0.999f, 1e-8f, 5e-4f, AdamOptions.Decay.COUPLED_ALL);
      int batch = Integer.parseInt(file.metadata().get("batch"));
      TrainOptions options =
          new TrainOptions(batch, adam, adam, Noise.NORMAL, Initializer.xavierUniform(), 1);
      List<ImageStream> data = new ArrayList<>();
      for (DomainShape domain : model.config().domains()) {
        // The batches come from the file; the trainer wants streams, too.
        ImageSet images = ImageSet.ofFloats(domain.image(), new float[domain.image().count()]);
        data.add(ImageStream.of(new DomainData(domain.name(), "zeros", images), 1));
      }
      Workspace workspace = new Workspace(kernels, Memory.heap(), RandomStream.of(1, "dropout"));
      trainer = new Trainer(model, options, data, workspace);
    }

    void run() {
      loadWeights(model.generators().store());
      loadWeights(model.discriminators().store());
      float[] lossD = file.floats("lossD");
      float[] lossG = file.floats("lossG");
      for (int t = 0; t < lossD.length; t++) {
        List<Tensor> reals = List.of(tensor("real.a/" + t), tensor("real.b/" + t));
        StepStats stats = trainer.step(tensor("z/" + t), reals);
        checkLoss("lossD", t, stats.discriminatorLoss(), lossD[t]);
        checkLoss("lossG", t, stats.generatorLoss(), lossG[t]);
        if (t == 0) {
          checkGradients(model.generators().store());
          checkGradients(model.discriminators().store());
        }
      }
      checkFinal(model.generators().store());
      checkFinal(model.discriminators().store());
      checkPictures();
      assertEverythingWasCompared();
    }

    private void loadWeights(ParameterStore store) {
      for (Parameter p : store.parameters()) {
        String name = "init/" + p.name();
        assertThat(file.shape(name)).as(name).containsExactly(p.shape().toArray());
        float[] values = file.floats(name);
        System.arraycopy(values, 0, store.values(), p.offset(), values.length);
        compared.add(name);
      }
    }

    private Tensor tensor(String name) {
      compared.add(name);
      return Tensor.of(file.floats(name), file.shape(name));
    }

    private void checkLoss(String name, int t, double actual, float expected) {
      compared.add(name);
      assertThat(Math.abs(actual / expected - 1))
          .as("relative error of %s of iteration %d", name, t)
          .isLessThanOrEqualTo(TOLERANCE);
    }

    private void checkGradients(ParameterStore store) {
      for (Parameter p : store.parameters()) {
        check("grad0/" + p.name(), p.gradient());
      }
    }

    private void checkFinal(ParameterStore store) {
      for (Parameter p : store.parameters()) {
        check("final/" + p.name(), p.value());
      }
      for (String buffer : store.bufferNames()) {
        check("final/" + buffer, store.buffer(buffer));
      }
    }

    private void checkPictures() {
      Workspace workspace = new Workspace(kernels, Memory.heap(), RandomStream.of(1, "dropout"));
      Tensor z = tensor("z/0");
      Sampler sampler = new Sampler(model.generators(), z.size(0), workspace);
      List<Tensor> images = sampler.sample(z.reshape(Shape.of(z.size(0), model.config().latent())));
      check("fake.a", images.get(0));
      check("fake.b", images.get(1));
    }

    private void check(String name, Tensor actual) {
      compared.add(name);
      assertThat(file.shape(name)).as(name).containsExactly(actual.shape().toArray());
      float[] expected = file.floats(name);
      assertThat(GoldenFile.relativeError(actual.toArray(), expected))
          .as("relative error of " + name)
          .isLessThanOrEqualTo(TOLERANCE);
      String init = name.replace("final/", "init/");
      if (!init.equals(name) && file.has(init)) {
        float[] start = file.floats(init);
        assertThat(GoldenFile.relativeError(minus(actual.toArray(), start), minus(expected, start)))
            .as("relative error of the way gone from " + init)
            .isLessThanOrEqualTo(WAY_TOLERANCE);
      }
    }

    private static float[] minus(float[] a, float[] b) {
      float[] difference = a.clone();
      for (int i = 0; i < b.length; i++) {
        difference[i] -= b[i];
      }
      return difference;
    }

    /** Also says that the model's names, shapes and sharing are those of the other program. */
    private void assertEverythingWasCompared() {
      assertThat(compared).containsExactlyInAnyOrderElementsOf(file.names());
    }
  }
}
