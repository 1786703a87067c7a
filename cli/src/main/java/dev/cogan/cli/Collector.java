package dev.cogan.cli;

import java.lang.management.ManagementFactory;

/** Which garbage collector this JVM has, as far as it tells. */
final class Collector {
  private Collector() {}

  /** Whether large arrays get whole regions: G1 does so. Unknown counts as yes. */
  static boolean hasRegions() {
    try {
      return ManagementFactory.getGarbageCollectorMXBeans().stream()
          .noneMatch(bean -> bean.getName().matches("Copy|MarkSweepCompact|PS .*"));
    } catch (NoClassDefFoundError e) {
      return true; // A JVM without the module java.management.
    }
  }
}
