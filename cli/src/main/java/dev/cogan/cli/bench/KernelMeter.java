package dev.cogan.cli.bench;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.LayerProbe;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kernels that are timed, and the layer that called each: the raw figures of a {@link StepProfile}.
 * Arithmetic is that of matrix products and convolutions; a multiply-add counts as two, padding
 * counts as if it were read.
 */
public final class KernelMeter implements LayerProbe {

  /** What a kernel was called for. */
  public enum Pass {
    /** A layer's forward. */
    FORWARD,
    /** The gradient to a layer's input. */
    INPUT,
    /** The gradient to a layer's parameters. */
    PARAMETERS,
    /** Outside of layers: optimiser, checks. */
    OUTSIDE
  }

  /** Where a call belongs. */
  record Key(String layer, String kind, Pass pass, String kernel) {}

  /** Sums over the calls of one key. */
  static final class Entry {
    final Key key;
    long nanos;
    double flop;

    Entry(Key key) {
      this.key = key;
    }
  }

  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private final Kernels kernels;
  private Layer layer;
  private boolean backward;

  /**
   * @param timed does the work
   */
  public KernelMeter(Kernels timed) {
    kernels =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, arguments) -> call(timed, method, arguments));
  }

  /** The timed kernels. */
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public void begin(Layer layer, boolean backward) {
    this.layer = layer;
    this.backward = backward;
  }

  @Override
  public void end() {
    layer = null;
  }

  /** Forgets everything measured so far, such as a warm-up. */
  public void reset() {
    entries.clear();
  }

  Collection<Entry> entries() {
    return entries.values();
  }

  private Object call(Kernels timed, Method method, Object[] arguments) throws Throwable {
    long start = System.nanoTime();
    Object result;
    try {
      result = method.invoke(timed, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    long nanos = System.nanoTime() - start;
    String name = method.getName();
    if (arguments != null && !name.equals("equals")) {
      Key key =
          new Key(
              layer == null ? "" : layer.path(),
              layer == null ? "" : layer.getClass().getSimpleName(),
              pass(name, arguments),
              name);
      Entry entry = entries.computeIfAbsent(key, Entry::new);
      entry.nanos += nanos;
      entry.flop += flop(name, arguments);
    }
    return result;
  }

  private Pass pass(String kernel, Object[] arguments) {
    if (layer == null) {
      return Pass.OUTSIDE;
    }
    if (!backward) {
      return Pass.FORWARD;
    }
    boolean parameters =
        kernel.equals("convWeightGrad")
            || kernel.equals("biasGrad")
            || (kernel.equals("gemm") && (boolean) arguments[0]);
    return parameters ? Pass.PARAMETERS : Pass.INPUT;
  }

  private static double flop(String kernel, Object[] arguments) {
    if (kernel.equals("gemm")) {
      return 2.0 * (int) arguments[2] * (int) arguments[3] * (int) arguments[4];
    }
    return arguments[0] instanceof ConvShape shape ? 2.0 * shape.multiplyAdds() : 0;
  }
}
