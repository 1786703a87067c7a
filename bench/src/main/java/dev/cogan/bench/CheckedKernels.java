package dev.cogan.bench;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;
import java.util.function.Function;

/**
 * An operation of cheap kernels, compared as a whole with the reference kernels' before it is
 * handed out.
 *
 * @param operation runs on the kernels of {@code set}
 * @param set the kernels
 */
record CheckedKernels(Operation operation, KernelSet set) implements AutoCloseable {

  /**
   * @param make binds the operation to kernels and to data of its own, the same in every call
   * @throws IllegalStateException if the result is wrong
   */
  static CheckedKernels open(
      String implementation, int threads, Function<Kernels, Operation> make) {
    KernelSet set = KernelSet.open(implementation, threads);
    Operation operation = make.apply(set.kernels());
    operation.run();
    Operation reference = make.apply(new ReferenceKernels());
    reference.run();
    Comparison.require(implementation, reference.result(), operation.result());
    return new CheckedKernels(operation, set);
  }

  @Override
  public void close() {
    set.close();
  }
}
