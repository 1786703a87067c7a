package dev.cogan.bench;

import dev.cogan.engine.kernel.KernelProvider;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.kernel.ThreadPool;
import dev.cogan.engine.model.ConfigException;
import java.util.ServiceLoader;

/**
 * Kernels of one of the engine's implementations, with the threads that they use.
 *
 * @param kernels the implementation
 * @param pool its threads, or null
 */
record KernelSet(Kernels kernels, ThreadPool pool) implements AutoCloseable {
  /** More is a mistake, and would start them all. */
  static final int MOST_THREADS = 999;

  /**
   * An implementation that was asked for; there is no falling back.
   *
   * @param name {@code reference}, {@code scalar} or {@code vector}
   * @param threads 1 to 999; the reference kernels use one only
   * @throws ConfigException if the name is unknown or the number out of range, or this JVM cannot
   *     run the implementation
   */
  static KernelSet open(String name, int threads) {
    Sizes.require("threads", threads, 1, MOST_THREADS);
    ThreadPool pool = threads == 1 ? null : new ThreadPool(threads);
    try {
      return new KernelSet(create(name, pool == null ? Parallel.none() : pool), pool);
    } catch (ConfigException | LinkageError e) {
      if (pool != null) {
        pool.close();
      }
      throw e;
    }
  }

  /** Whether {@link #open} knows the name. */
  static boolean knows(String name) {
    return name.equals("reference") || name.equals("scalar") || name.equals("vector");
  }

  private static Kernels create(String name, Parallel parallel) {
    switch (name) {
      case "reference":
        return new ReferenceKernels();
      case "scalar":
        return new ScalarKernels(parallel);
      default:
        for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
          if (provider.name().equals(name)) {
            String reason = provider.unavailableReason();
            if (reason != null) {
              throw new ConfigException("kernels " + name + ": " + reason);
            }
            return provider.create(parallel);
          }
        }
        throw new ConfigException(
            (Implementations.PEERS.contains(name)
                    ? "implementation '" + name + "' is a peer, which has none of these kernels"
                    : "unknown implementation '" + name + "'")
                + "; known are reference, scalar and vector");
    }
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.close();
    }
  }
}
