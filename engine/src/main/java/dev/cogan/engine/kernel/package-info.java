/**
 * The arithmetic: operations on whole arrays, given as arrays, offsets and sizes, never as tensors.
 * Read {@link Kernels} first, the contract with every formula, then {@code ReferenceConv} and the
 * other parts of {@link ReferenceKernels}, which are the formulas as loops. {@link ScalarKernels}
 * computes the same, arranged so that the JIT compiler vectorises it; a {@link KernelProvider} in
 * the module {@code dev.cogan.kernels} offers the same on the Vector API. {@link KernelSelector}
 * chooses one and says why, and a {@link Parallel} spreads the work over threads, if the caller
 * gives it one that has some. {@code KernelParityTests} compares every implementation with the
 * reference, {@code KernelGoldenTests} with libtorch.
 */
package dev.cogan.engine.kernel;
