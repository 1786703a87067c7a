package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;

/**
 * Both sides of a convolution with few positions, in all images together, as matrices with a column
 * per position: what multiplies with the weights as they lie.
 */
final class FewPositions {
  private static final int TASKS = 16;

  private final Workers workers;
  private final Parallel.Body gatheringPatches = this::gatherPatches;
  private final Parallel.Body gatheringSmall = this::gatherSmall;
  private ConvShape s;
  private float[] from;
  private int fromOff;
  private int positions;
  private int tasks;
  private int[] places = new int[0];
  private float[] patches = new float[0];
  private float[] small = new float[0];

  FewPositions(Workers workers) {
    this.workers = workers;
  }

  /** Positions of all images. */
  static int count(ConvShape s) {
    return Math.multiplyExact(s.n(), s.oh() * s.ow());
  }

  /**
   * The patches of the large side, {@code [cin*kh*kw, positions]}; until the next call.
   *
   * @param x images {@code [n, cin, h, w]}
   */
  float[] patches(ConvShape s, float[] x, int xOff) {
    begin(s, x, xOff, s.cin());
    patches = workers.grow(patches, Math.multiplyExact(s.cin() * s.kh() * s.kw(), positions));
    locate();
    workers.run(tasks, (long) s.cin() * s.kh() * s.kw() * positions, gatheringPatches);
    from = null;
    return patches;
  }

  /**
   * The small side, {@code [cout, positions]}; until the next call.
   *
   * @param y images {@code [n, cout, oh, ow]}
   */
  float[] small(ConvShape s, float[] y, int yOff) {
    begin(s, y, yOff, s.cout());
    small = workers.grow(small, Math.multiplyExact(s.cout(), positions));
    workers.run(tasks, (long) s.cout() * positions, gatheringSmall);
    from = null;
    return small;
  }

  private void begin(ConvShape s, float[] from, int fromOff, int channels) {
    this.s = s;
    this.from = from;
    this.fromOff = fromOff;
    positions = count(s);
    tasks = Math.min(TASKS, channels);
  }

  /** Where the pixel under the first tap lies at each position, in the planes of one channel. */
  private void locate() {
    places = Workers.table(places, positions);
    int width = paddedWidth();
    for (int i = 0; i < positions; i++) {
      int row = i / s.ow() % s.oh() * s.stride();
      int col = i % s.ow() * s.stride();
      places[i] = i / (s.oh() * s.ow()) * paddedSize() + row * width + col;
    }
  }

  private int paddedWidth() {
    return s.w() + 2 * s.pad();
  }

  private int paddedSize() {
    return (s.h() + 2 * s.pad()) * paddedWidth();
  }

  /** The patches of some channels: each channel's images, with their padding, stay near. */
  private void gatherPatches(int task, int worker) {
    int end = Partition.start(task + 1, tasks, s.cin());
    float[] planes = workers.scratch(worker).d(s.n() * paddedSize());
    Arrays.fill(planes, 0, s.n() * paddedSize(), 0f);
    for (int c = Partition.start(task, tasks, s.cin()); c < end; c++) {
      copyPlanes(c, planes);
      int to = c * s.kh() * s.kw() * positions;
      for (int u = 0; u < s.kh(); u++) {
        for (int v = 0; v < s.kw(); v++, to += positions) {
          pick(planes, u * paddedWidth() + v, places, positions, patches, to);
        }
      }
    }
  }

  /** A channel of all images, into the middle of their padding. */
  private void copyPlanes(int c, float[] planes) {
    for (int image = 0; image < s.n(); image++) {
      int at = fromOff + (image * s.cin() + c) * s.h() * s.w();
      int to = image * paddedSize() + s.pad() * paddedWidth() + s.pad();
      for (int row = 0; row < s.h(); row++, at += s.w(), to += paddedWidth()) {
        for (int col = 0; col < s.w(); col++) { // Few: not worth a call.
          planes[to + col] = from[at + col];
        }
      }
    }
  }

  private static void pick(float[] src, int off, int[] places, int n, float[] dst, int to) {
    for (int i = 0; i < n; i++) {
      dst[to + i] = src[off + places[i]];
    }
  }

  /** Some channels: all their positions, image by image. */
  private void gatherSmall(int task, int worker) {
    int plane = s.oh() * s.ow();
    int end = Partition.start(task + 1, tasks, s.cout());
    for (int o = Partition.start(task, tasks, s.cout()); o < end; o++) {
      int to = o * positions;
      for (int image = 0; image < s.n(); image++, to += plane) {
        int at = fromOff + (image * s.cout() + o) * plane;
        for (int i = 0; i < plane; i++) {
          small[to + i] = from[at + i];
        }
      }
    }
  }
}
