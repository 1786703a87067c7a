package dev.cogan.engine.train;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/** Looks for the first tensor with a NaN or an infinity, in the order in which data flows. */
final class Divergence {
  private Divergence() {}

  /**
   * Throws if anything that a checkpoint holds is bad; cheap enough for every snapshot. An infinite
   * second moment shows in no loss: its weights just stand still.
   */
  static void requireFinite(Trainer trainer) {
    ParameterStore generators = trainer.model().generators().store();
    ParameterStore discriminators = trainer.model().discriminators().store();
    checkStore(trainer, generators);
    checkStore(trainer, discriminators);
    if (trainer.options().remedies().averages()) {
      checkStore(trainer, trainer.sampledGenerators().store());
    }
    checkMoments(trainer, generators);
    checkMoments(trainer, discriminators);
  }

  private static void checkMoments(Trainer trainer, ParameterStore store) {
    for (Parameter p : store.parameters()) {
      check(trainer, "adam.first." + p.name(), p.shape(), store.firstMoments(), p.offset());
      check(trainer, "adam.second." + p.name(), p.shape(), store.secondMoments(), p.offset());
    }
  }

  /** A loss was bad: throws with the name of the first bad tensor. */
  static void throwFirst(Trainer trainer) {
    checkStore(trainer, trainer.model().generators().store());
    for (int d = 0; d < trainer.model().generators().domains(); d++) {
      check(trainer, "generated images of domain " + domain(trainer, d), trainer.fakes(d));
    }
    checkStore(trainer, trainer.model().discriminators().store());
    for (int d = 0; d < trainer.model().generators().domains(); d++) {
      check(trainer, "logits of domain " + domain(trainer, d), trainer.logits(d));
    }
    throw new DivergedException(trainer.stepsDone(), "the loss", "is not finite");
  }

  private static String domain(Trainer trainer, int d) {
    return trainer.model().config().domains().get(d).name();
  }

  private static void checkStore(Trainer trainer, ParameterStore store) {
    for (Parameter p : store.parameters()) {
      check(trainer, p.name(), p.value());
    }
    for (String buffer : store.bufferNames()) {
      check(trainer, buffer, store.buffer(buffer));
    }
  }

  private static void check(Trainer trainer, String name, Tensor tensor) {
    check(trainer, name, tensor.shape(), tensor.data(), tensor.offset());
  }

  private static void check(Trainer trainer, String name, Shape shape, float[] data, int offset) {
    Kernels kernels = trainer.workspace().kernels();
    int index = kernels.firstNonFinite(shape.count(), data, offset);
    if (index >= 0) {
      throw DivergedException.of(trainer.stepsDone(), name, shape, data[offset + index], index);
    }
  }
}
