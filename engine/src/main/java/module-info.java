/**
 * Coupled GANs in pure Java: tensors, layers with manual backprop, models, training, data and
 * checkpoints. Needs nothing but {@code java.base}.
 */
module dev.cogan.engine {
  exports dev.cogan.engine.data;
  exports dev.cogan.engine.io;
  exports dev.cogan.engine.kernel;
  exports dev.cogan.engine.random;
  exports dev.cogan.engine.tensor;

  uses dev.cogan.engine.kernel.KernelProvider;
}
