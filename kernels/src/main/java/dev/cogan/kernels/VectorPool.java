package dev.cogan.kernels;

import static dev.cogan.kernels.Exact.TYPE;
import static dev.cogan.kernels.Tile.F;
import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.Parallel;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Max pooling: windows of 2 x 2 in vectors, others one by one. */
final class VectorPool {
  private final Workers workers;
  private final Parallel.Body forward = this::forwardPlanes;
  private final Parallel.Body backward = this::backwardPlanes;

  private int tasks;
  private int planes;
  private int h;
  private int w;
  private int size;
  private float[] out;
  private int outOff;
  private float[] in;
  private int inOff;
  private int[] argmax;
  private int argmaxOff;

  VectorPool(Workers workers) {
    this.workers = workers;
  }

  void forward(
      int planes,
      int h,
      int w,
      int size,
      float[] y,
      int yOff,
      int[] argmax,
      int argmaxOff,
      float[] x,
      int xOff) {
    share(planes, h, w, size, y, yOff, x, xOff, argmax, argmaxOff, forward);
  }

  void backward(
      int planes,
      int h,
      int w,
      int size,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      int[] argmax,
      int argmaxOff) {
    share(planes, h, w, size, dx, dxOff, dy, dyOff, argmax, argmaxOff, backward);
  }

  private void share(
      int planes,
      int h,
      int w,
      int size,
      float[] out,
      int outOff,
      float[] in,
      int inOff,
      int[] argmax,
      int argmaxOff,
      Parallel.Body body) {
    this.planes = planes;
    this.h = h;
    this.w = w;
    this.size = size;
    this.out = out;
    this.outOff = outOff;
    this.in = in;
    this.inOff = inOff;
    this.argmax = argmax;
    this.argmaxOff = argmaxOff;
    tasks = Chunks.ofRows(planes, (long) planes * h * w);
    workers.share(tasks, body);
    this.out = null;
    this.in = null;
    this.argmax = null;
  }

  private void forwardPlanes(int task, int worker) {
    float[] lanes = workers.scratch(worker).edge;
    int to = Partition.start(task + 1, tasks, planes);
    for (int plane = Partition.start(task, tasks, planes); plane < to; plane++) {
      if (size != 2 || !pairPlane(plane, lanes)) {
        scalarPlane(plane);
      }
    }
  }

  private void scalarPlane(int plane) {
    int oh = h / size;
    int ow = w / size;
    int from = inOff + plane * h * w;
    for (int p = 0; p < oh; p++) {
      int at = (plane * oh + p) * ow;
      if (size == 2) {
        pairs(ow, w, p * 2 * w, in, from, out, outOff + at, argmax, argmaxOff + at);
      } else {
        windows(ow, w, size, p * size * w, in, from, out, outOff + at, argmax, argmaxOff + at);
      }
    }
  }

  /**
   * Windows of 2 x 2 in vectors: every lane compares its pixel with the neighbours to the right and
   * below, and every other lane has a window. The last vector of a row overlaps the one before; in
   * rows shorter than a vector the lanes beyond the row are not used.
   *
   * @return false if there is a NaN or an infinity, which this does not order right, or if the
   *     plane lies at the very end of the array, beyond which the last vectors would read
   */
  private boolean pairPlane(int plane, float[] lanes) {
    int oh = h / 2;
    int ow = w / 2;
    int from = inOff + plane * h * w;
    if (from + h * w + LANES >= in.length) {
      return false;
    }
    int count = Math.min(LANES / 2, ow);
    Arrays.fill(lanes, 2 * LANES, 3 * LANES, 0f);
    for (int p = 0; p < oh; p++) {
      int row = 2 * p * w;
      int target = (plane * oh + p) * ow;
      int q = 0;
      while (q < ow) {
        q = Math.min(q, ow - count);
        compare(in, from + row + 2 * q, w, lanes);
        for (int i = 0; i < count; i++) {
          out[outOff + target + q + i] = lanes[2 * i];
          argmax[argmaxOff + target + q + i] = row + 2 * (q + i) + (int) lanes[LANES + 2 * i];
        }
        q += count;
      }
    }
    return Lanes.total(lanes, 2 * LANES) == 0;
  }

