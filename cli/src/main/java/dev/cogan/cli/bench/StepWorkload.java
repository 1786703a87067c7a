package dev.cogan.cli.bench;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.nn.LayerProbe;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.TrainOptions;
import dev.cogan.engine.train.Trainer;
import java.util.ArrayList;
import java.util.List;

/**
 * Training steps of a preset on images of noise: a step's time does not depend on what they show.
 *
 * @param preset what is trained
 * @param batch images per domain, and vectors z
 */
public record StepWorkload(Preset preset, int batch) {
  private static final int IMAGES = 256;
  private static final int QUICK_PIXELS = 65_536;
  private static final long SEED = 1;

  /** The preset with its own batch. */
  public static StepWorkload of(Preset preset) {
    return new StepWorkload(preset, preset.training(SEED).batch());
  }

  /** The preset with its own batch or, on large images, with one that is measured in seconds. */
  public static StepWorkload quick(Preset preset) {
    int pixels = preset.side() * preset.side();
    int batch = preset.training(SEED).batch();
    return new StepWorkload(preset, Math.max(2, Math.min(batch, QUICK_PIXELS / pixels)));
  }

  /** The preset's own batch over the measured one. */
  public double scale() {
    return preset.training(SEED).batch() / (double) batch;
  }

  /**
   * After how many steps their work repeats: the penalty R1, where a preset has it, is not part of
   * every step.
   */
  public int cycle() {
    return preset.training(SEED).remedies().r1Every();
  }

  /** Bytes that the training's arrays take. */
  public long bytes() {
    Memory plan = Memory.counting();
    trainer(new ScalarKernels(), plan, null);
    return plan.bytes();
  }

  /**
   * A trainer before its first step; with a counting memory, only the plan.
   *
   * @param probe is told which layer runs, or null
   */
  public Trainer trainer(Kernels kernels, Memory memory, LayerProbe probe) {
    TrainOptions options = preset.training(SEED).withBatch(batch);
    List<DomainShape> domains = preset.model().domains();
    CoupledModel model = CoupledModel.forTraining(preset.model(), memory);
    if (memory.isReal()) {
      model.initialise(options.initializer(), SEED);
    }
    List<ImageStream> streams = new ArrayList<>();
    for (DomainShape domain : domains) {
      streams.add(noise(domain));
    }
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(SEED, "dropout"));
    workspace.observe(probe);
    return new Trainer(model, options, streams, workspace);
  }

  private static ImageStream noise(DomainShape domain) {
    byte[] pixels = new byte[IMAGES * domain.image().count()];
    RandomStream random = RandomStream.of(SEED, "pixels." + domain.name());
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    ImageSet images = ImageSet.ofBytes(domain.image(), pixels);
    return ImageStream.of(new DomainData(domain.name(), "noise", images), SEED);
  }
}
