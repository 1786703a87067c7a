package dev.cogan.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Ctrl-C, {@code kill} and hang-up while a training runs. The first one asks it to end after the
 * current step; a second one ends the process at once, which damages nothing, since files are
 * written whole or not at all.
 *
 * <p>The JDK has no supported way to handle a signal twice: {@code sun.misc.Signal} of the module
 * {@code jdk.unsupported} is used if it is there, else signals end the process as they always do.
 */
final class Signals implements AutoCloseable {
  private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15, "HUP", 1);

  private final Map<Object, Object> before = new LinkedHashMap<>();
  private final AtomicReference<String> received = new AtomicReference<>();
  private final IntConsumer halt;
  private Method handle;

  private Signals(IntConsumer halt) {
    this.halt = halt;
  }

  /**
   * Begins to listen.
   *
   * @param onFirst is told, in a thread of the JVM
   */
  static Signals listen(Runnable onFirst) {
    return listen(onFirst, Runtime.getRuntime()::halt);
  }

  /**
   * The same for tests.
   *
   * @param halt ends the process with this code
   */
  static Signals listen(Runnable onFirst, IntConsumer halt) {
    Signals signals = new Signals(halt);
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      signals.handle = signal.getMethod("handle", signal, handler);
      InvocationHandler body =
          (proxy, method, args) ->
              method.getName().equals("handle")
                  ? signals.receive(args[0], onFirst)
                  : method.getName().equals("equals")
                      ? (Object) (proxy == args[0])
                      : method.getName().equals("hashCode") ? (Object) 1 : "cogan signals";
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, body);
      for (String name : NUMBERS.keySet()) {
        signals.install(signal, name, proxy, handler.getField("SIG_IGN").get(null));
      }
    } catch (ReflectiveOperationException e) {
      // Without the module, the JVM's own handling stays: the last checkpoint is what is kept.
    }
    return signals;
  }

  private void install(Class<?> signal, String name, Object proxy, Object ignore) {
    try {
      Object number = signal.getConstructor(String.class).newInstance(name);
      Object old = handle.invoke(null, number, proxy);
      if (old == ignore) {
        // Whoever started the program wants it so: nohup, or a shell that runs it in the
        // background.
        handle.invoke(null, number, old);
        return;
      }
      before.put(number, old);
    } catch (ReflectiveOperationException e) {
      // A signal that this system does not have, or that the JVM was told to leave alone.
    }
  }

  private Object receive(Object signal, Runnable onFirst) {
    String name = signal.toString().replace("SIG", "");
    // No lock: the first may hang, in a message to a terminal that is held by Ctrl-S.
    if (received.compareAndSet(null, name)) {
      onFirst.run();
    } else {
      halt.accept(ExitCode.SIGNAL + NUMBERS.getOrDefault(name, 2));
    }
    return null;
  }

  /** Whether a signal has asked for the end. */
  boolean stopRequested() {
    return received.get() != null;
  }

  /** As a shell counts: 130 for Ctrl-C, 143 for kill, 129 for a hang-up. */
  int exitCode() {
    return ExitCode.SIGNAL + NUMBERS.getOrDefault(received.get(), 2);
  }

  /** For people. */
  String what() {
    return switch (received.get()) {
      case "INT" -> "Ctrl-C";
      case "TERM" -> "kill (SIGTERM)";
      default -> "SIG" + received.get();
    };
  }

  /** Gives the signals back to whom they belonged; the second time it does nothing. */
  @Override
  public void close() {
    before.forEach(
        (signal, handler) -> {
          try {
            handle.invoke(null, signal, handler);
          } catch (ReflectiveOperationException e) {
            // As when installing.
          }
        });
    before.clear();
  }
}
