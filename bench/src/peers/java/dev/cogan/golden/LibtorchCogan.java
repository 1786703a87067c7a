package dev.cogan.golden;

import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A CoGAN of the families digits or photos in libtorch, as the golden values are made with it, from
 * the engine's parameters and data. It stands in the package of the golden values' generator, whose
 * classes it uses.
 */
public final class LibtorchCogan {
  private final Cogan nets;
  private final Training training;
  private final Tensor z;
  private final List<Shape> images = new ArrayList<>();
  private final List<Tensor> real = new ArrayList<>();
  private Training.Losses losses;

  /**
   * @param adam both teams' optimiser; its decay is what counts
   * @param model gives the parameters; without discriminators only {@link #sample} makes sense
   * @param latents {@code [n, latent]}
   */
  public LibtorchCogan(CoupledModel model, float[] latents, AdamOptions adam) {
    ModelConfig config = model.config();
    int[] widths = new int[config.generatorWidths().size() + 1];
    widths[0] = config.latent();
    for (int i = 1; i < widths.length; i++) {
      widths[i] = config.generatorWidths().get(i - 1);
    }
    List<Integer> d = config.discriminatorWidths();
    for (DomainShape domain : config.domains()) {
      images.add(domain.image());
    }
    nets =
        config.family().equals("photos")
            ? Cogan.photos(
                new Values(1),
                widths,
                d.stream().mapToInt(i -> i).toArray(),
                config.sharedGenerator(),
                config.sharedDiscriminator(),
                images.stream().mapToInt(image -> image.size(0)).toArray())
            : Cogan.digits(new Values(1), widths, d.get(0), d.get(1), d.get(2));
    nets.generators().forEach(net -> copy(model.generators().store(), net));
    if (model.discriminators() != null) {
      nets.discriminators().forEach(net -> copy(model.discriminators().store(), net));
    }
    boolean weightsOnly = adam.decay() == AdamOptions.Decay.COUPLED_WEIGHTS;
    training = new Training(nets, adam.weightDecay(), weightsOnly);
    z = Torch.tensor(latents, latents.length / widths[0], widths[0]);
  }

  private static void copy(ParameterStore store, Sequential net) {
    net.forEachParameter(
        (name, tensor) -> {
          Parameter parameter = store.parameter(name);
          tensor.data_ptr_float().put(parameter.values(), parameter.offset(), parameter.count());
        });
  }

  /** Adds the next domain's batch of real images. */
  public void addReal(float[] pixels) {
    Shape image = images.get(real.size());
    real.add(Torch.tensor(pixels, z.size(0), image.size(0), image.size(1), image.size(2)));
  }

  /** One iteration of training. */
  public void step() {
    try (PointerScope scope = new PointerScope()) {
      losses = training.iterate(z, real, () -> {}, () -> {});
    }
  }

  /** The last iteration's losses, discriminators' and generators'. */
  public float[] losses() {
    return new float[] {(float) losses.discriminators(), (float) losses.generators()};
  }

  /** Computes a batch of pairs. */
  public void sample() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      training.fakes(z, false);
    }
  }

  /** A batch of pairs: the images of the first domain, then those of the second. */
  public float[] images() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      List<Tensor> fakes = training.fakes(z, false);
      float[] a = Torch.floats(fakes.get(0));
      float[] b = Torch.floats(fakes.get(1));
      float[] all = new float[a.length + b.length];
      System.arraycopy(a, 0, all, 0, a.length);
      System.arraycopy(b, 0, all, a.length, b.length);
      return all;
    }
  }
}
