package dev.cogan.bench;

import dev.cogan.engine.kernel.KernelProvider;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.PeakProbe;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.ConfigException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Matrix products, convolutions, training steps, sampling and the peak by the name of who computes
 * them: the engine's kernels, or a {@link Peer}. What is handed out has run once, and its result
 * has been found right.
 */
final class Implementations {
  /** The reference kernels cannot do more of a training step in reasonable time. */
  private static final int REFERENCE_BATCH = 2;

  /** Names of all peers, whether this build has them or not. */
  static final List<String> PEERS = List.of("openblas", "vectorblas", "ejml", "ojalgo", "libtorch");

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
    requireAsScalar(
        what,
        name,
        KernelOperations.gemm(new ScalarKernels(), problem),
        result,
        Math.sqrt(problem.k()));
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
    requireAsScalar(what, name, KernelOperations.conv(new ScalarKernels(), problem), result, 0);
    return operation;
  }

  /**
   * Checked training steps. Their first losses, of which the generators' one knows the
   * discriminators' update already, are compared with those of the scalar kernels; for the scalar
   * kernels, losses at a smaller batch with those of the reference kernels.
   *
   * @throws ConfigException if the name is unknown
   * @throws IllegalStateException if the losses are wrong
   */
  static Operation step(String name, StepProblem problem, int threads) {
    Operation operation =
        open(name, threads, problem::training, peer -> peer.step(problem, threads));
    operation.run();
    if (name.equals("scalar")) {
      StepProblem small = new StepProblem(problem.preset(), REFERENCE_BATCH, problem.dropout());
      requireSame(
          "scalar losses against reference",
          small.training(new ReferenceKernels()),
          small.training(new ScalarKernels()));
    } else {
      Operation scalar = problem.training(new ScalarKernels());
      scalar.run();
      Comparison.requireLosses(
          name + " losses against scalar", scalar.result(), operation.result());
    }
    return operation;
  }

  /**
   * Checked sampling: all pixels are compared with those of the scalar kernels; for the scalar
   * kernels, one pair with that of the reference kernels.
   *
   * @throws ConfigException if the name is unknown
   * @throws IllegalStateException if the images are wrong
   */
  static Operation sample(String name, SampleProblem problem, int threads) {
    Operation operation =
        open(name, threads, problem::sampling, peer -> peer.sample(problem, threads));
    operation.run();
    if (name.equals("scalar")) {
      SampleProblem one = new SampleProblem(problem.preset(), 1);
      requireSame(
          "scalar images against reference",
          one.sampling(new ReferenceKernels()),
          one.sampling(new ScalarKernels()));
    } else {
      Operation scalar = problem.sampling(new ScalarKernels());
      scalar.run();
      Comparison.require(name + " images against scalar", scalar.result(), operation.result());
    }
    return operation;
  }

  /**
   * Multiply-adds on registers. Their result is checked by a test of the probe.
   *
   * @throws ConfigException if the name is not that of kernels with a probe
   */
  static Operation peak(String name, int threads) {
    PeakProbe probe = peakProbe(name);
    KernelSet set = KernelSet.open(name, threads);
    return new Owned(new PeakOperation(probe, set.kernels().parallel()), set);
  }

  /**
   * What measures the peak with the instructions of some kernels.
   *
   * @throws ConfigException if the name is not that of kernels with a probe, or this JVM cannot run
   *     them
   */
  static PeakProbe peakProbe(String name) {
    for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
      if (provider.name().equals(name) && provider.peakProbe() != null) {
        KernelSet.open(name, 1).close();
        return provider.peakProbe();
      }
    }
    throw new ConfigException(
        "problem peak: expected the vector kernels, which have a probe of it, got '" + name + "'");
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
    Peer peer = peer(name);
    Sizes.require("threads", threads, 1, KernelSet.MOST_THREADS);
    return byPeer.apply(peer);
  }

  /**
   * Does nothing if the name is that of kernels that this JVM can run, or of a peer.
   *
   * @throws ConfigException otherwise
   */
  static void requireKnown(String name) {
    if (KernelSet.knows(name)) {
      KernelSet.open(name, 1).close();
    } else {
      peer(name);
    }
  }

  private static Peer peer(String name) {
    StringBuilder known = new StringBuilder("reference, scalar, vector");
    for (Peer peer : ServiceLoader.load(Peer.class)) {
      if (peer.name().equals(name)) {
        return peer;
      }
      known.append(", ").append(peer.name());
    }
    if (PEERS.contains(name)) {
      throw new ConfigException(
          "implementation '"
              + name
              + "' is a peer: expected a jar that was built with -Ppeers, this one has "
              + known
              + " only");
    }
    throw new ConfigException("unknown implementation '" + name + "'; known are " + known);
  }

  private static void requireSame(String what, Operation expected, Operation actual) {
    expected.run();
    actual.run();
    Comparison.require(what, expected.result(), actual.result());
  }

  private static void requireAsScalar(
      String what, String name, Operation scalar, float[] result, double scale) {
    if (!name.equals("scalar")) {
      scalar.run();
      Comparison.require(what + " against scalar", scalar.result(), result, scale);
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
