package dev.cogan.kernels;

/** Cuts long arrays into tasks, by their length alone. */
final class Chunks {
  /** Elements below which another thread is not worth waking. */
  private static final int WORTH_SHARING = 32_768;

  private static final int CHUNK = 16_384;
  private static final int MOST = 64;

  /** Chunks begin at multiples of this, so that only the last one has a scalar tail. */
  private static final int GRAIN = 256;

  private Chunks() {}

  /** Number of tasks for {@code len} elements, at least 1. */
  static int count(long len) {
    return len < WORTH_SHARING ? 1 : (int) Math.min(MOST, len / CHUNK);
  }

  /** Where chunk {@code task} of {@code tasks} begins. */
  static int start(int task, int tasks, int len) {
    if (task == tasks) {
      return len;
    }
    return Partition.start(task, tasks, len / GRAIN) * GRAIN;
  }

  /**
   * Number of tasks for {@code rows} rows of {@code len} elements in all; rows are not cut. See
   * {@link Partition#start} for where each begins.
   */
  static int ofRows(int rows, long len) {
    return Math.max(1, Math.min(rows, count(len)));
  }
}
