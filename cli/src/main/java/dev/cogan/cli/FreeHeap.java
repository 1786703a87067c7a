package dev.cogan.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;

/**
 * How much of its heap the JVM keeps free. Unless it is told otherwise, a collector grows the heap
 * until two fifths of it are free and gives back nothing below seven tenths. A training allocates
 * its arrays once and nothing in its steps: to it, that room is memory taken for nothing. HotSpot
 * lets a program move both limits while it runs; it refuses a lower one above the upper one, so
 * nobody else may move them between.
 *
 * <p>Apart from {@link SmallHeap}, since a JVM without the module jdk.management cannot load this
 * class.
 */
final class FreeHeap {
  static final String LEAST = "MinHeapFreeRatio";
  static final String MOST = "MaxHeapFreeRatio";

  /** Percent of the heap; enough for what snapshots and status lines allocate. */
  private static final int LEAST_PERCENT = 10;

  private static final int MOST_PERCENT = 15;

  private FreeHeap() {}

  /**
   * Moves the limits, unless the user has set one of them.
   *
   * @return what moves them back
   */
  static Runnable keepSmall() {
    return keepSmall(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class));
  }

  /**
   * The same for tests.
   *
   * @param options of the JVM, or null if it has none that a program may see
   */
  static Runnable keepSmall(HotSpotDiagnosticMXBean options) {
    if (options == null || !isOpen(options, LEAST) || !isOpen(options, MOST)) {
      return () -> {};
    }
    final String least = options.getVMOption(LEAST).getValue();
    final String most = options.getVMOption(MOST).getValue();
    // The lower limit must never be above the upper one: down with the lower one first, and back
    // last.
    options.setVMOption(LEAST, String.valueOf(LEAST_PERCENT));
    try {
      options.setVMOption(MOST, String.valueOf(MOST_PERCENT));
    } catch (RuntimeException e) {
      options.setVMOption(LEAST, least);
      throw e;
    }
    return () -> {
      options.setVMOption(MOST, most);
      options.setVMOption(LEAST, least);
    };
  }

  /** MANAGEMENT is what this class leaves behind: a program may run two trainings in a row. */
  private static boolean isOpen(HotSpotDiagnosticMXBean options, String name) {
    VMOption option = options.getVMOption(name);
    return option.isWriteable()
        && (option.getOrigin() == VMOption.Origin.DEFAULT
            || option.getOrigin() == VMOption.Origin.MANAGEMENT);
  }
}
