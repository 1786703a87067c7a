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
    FlopCounter counter = new FlopCounter();
    operation.apply(counter.kernels()).run();
    return counter.flop * 1e-9;
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
