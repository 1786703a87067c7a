package dev.cogan.bench;

import dev.cogan.cli.bench.StepWorkload;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.TrainOptions;
import dev.cogan.engine.train.Trainer;
import java.util.ArrayList;
import java.util.List;

/**
 * Training steps of a preset on made-up images: a step's time does not depend on what they show.
 *
 * @param preset what is trained
 * @param batch images per domain, and vectors z
 * @param dropout whether the preset's dropout is applied; without it, losses can be compared
 */
public record StepProblem(Preset preset, int batch, boolean dropout) {
  private static final int IMAGES = 1024;
  private static final int MOST_IMAGES = 99_999;
  private static final long SEED = 1;

  /**
   * @throws ConfigException if there is no such batch, or the heap cannot hold its training
   */
  public StepProblem {
    Sizes.require("batch", batch, 1, MOST_IMAGES);
    Sizes.requirePlan(
        "step of " + preset.label() + " at batch " + batch, new StepWorkload(preset, batch)::bytes);
  }

  /** The preset's model, perhaps without dropout. */
  public ModelConfig config() {
    return dropout ? preset.model() : preset.model().withDropout(0f);
  }

  /** The two domains that the preset is meant for. */
  List<DomainShape> domains() {
    return preset.model().domains();
  }

  /** The preset's settings. */
  public TrainOptions options() {
    return preset.training(SEED).withBatch(batch);
  }

  /**
   * After how many steps their work repeats: the penalty R1, where a preset has it, is not part of
   * every step.
   */
  int cycle() {
    return options().remedies().r1Every();
  }

  /** Arithmetic of a step in 1e9 operations, the mean over a {@link #cycle}. */
  double gigaFlop() {
    return FlopCounter.gigaFlop(this::training, cycle());
  }

  /** The model as it is before the first step, newly allocated. */
  public CoupledModel model() {
    return model(Memory.heap());
  }

  private CoupledModel model(Memory memory) {
    CoupledModel model = CoupledModel.forTraining(config(), memory);
    model.initialise(options().initializer(), SEED);
    return model;
  }

  /** The first step's z, {@code [batch, latent]}. */
  public float[] z() {
    float[] z = new float[batch * preset.model().latent()];
    options().noise().fill(RandomStream.of(SEED, "noise"), z, 0, batch, preset.model().latent());
    return z;
  }

  /** The first step's real images of a domain, {@code [batch, channels, height, width]}. */
  public float[] images(int domain) {
    float[] images = new float[batch * domains().get(domain).image().count()];
    stream(domains().get(domain)).next(images, 0, batch);
    return images;
  }

  private static ImageStream stream(DomainShape domain) {
    byte[] pixels = new byte[IMAGES * domain.image().count()];
    RandomStream random = RandomStream.of(SEED, "pixels." + domain.name());
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    ImageSet images = ImageSet.ofBytes(domain.image(), pixels);
    return ImageStream.of(new DomainData(domain.name(), "noise", images), SEED);
  }

  /** Training steps by the engine; the result is the two losses of the first. */
  Operation training(Kernels kernels) {
    Memory memory = Memory.heap();
    List<ImageStream> data = new ArrayList<>();
    for (DomainShape domain : domains()) {
      data.add(stream(domain));
    }
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(SEED, "dropout"));
    Trainer trainer = new Trainer(model(memory), options(), data, workspace);
    float[] losses = new float[2];
    return KernelOperations.of(
        losses,
        () -> {
          StepStats stats = trainer.step();
          losses[0] = (float) stats.discriminatorLoss();
          losses[1] = (float) stats.generatorLoss();
        });
  }
}
