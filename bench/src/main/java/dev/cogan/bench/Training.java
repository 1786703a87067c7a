package dev.cogan.bench;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.TrainOptions;
import dev.cogan.engine.train.Trainer;
import java.util.ArrayList;
import java.util.List;

/** Trainings of the presets on made-up images: a step's time does not depend on what they show. */
final class Training {
  private static final Shape IMAGE = Shape.of(1, 28, 28);
  private static final int IMAGES = 1024;
  private static final long SEED = 1;

  private Training() {}

  /** The two domains of the presets. */
  static List<DomainShape> domains() {
    return List.of(new DomainShape("a", IMAGE), new DomainShape("b", IMAGE));
  }

  /** A new training, the same for every kernels. */
  static Trainer create(Preset preset, int batch, Kernels kernels) {
    Memory memory = Memory.heap();
    TrainOptions options = preset.training(SEED).withBatch(batch);
    CoupledModel model = CoupledModel.forTraining(preset.model(domains()), memory);
    model.initialise(options.initializer(), SEED);
    List<ImageStream> data = new ArrayList<>();
    for (DomainShape domain : domains()) {
      data.add(ImageStream.of(new DomainData(domain.name(), "noise", images(domain)), SEED));
    }
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(SEED, "dropout"));
    return new Trainer(model, options, data, workspace);
  }

  private static ImageSet images(DomainShape domain) {
    byte[] pixels = new byte[IMAGES * domain.image().count()];
    RandomStream random = RandomStream.of(SEED, "pixels." + domain.name());
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    return ImageSet.ofBytes(domain.image(), pixels);
  }
}
