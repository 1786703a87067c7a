package dev.cogan.kernels;

import dev.cogan.engine.kernel.Parallel;
import java.util.concurrent.atomic.AtomicBoolean;

/** The caller's {@link Parallel} and the scratch memory of each of its workers. */
final class Workers {
  /** Work, in vector instructions, below which waking another thread costs more than it saves. */
  private static final long WORTH_SHARING = 16_384;

  /**
   * Where to begin in a large array: loads of whole vectors then cross no cache lines, if the array
   * itself begins on one (after 16 bytes come its elements). Those that the G1 collector sets apart
   * for their size do; elsewhere it is as good as any other place.
   */
  static final int START = 12;

  final Parallel parallel;
  private final Scratch[] scratch;
  private long floats;

  /** Whether a run is under way: of a second caller, who would use the same scratch memory. */
  private final AtomicBoolean busy = new AtomicBoolean();

  Workers(Parallel parallel) {
    this.parallel = parallel;
    scratch = new Scratch[parallel.workers()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new Scratch();
    }
  }

  /**
   * How many there are. Tasks may be cut by it only where the results do not depend on the cut: by
   * rows or columns, never along a sum.
   */
  int count() {
    return scratch.length;
  }

  Scratch scratch(int worker) {
    return scratch[worker];
  }

  /**
   * Runs all tasks, in the caller's thread if they are few or small. The results do not depend on
   * that choice.
   *
   * @param cost of all tasks together, roughly in vector instructions
   * @throws IllegalStateException if another run is under way
   */
  void run(int tasks, long cost, Parallel.Body body) {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "two threads call the same kernels at a time; each needs kernels of its own");
    }
    try {
      runTasks(tasks, cost, body);
    } finally {
      busy.set(false);
    }
  }

  private void runTasks(int tasks, long cost, Parallel.Body body) {
    if (tasks > 1 && scratch.length > 1 && cost >= WORTH_SHARING) {
      parallel.run(tasks, body);
    } else {
      for (int task = 0; task < tasks; task++) {
        body.run(task, 0);
      }
    }
  }

  /** Runs all tasks of a loop over an array; one task stays in the caller's thread. */
  void share(int tasks, Parallel.Body body) {
    run(tasks, WORTH_SHARING, body);
  }

  /**
   * An array of at least {@code size} floats: the old one, or a new one without its contents, which
   * is counted. For the caller's thread; what workers need is in their {@link Scratch}.
   */
  float[] grow(float[] old, int size) {
    if (size < 0) {
      throw new IllegalArgumentException(
          "one call needs memory for more than 2^31 - 1 floats; compute fewer images at a time");
    }
    if (old.length >= size) {
      return old;
    }
    float[] grown = new float[size];
    floats += size - old.length;
    return grown;
  }

  /** A table of at least {@code size} places: the old one, or a new one without its contents. */
  static int[] table(int[] old, int size) {
    return old.length >= size ? old : new int[size];
  }

  /** Bytes of all that has grown, as if every worker had had the largest of all tasks. */
  long scratchBytes() {
    long most = 0;
    for (int array = 0; array < Scratch.ARRAYS; array++) {
      int largest = 0;
      for (Scratch each : scratch) {
        largest = Math.max(largest, each.length(array));
      }
      most += largest;
    }
    return Float.BYTES * (floats + most * scratch.length);
  }
}
