package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Vectors of which the compiler knows the class. C2 turns a call on a vector into an instruction
 * only if it knows the receiver's class. The Vector API's methods return just {@code FloatVector},
 * and then C2 has to guess by a profile, which JDK 17 keeps for the whole JVM: after anybody has
 * used vectors of another width, or after a few wrong guesses, it makes real calls, every vector is
 * an object on the heap, and a kernel takes three to fifty times as long for the life of the JVM.
 * {@code Class.cast} of a class that is a constant says what the class is, and costs nothing.
 *
 * <p>So a method is called only on {@link #exact}, {@link #load}, {@link #spread}, or on a variable
 * that was made by one of them. Long methods (some twenty calls of the Vector API and more) write
 * {@code TYPE.cast(..)} instead, and where they use masks also for vectors that are arguments only:
 * past C2's limit of 18,000 nodes methods of our own are not inlined any more, while {@code
 * Class.cast} still is. VectorKernelsTest says where one is missing; decision 0013 has
 * measurements.
 */
final class Exact {
  /** The class of the vectors of species {@link Tile#F}. */
  @SuppressWarnings("unchecked")
  static final Class<FloatVector> TYPE = (Class<FloatVector>) (Class<?>) F.vectorType();

  @SuppressWarnings("unchecked")
  private static final Class<IntVector> INTS =
      (Class<IntVector>) (Class<?>) F.withLanes(int.class).vectorType();

  private Exact() {}

  /** {@code v}. */
  static FloatVector exact(FloatVector v) {
    return TYPE.cast(v);
  }

  /** {@code v}, with as many lanes as a vector of floats has. */
  static IntVector exact(IntVector v) {
    return INTS.cast(v);
  }

  /** The vector at {@code a[at]}. */
  static FloatVector load(float[] a, int at) {
    return TYPE.cast(FloatVector.fromArray(F, a, at));
  }

  /** {@code x} in every lane. */
  static FloatVector spread(float x) {
    return TYPE.cast(FloatVector.broadcast(F, x));
  }
}
