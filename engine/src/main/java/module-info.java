/**
 * Coupled GANs in pure Java: tensors, layers with manual backprop, models, training, data and
 * checkpoints. Needs nothing but {@code java.base}.
 */
module dev.cogan.engine {
  exports dev.cogan.engine.adapt;
  exports dev.cogan.engine.check;
  exports dev.cogan.engine.data;
  exports dev.cogan.engine.image;
  exports dev.cogan.engine.io;
  exports dev.cogan.engine.kernel;
  exports dev.cogan.engine.loss;
  exports dev.cogan.engine.metric;
  exports dev.cogan.engine.model;
  exports dev.cogan.engine.nn;
  exports dev.cogan.engine.optim;
  exports dev.cogan.engine.random;
  exports dev.cogan.engine.tensor;
  exports dev.cogan.engine.train;
  exports dev.cogan.engine.transform;

  uses dev.cogan.engine.kernel.KernelProvider;
}