  /**
   * One vector of windows, of which every other is one: the largest values, then their distances
   * from the window's first pixel, then zeros to which NaN is added if there is a NaN or an
   * infinity. No vector lives longer than this method: one that is carried around nested loops
   * would be allocated.
   */
  private static void compare(float[] x, int at, int w, float[] lanes) {
    FloatVector a = TYPE.cast(FloatVector.fromArray(F, x, at));
    FloatVector b = TYPE.cast(FloatVector.fromArray(F, x, at + 1));
    FloatVector c = TYPE.cast(FloatVector.fromArray(F, x, at + w));
    FloatVector d = TYPE.cast(FloatVector.fromArray(F, x, at + w + 1));
    VectorMask<Float> right = b.compare(VectorOperators.GT, a);
    VectorMask<Float> lowerRight = d.compare(VectorOperators.GT, c);
    FloatVector upper = TYPE.cast(a.blend(b, right));
    FloatVector lower = TYPE.cast(c.blend(d, lowerRight));
    VectorMask<Float> down = lower.compare(VectorOperators.GT, upper);
    TYPE.cast(upper.blend(lower, down)).intoArray(lanes, 0);
    FloatVector zero = TYPE.cast(FloatVector.zero(F));
    FloatVector below = TYPE.cast(FloatVector.broadcast(F, w));
    FloatVector upperAt = TYPE.cast(zero.blend(FloatVector.broadcast(F, 1f), right));
    FloatVector lowerAt = below.blend(FloatVector.broadcast(F, w + 1), lowerRight);
    TYPE.cast(upperAt.blend(lowerAt, down)).intoArray(lanes, LANES);
    TYPE.cast(a.fma(zero, c.fma(zero, FloatVector.fromArray(F, lanes, 2 * LANES))))
        .intoArray(lanes, 2 * LANES);
  }

  /** One row of windows of 2 x 2; {@code first} is the index of the row's first pixel. */
  private static void pairs(
      int ow,
      int w,
      int first,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int[] argmax,
      int argmaxOff) {
    for (int q = 0; q < ow; q++) {
      int at = first + 2 * q;
      int from = xOff + at;
      long best = larger(key(x[from], 3), key(x[from + 1], 2));
      best = larger(best, larger(key(x[from + w], 1), key(x[from + w + 1], 0)));
      int place = 3 - (int) (best & 3);
      int winner = at + (place >> 1) * w + (place & 1);
      y[yOff + q] = x[xOff + winner];
      argmax[argmaxOff + q] = winner;
    }
  }

  /**
   * Orders floats as integers: by value, NaN on top, and among equals by {@code rank}. Which pixel
   * wins cannot be predicted, so comparing floats would cost a mispredicted branch every other
   * time.
   */
  private static long key(float value, int rank) {
    // Adding zero makes -0 and 0 the same; floatToIntBits does it for all NaN.
    int bits = Float.floatToIntBits(value + 0f);
    return (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 2 | rank;
  }

  /** The larger of two keys, which differ by less than 2^63. */
  private static long larger(long a, long b) {
    long difference = a - b;
    return a - (difference & difference >> 63);
  }

  private static void windows(
      int ow,
      int w,
      int size,
      int first,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int[] argmax,
      int argmaxOff) {
    for (int q = 0; q < ow; q++) {
      int best = first + q * size;
      float top = x[xOff + best];
      for (int u = 0; u < size; u++) {
        for (int v = 0; v < size; v++) {
          int at = first + u * w + q * size + v;
          float value = x[xOff + at];
          if (!(top >= value) && top == top) {
            top = value;
            best = at;
          }
        }
      }
      y[yOff + q] = top;
      argmax[argmaxOff + q] = best;
    }
  }

  private void backwardPlanes(int task, int worker) {
    int windows = (h / size) * (w / size);
    int from = Partition.start(task, tasks, planes);
    int to = Partition.start(task + 1, tasks, planes);
    Arrays.fill(out, outOff + from * h * w, outOff + to * h * w, 0f);
    for (int plane = from; plane < to; plane++) {
      int dx = outOff + plane * h * w;
      int at = plane * windows;
      for (int i = 0; i < windows; i++) {
        out[dx + argmax[argmaxOff + at + i]] = in[inOff + at + i];
      }
    }
  }
}
