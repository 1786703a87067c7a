package dev.cogan.kernels;

import dev.cogan.engine.kernel.KernelProvider;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.PeakProbe;

/**
 * Offers {@link VectorKernels} where the JVM can run them. This class mentions no type of the
 * incubator module, so that it loads in every JVM.
 */
public final class VectorKernelProvider implements KernelProvider {
  private static final String MODULE = "jdk.incubator.vector";

  /** Called by {@link java.util.ServiceLoader}. */
  public VectorKernelProvider() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public String unavailableReason() {
    // The classes may lie on the class path, in an unnamed module: what counts is the boot layer.
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "the JVM runs without the Vector API; start java with --add-modules " + MODULE;
    }
    try {
      int bits = VectorKernels.vectorBits();
      if (bits < 128) {
        return "the JVM offers vectors of " + bits + " bits only, at least 128 are needed";
      }
      return NearCache.problem(NearCache.wanted());
    } catch (LinkageError e) {
      return "the Vector API of this JVM does not fit: " + e;
    }
  }

  @Override
  public Kernels create(Parallel parallel) {
    return new VectorKernels(parallel);
  }

  @Override
  public PeakProbe peakProbe() {
    return new FmaPeak();
  }
}
