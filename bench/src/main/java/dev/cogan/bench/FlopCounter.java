package dev.cogan.bench;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Function;

/**
 * Counts the arithmetic of matrix products and convolutions, which is all but a hundredth of a
 * training step's; a multiply-add counts as two. Nothing is computed: kernels that write arrays
 * leave them as they are.
 */
final class FlopCounter {
  private double flop;

  private FlopCounter() {}

  /** Arithmetic of the first run of an operation on kernels, in 1e9 operations. */
  static double gigaFlop(Function<Kernels, Operation> operation) {
    return gigaFlop(operation, 1);
  }

  /**
   * Arithmetic of a run, in 1e9 operations: the mean of the first ones.
   *
   * @param runs after how many of them the amounts repeat
   */
  static double gigaFlop(Function<Kernels, Operation> operation, int runs) {
    FlopCounter counter = new FlopCounter();
    Operation counted = operation.apply(counter.kernels());
    for (int i = 0; i < runs; i++) {
      counted.run();
    }
    return counter.flop * 1e-9 / runs;
  }

  private Kernels kernels() {
    ScalarKernels answers = new ScalarKernels();
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("gemm")) {
                flop += 2.0 * (int) arguments[2] * (int) arguments[3] * (int) arguments[4];
              } else if (method.getName().startsWith("conv")) {
                flop += 2.0 * ((ConvShape) arguments[0]).multiplyAdds();
              }
              if (method.getReturnType() == void.class) {
                return null;
              }
              try {
                return method.invoke(answers, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
