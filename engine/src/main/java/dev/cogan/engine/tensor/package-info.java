/**
 * Tensors as views: a {@link Tensor} is an array, an offset and a {@link Shape}, and owns nothing.
 * Read both, they are short. Several tensors may look at one array, which is how layers share
 * parameters and how a part of a batch is taken without a copy. There is no arithmetic here: that
 * is in {@link dev.cogan.engine.kernel.Kernels}, and layers, in {@link dev.cogan.engine.nn}, call
 * it. The tests of the layers are the tests of these two.
 */
package dev.cogan.engine.tensor;
