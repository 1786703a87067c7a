package dev.cogan.engine.kernel;

import java.util.Iterator;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Chooses among the kernels. What is wanted comes from the system property {@code cogan.kernels} or
 * from the caller:
 *
 * <ul>
 *   <li>{@code auto} (the default): vector kernels if all gates are open, scalar kernels otherwise;
 *   <li>{@code vector}: vector kernels or an exception;
 *   <li>{@code scalar}, {@code reference}: these.
 * </ul>
 *
 * <p>The gates of the vector kernels, in this order: a provider is found by {@link ServiceLoader},
 * through the class loader of this class unless another is given; it sees nothing that is missing
 * in this JVM (Vector API on, at least 128 bits); the JIT is C2, without which the Vector API is
 * slower than plain Java; the kernels load and agree with the scalar kernels in a short self-test.
 * The gate of the JIT is a guess and concerns speed only, so who asks for {@code vector} by name
 * passes it. Nothing is logged: {@link KernelSelection#describe} says what was chosen and why.
 */
public final class KernelSelector {
  /** System property that names the kernels wanted. */
  public static final String PROPERTY = "cogan.kernels";

  private static final String VECTOR = "vector";
  private static final String MISSING =
      "the module dev.cogan.kernels is not visible to the class loader of cogan-engine; add its"
          + " jar beside it, or let it be read";

  private static String selectedFor;
  private static KernelSelection selected;

  private KernelSelector() {}

  /**
   * Chooses as the system property {@code cogan.kernels} says, {@code auto} if it is not set. The
   * choice is made once and kept as long as the property stays the same.
   *
   * @throws IllegalArgumentException if the property has a value that is not known
   * @throws IllegalStateException if it asks for kernels that cannot be had, with the cause
   */
  public static synchronized KernelSelection select() {
    String wanted = Property.of(PROPERTY, "auto");
    if (!wanted.equals(selectedFor)) {
      selected = select(wanted);
      selectedFor = wanted;
    }
    return selected;
  }

  /**
   * Chooses anew, with the provider that the class loader of this class sees.
   *
   * @param wanted {@code auto}, {@code scalar}, {@code vector} or {@code reference}
   * @throws IllegalArgumentException if {@code wanted} is none of these
   * @throws IllegalStateException if the kernels asked for cannot be had, with the cause
   */
  public static KernelSelection select(String wanted) {
    ServiceLoader<KernelProvider> providers =
        ServiceLoader.load(KernelProvider.class, KernelProvider.class.getClassLoader());
    return select(wanted, providers, Jit.notC2());
  }

  /**
   * Chooses anew, with the provider that another class loader sees: for applications that bring
   * cogan-kernels while cogan-engine comes from a loader above theirs, as in containers. Such a
   * choice is kept by the caller alone, and with it the loader.
   *
   * @param wanted as above
   * @param loader of the application, often {@code getClass().getClassLoader()}; not asked for
   *     {@code scalar} and {@code reference}
   * @throws IllegalArgumentException as above
   * @throws IllegalStateException as above
   */
  public static KernelSelection select(String wanted, ClassLoader loader) {
    Objects.requireNonNull(loader, "loader");
    return select(
        wanted,
        ServiceLoader.load(KernelProvider.class, loader),
        "the module dev.cogan.kernels is not visible to the class loader " + loader,
        Jit.notC2());
  }

  /** For tests: with these providers, and with this finding about the JIT (null if it is C2). */
  static KernelSelection select(String wanted, Iterable<KernelProvider> providers, String notC2) {
    return select(wanted, providers, MISSING, notC2);
  }

  private static KernelSelection select(
      String wanted, Iterable<KernelProvider> providers, String missing, String notC2) {
    switch (wanted) {
      case "scalar":
        return scalar("asked for by name");
      case "reference":
        return new KernelSelection(
            "reference",
            "reference kernels: asked for by name",
            parallel -> new ReferenceKernels());
      case "auto":
        try {
          return vector(providers, missing, notC2, false);
        } catch (Closed gate) {
          return scalar(gate.getMessage());
        }
      case VECTOR:
        try {
          return vector(providers, missing, notC2, true);
        } catch (Closed gate) {
          throw new IllegalStateException(
              "vector kernels were asked for, but " + gate.getMessage(), gate.getCause());
        }
      default:
        throw new IllegalArgumentException(
            PROPERTY + ": expected auto, scalar, vector or reference, got '" + wanted + "'");
    }
  }

  private static KernelSelection scalar(String reason) {
    return new KernelSelection("scalar", "scalar kernels: " + reason, ScalarKernels::new);
  }

  private static KernelSelection vector(
      Iterable<KernelProvider> providers, String missing, String notC2, boolean forced)
      throws Closed {
    KernelProvider provider = find(providers, missing);
    String found;
    try {
      String reason = provider.unavailableReason();
      if (reason != null) {
        throw new Closed(reason, null);
      }
      if (notC2 != null && !forced) {
        throw new Closed(notC2, null);
      }
      Kernels candidate = provider.create(Parallel.none());
      String difference = KernelSelfTest.firstDifference(candidate);
      if (difference != null) {
        throw new Closed("the vector kernels failed their self-test: " + difference, null);
      }
      found = candidate.describe();
    } catch (Closed gate) {
      throw gate;
    } catch (OutOfMemoryError | StackOverflowError e) {
      // Says nothing of the kernels, and the choice is kept.
      throw e;
    } catch (Throwable e) {
      // LinkageError where the JVM lacks what the kernels need, but a provider may fail in any way.
      throw new Closed("the vector kernels do not work in this JVM: " + e, e);
    }
    Module module = provider.getClass().getModule();
    String where = module.isNamed() ? "module " + module.getName() : "provider on the class path";
    return new KernelSelection(
        VECTOR,
        found
            + ": "
            + where
            + " found, "
            + (notC2 == null ? "JIT is C2" : notC2)
            + ", self-test passed",
        provider::create,
        provider.peakProbe());
  }

  private static KernelProvider find(Iterable<KernelProvider> providers, String missing)
      throws Closed {
    try {
      for (Iterator<KernelProvider> i = providers.iterator(); i.hasNext(); ) {
        KernelProvider provider = i.next();
        if (VECTOR.equals(provider.name())) {
          return provider;
        }
      }
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      throw new Closed("the provider of the vector kernels does not load: " + e, e);
    }
    throw new Closed(missing, null);
  }

  /** A gate that is closed, and why. */
  private static final class Closed extends Exception {
    private static final long serialVersionUID = 1;

    Closed(String reason, Throwable cause) {
      super(reason, cause);
    }
  }
}
