package dev.cogan.engine.train;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Trainings small enough for tests: the digit nets with a handful of channels. */
final class Tiny {
  static final int BATCH = 3;

  private Tiny() {}

  /** Domains a, b, ... of 28x28 with these numbers of channels. */
  static List<DomainShape> domains(int... channels) {
    List<DomainShape> domains = new ArrayList<>();
    for (int i = 0; i < channels.length; i++) {
      domains.add(new DomainShape(DomainShape.name(i), Shape.of(channels[i], 28, 28)));
    }
    return domains;
  }

  /** All rows shared that may be, dropout 0.3, one channel in both domains. */
  static ModelConfig config() {
    return new ModelConfig(
        "digits", 3, List.of(4, 3, 2, 2), List.of(2, 2, 4), 4, 3, 0.3f, false, domains(1, 1));
  }

  /** The face nets for 8x8, three channels and one: batch norm in the discriminators too. */
  static ModelConfig photos() {
    return new ModelConfig(
        "photos",
        3,
        List.of(4, 3),
        List.of(2, 3, 4),
        1,
        2,
        0.5f,
        true,
        List.of(new DomainShape("a", Shape.of(3, 8, 8)), new DomainShape("b", Shape.of(1, 8, 8))));
  }

  static TrainOptions options() {
    AdamOptions adam = AdamOptions.paper().withRate(1e-3f);
    return new TrainOptions(BATCH, adam, adam, Noise.NORMAL, Initializer.xavierUniform(), 7);
  }

  /** Random images; a domain has 5, 6, ... of them, so a few steps pass the end of an epoch. */
  static List<ImageStream> data(ModelConfig config, long seed) {
    List<ImageStream> streams = new ArrayList<>();
    Random random = new Random(17);
    for (DomainShape domain : config.domains()) {
      byte[] pixels = new byte[(5 + streams.size()) * domain.image().count()];
      random.nextBytes(pixels);
      ImageSet images = ImageSet.ofBytes(domain.image(), pixels);
      streams.add(ImageStream.of(new DomainData(domain.name(), "random", images), seed));
    }
    return streams;
  }

  static Trainer trainer(ModelConfig config, TrainOptions options, Kernels kernels) {
    return trainer(config, options, kernels, Memory.heap());
  }

  static Trainer trainer(ModelConfig config, TrainOptions options, Kernels kernels, Memory memory) {
    CoupledModel model = CoupledModel.forTraining(config, memory);
    if (memory.isReal()) {
      model.initialise(options.initializer(), options.seed());
    }
    Workspace workspace =
        new Workspace(kernels, memory, RandomStream.of(options.seed(), "dropout"));
    return new Trainer(model, options, data(config, options.seed()), workspace);
  }

  static Trainer trainer() {
    return trainer(config(), options(), new ScalarKernels());
  }
}
