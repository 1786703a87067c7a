package dev.cogan.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Ctrl-C, {@code kill} and hang-up while a training runs. The first one asks it to end after the
 * current step; a second one ends the process at once, which damages nothing, since files are
 * written whole or not at all.
 *
 * <p>Trainings that run at the same time in one JVM are all asked to end. The signals belong to the
 * first of them to begin, and go back when the last one has ended, in whatever order they do.
 *
 * <p>The JDK has no supported way to handle a signal twice: {@code sun.misc.Signal} of the module
 * {@code jdk.unsupported} is used if it is there, else signals end the process as they always do.
 */
final class Signals implements AutoCloseable {
  private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15, "HUP", 1);

  /** Who listens; signals come in threads of the JVM's own. */
  private static final List<Signals> LISTENING = new CopyOnWriteArrayList<>();

  /** The handlers from before the first one listened. */
  private static final Map<Object, Object> BEFORE = new LinkedHashMap<>();

  private static Method handle;

  private final AtomicReference<String> received = new AtomicReference<>();
  private final Runnable onFirst;
  private final IntConsumer halt;

  private Signals(Runnable onFirst, IntConsumer halt) {
    this.onFirst = onFirst;
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
    Signals signals = new Signals(onFirst, halt);
    synchronized (LISTENING) {
      LISTENING.add(signals);
      if (LISTENING.size() == 1) {
        install();
      }
    }
    return signals;
  }

  private static void install() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      handle = signal.getMethod("handle", signal, handler);
      InvocationHandler body =
          (proxy, method, args) ->
              method.getName().equals("handle")
                  ? receive(args[0])
                  : method.getName().equals("equals")
                      ? (Object) (proxy == args[0])
                      : method.getName().equals("hashCode") ? (Object) 1 : "cogan signals";
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, body);
      for (String name : NUMBERS.keySet()) {
        install(signal, name, proxy, handler.getField("SIG_IGN").get(null));
      }
    } catch (ReflectiveOperationException e) {
      // Without the module, the JVM's own handling stays: the last checkpoint is what is kept.
    }
  }

  private static void install(Class<?> signal, String name, Object proxy, Object ignore) {
    try {
      Object number = signal.getConstructor(String.class).newInstance(name);
      Object old = handle.invoke(null, number, proxy);
      if (old == ignore) {
        // Whoever started the program wants it so: nohup, or a shell that runs it in the
        // background.
        handle.invoke(null, number, old);
        return;
      }
      BEFORE.put(number, old);
    } catch (ReflectiveOperationException e) {
      // A signal that this system does not have, or that the JVM was told to leave alone.
    }
  }

  private static Object receive(Object signal) {
    String name = signal.toString().replace("SIG", "");
    // No lock: the first may hang, in a message to a terminal that is held by Ctrl-S.
    List<Signals> told = new ArrayList<>();
    for (Signals each : LISTENING) {
      if (each.received.compareAndSet(null, name)) {
        told.add(each);
      } else {
        each.halt.accept(ExitCode.SIGNAL + NUMBERS.getOrDefault(name, 2));
      }
    }
    told.forEach(each -> each.onFirst.run());
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

  /** Gives the signals back, if nobody else listens; the second time it does nothing. */
  @Override
  public void close() {
    synchronized (LISTENING) {
      if (!LISTENING.remove(this) || !LISTENING.isEmpty()) {
        return;
      }
      BEFORE.forEach(
          (signal, handler) -> {
            try {
              handle.invoke(null, signal, handler);
            } catch (ReflectiveOperationException e) {
              // As when installing.
            }
          });
      BEFORE.clear();
    }
  }
}
