package dev.cogan.cli.export;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.TrainOptions;
import dev.cogan.engine.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Checkpoints of narrow nets with random weights and statistics. */
public final class SmallModels {
  private SmallModels() {}

  /** A preset's model with a few channels in every row. */
  public static ModelConfig narrow(Preset preset) {
    ModelConfig config = preset.model();
    return config
        .withGeneratorWidths(widths(config.generatorWidths().size()))
        .withDiscriminatorWidths(widths(config.discriminatorWidths().size()))
        .withLatent(preset.training(1).noise().places() + 5);
  }

  private static List<Integer> widths(int rows) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      widths.add(7 - i % 3);
    }
    return widths;
  }

  /** Writes a checkpoint of such a model. */
  public static void write(Path file, ModelConfig config, TrainOptions given) {
    TrainOptions options = given.withBatch(2);
    Memory memory = Memory.heap();
    CoupledModel model = CoupledModel.forTraining(config, memory);
    model.initialise(options.initializer(), 1);
    List<ImageStream> data = new ArrayList<>();
    for (DomainShape domain : config.domains()) {
      ImageSet images = ImageSet.ofBytes(domain.image(), new byte[2 * domain.image().count()]);
      data.add(ImageStream.of(new DomainData(domain.name(), "zeros", images), 1));
    }
    Workspace workspace = new Workspace(new ScalarKernels(), memory, RandomStream.of(1, "dropout"));
    Trainer trainer = new Trainer(model, options, data, workspace);
    Random random = new Random(3);
    randomise(model.generators().store(), random);
    randomise(trainer.sampledGenerators().store(), random);
    randomise(model.discriminators().store(), random);
    Checkpoint.write(file, trainer, Map.of("program", "test"));
  }

  private static void randomise(ParameterStore store, Random random) {
    for (int i = 0; i < store.count(); i++) {
      store.values()[i] += 0.2f * (float) random.nextGaussian();
    }
    for (String name : store.bufferNames()) {
      var buffer = store.buffer(name);
      for (int i = 0; i < buffer.count(); i++) {
        boolean variance = name.endsWith("running_var");
        buffer.set(i, variance ? 0.3f + random.nextFloat() : (float) random.nextGaussian() / 3);
      }
    }
  }
}
