package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.kernel.ScalarKernels;
import java.util.function.Function;

/**
 * A call of cheap kernels; all that it writes is compared with the scalar and the reference
 * kernels' before it is handed out.
 *
 * @param call runs on the kernels of {@code set}
 * @param set the kernels
 */
record CheckedKernels(KernelCall call, KernelSet set) implements AutoCloseable {

  /**
   * @param make binds the call to kernels and to data of its own, the same every time
   * @throws IllegalStateException if something is wrong that the call writes
   */
  static CheckedKernels open(
      String implementation, int threads, Function<Kernels, KernelCall> make) {
    KernelSet set = KernelSet.open(implementation, threads);
    try {
      KernelCall call = make.apply(set.kernels());
      call.run();
      require(implementation, "scalar", make.apply(new ScalarKernels()), call);
      require(implementation, "reference", make.apply(new ReferenceKernels()), call);
      return new CheckedKernels(call, set);
    } catch (RuntimeException | Error e) {
      set.close();
      throw e;
    }
  }

  private static void require(
      String implementation, String other, KernelCall expected, KernelCall call) {
    if (!implementation.equals(other)) {
      expected.run();
      call.requireAs(implementation + " against " + other, expected);
    }
  }

  @Override
  public void close() {
    set.close();
  }
}
