package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.ConfigException;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Matrix products and convolutions by the name of who computes them: the engine's kernels, or a
 * {@link Peer}. What is handed out has run once, and its result has been found right.
 */
final class Implementations {
  private Implementations() {}

  /**
   * A checked matrix product.
   *
   * @throws ConfigException if the name is unknown
   * @throws IllegalStateException if the result is wrong
   */
  static Operation gemm(String name, GemmProblem problem, int threads) {
    Operation operation =
        open(
            name,
            threads,
            kernels -> KernelOperations.gemm(kernels, problem),
            peer -> peer.gemm(problem, threads));
    operation.run();
    float[] result = operation.result();
    String what = name + " gemm";
    if (!name.equals("reference")) {
      ReferenceSlices.requireGemm(what, problem, result);
    }
    requireAsScalar(what, name, KernelOperations.gemm(new ScalarKernels(), problem), result);
    return operation;
  }

  /**
   * A checked pass of a convolution.
   *
   * @throws ConfigException if the name is unknown
   * @throws IllegalStateException if the result is wrong
   */
  static Operation conv(String name, ConvProblem problem, int threads) {
    Operation operation =
        open(
            name,
            threads,
            kernels -> KernelOperations.conv(kernels, problem),
            peer -> peer.conv(problem, threads));
    operation.run();
    float[] result = operation.result();
    String what = name + " " + problem.layer().name() + " " + problem.pass().label();
    if (!name.equals("reference")) {
      ReferenceSlices.requireConv(what, problem, result);
    }
    requireAsScalar(what, name, KernelOperations.conv(new ScalarKernels(), problem), result);
    return operation;
  }

  private static Operation open(
      String name,
      int threads,
      Function<Kernels, Operation> byKernels,
      Function<Peer, Operation> byPeer) {
    if (KernelSet.knows(name)) {
      KernelSet set = KernelSet.open(name, threads);
      return new Owned(byKernels.apply(set.kernels()), set);
    }
    StringBuilder known = new StringBuilder("reference, scalar, vector");
    for (Peer peer : ServiceLoader.load(Peer.class)) {
      if (peer.name().equals(name)) {
        return byPeer.apply(peer);
      }
      known.append(", ").append(peer.name());
    }
    throw new ConfigException("unknown implementation '" + name + "'; known are " + known);
  }

  private static void requireAsScalar(String what, String name, Operation scalar, float[] result) {
    if (!name.equals("scalar")) {
      scalar.run();
      Comparison.require(what + " against scalar", scalar.result(), result);
    }
  }

  /** An operation that ends its kernels' threads. */
  private record Owned(Operation operation, KernelSet set) implements Operation {
    @Override
    public void run() {
      operation.run();
    }

    @Override
    public float[] result() {
      return operation.result();
    }

    @Override
    public void close() {
      set.close();
    }
  }
}
