package dev.cogan.bench;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Function;

/**
 * Counts the arithmetic of matrix products and convolutions that passes through kernels, which is
 * all but a hundredth of a training step's; a multiply-add counts as two.
 */
final class FlopCounter {
  private double flop;

  /** Arithmetic of the first run of an operation on kernels, in 1e9 operations. */
  static double gigaFlop(Function<Kernels, Operation> operation) {
    FlopCounter counter = new FlopCounter();
    operation.apply(counter.count(new ScalarKernels())).run();
    return counter.gigaFlop();
  }

  /** The same kernels, counted. Slower for tiny calls; not for timing. */
  Kernels count(Kernels kernels) {
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
              try {
                return method.invoke(kernels, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Counted so far, in 1e9 operations. */
  double gigaFlop() {
    return flop * 1e-9;
  }
}
