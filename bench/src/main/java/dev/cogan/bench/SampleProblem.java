package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Sampler;
import java.util.List;

/**
 * Pairs of images from one batch of z, by a preset's generators as they are before training.
 *
 * @param preset whose generators
 * @param pairs vectors z
 */
public record SampleProblem(Preset preset, int pairs) {
  private static final long SEED = 1;

  /** As many as images in the largest batch of a training, and a few more. */
  private static final int MOST_PAIRS = 99_999;

  /**
   * @throws ConfigException if the number of pairs is out of range, or too much for an array or the
   *     heap
   */
  public SampleProblem {
    Sizes.require("pairs", pairs, 1, MOST_PAIRS);
    long values = 0;
    for (DomainShape domain : preset.model().domains()) {
      values += (long) pairs * domain.image().count();
    }
    String what = pairs + " pairs of " + preset.label();
    Sizes.requireArray("pairs", what, values);
    Sizes.requirePlan(what, () -> bytes(preset, pairs));
  }

  private static long bytes(Preset preset, int pairs) {
    Memory plan = Memory.counting();
    Workspace counting = new Workspace(new ScalarKernels(), plan, RandomStream.of(SEED, "dropout"));
    new Sampler(CoupledModel.forSampling(preset.model(), plan).generators(), pairs, counting);
    return plan.bytes();
  }

  /** The generators, newly allocated; the model has no discriminators. */
  public CoupledModel model() {
    return model(Memory.heap());
  }

  private CoupledModel model(Memory memory) {
    CoupledModel model = CoupledModel.forSampling(preset.model(), memory);
    preset.training(SEED).initializer().apply(model.generators().store(), SEED);
    return model;
  }

  /** z, {@code [pairs, latent]}. */
  public float[] z() {
    int latent = preset.model().latent();
    float[] z = new float[pairs * latent];
    for (int i = 0; i < pairs; i++) {
      preset.training().noise().fillSeeded(i, z, i * latent, latent);
    }
    return z;
  }

  /** Sampling by the engine; the result is the images of domain a, then those of b. */
  Operation sampling(Kernels kernels) {
    Memory memory = Memory.heap();
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(SEED, "dropout"));
    Sampler sampler = new Sampler(model(memory).generators(), pairs, workspace);
    Tensor z = new Tensor(z(), 0, Shape.of(pairs, sampler.latent()));
    return new Sampling(sampler, z);
  }

  /** Keeps the last images. */
  private static final class Sampling implements Operation {
    private final Sampler sampler;
    private final Tensor z;
    private List<Tensor> images = List.of();

    Sampling(Sampler sampler, Tensor z) {
      this.sampler = sampler;
      this.z = z;
    }

    @Override
    public void run() {
      images = sampler.sample(z);
    }

    @Override
    public float[] result() {
      float[] values = new float[images.stream().mapToInt(Tensor::count).sum()];
      int at = 0;
      for (Tensor tensor : images) {
        System.arraycopy(tensor.data(), tensor.offset(), values, at, tensor.count());
        at += tensor.count();
      }
      return values;
    }
  }
}
