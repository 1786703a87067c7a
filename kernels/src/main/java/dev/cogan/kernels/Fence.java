package dev.cogan.kernels;

import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * Keeps the steps of an unrolled loop apart. Left alone, C2 moves the loads of all steps to the
 * beginning of the loop, runs out of registers and keeps sums in memory. On x86 the fence is a line
 * that loads do not cross when the method is compiled, and no instruction; elsewhere it would be
 * one, and is left out.
 */
final class Fence {
  private static final boolean FREE =
      List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

  private Fence() {}

  static void loads() {
    if (FREE) {
      VarHandle.acquireFence();
    }
  }
}
