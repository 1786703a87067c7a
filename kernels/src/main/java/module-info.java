/**
 * The engine's kernel contract on the Vector API. Optional: the engine finds it with {@link
 * java.util.ServiceLoader} and computes the same without it, slower.
 */
module dev.cogan.kernels {
  requires transitive dev.cogan.engine;
  requires jdk.incubator.vector;

  exports dev.cogan.kernels;

  provides dev.cogan.engine.kernel.KernelProvider with
      dev.cogan.kernels.VectorKernelProvider;
}
