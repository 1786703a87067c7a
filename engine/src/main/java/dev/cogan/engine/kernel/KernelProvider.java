package dev.cogan.engine.kernel;

/**
 * Offers an implementation of {@link Kernels} from another module; found with {@link
 * java.util.ServiceLoader}. A provider class must load and answer in every JVM, also where the
 * implementation itself cannot: it mentions no type that may be missing.
 */
public interface KernelProvider {

  /** Name in the property {@code cogan.kernels}, for example {@code vector}. */
  String name();

  /** Why the implementation cannot be used in this JVM, as one sentence, or null if it can. */
  String unavailableReason();

  /**
   * A new instance.
   *
   * @throws LinkageError if the JVM lacks what the implementation needs
   */
  Kernels create(Parallel parallel);

  /** Measures what the machine could do at most; null where nothing does. */
  default PeakProbe peakProbe() {
    return null;
  }
}
