package dev.cogan.engine.kernel;

import java.util.Arrays;
import java.util.Random;

/**
 * Floats at an odd offset inside a larger array. The zones before and after hold a NaN that no
 * arithmetic makes: a kernel that reads outside spoils its result, one that writes outside destroys
 * the pattern.
 */
final class Buffer {
  /** Stands for an optional argument that is not given. */
  static final Buffer NONE = new Buffer(null, 0, 0);

  /** Bits of the guard zones. */
  static final int GUARD_BITS = 0x7fc54321;

  static final float GUARD = Float.intBitsToFloat(GUARD_BITS);

  private static final int BEFORE = 37;
  private static final int AFTER = 29;

  final float[] array;
  final int offset;
  final int length;

  private Buffer(float[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  static Buffer filled(int length, float value) {
    Buffer buffer = new Buffer(new float[BEFORE + length + AFTER], BEFORE + (length & 3), length);
    Arrays.fill(buffer.array, GUARD);
    for (int i = 0; i < length; i++) {
      buffer.set(i, value);
    }
    return buffer;
  }

  /** Uniform in -1 to 1. */
  static Buffer random(Random random, int length) {
    Buffer buffer = filled(length, 0);
    for (int i = 0; i < length; i++) {
      buffer.set(i, random.nextFloat() * 2 - 1);
    }
    return buffer;
  }

  /** Rows of {@code columns} random values, {@code ld} apart, guards in the gaps. */
  static Buffer matrix(Random random, int rows, int columns, int ld) {
    Buffer buffer = filled(rows * ld, GUARD);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        buffer.set(i * ld + j, random.nextFloat() * 2 - 1);
      }
    }
    return buffer;
  }

  /** Sets every element that is not a guard. */
  Buffer replaceAll(float value) {
    for (int i = 0; i < length; i++) {
      if (Float.floatToRawIntBits(get(i)) != GUARD_BITS) {
        set(i, value);
      }
    }
    return this;
  }

  float get(int index) {
    return array[offset + index];
  }

  Buffer set(int index, float value) {
    array[offset + index] = value;
    return this;
  }

  Buffer copy() {
    return array == null ? this : new Buffer(array.clone(), offset, length);
  }

  static Buffer[] copies(Buffer[] buffers) {
    Buffer[] copies = new Buffer[buffers.length];
    for (int i = 0; i < buffers.length; i++) {
      copies[i] = buffers[i].copy();
    }
    return copies;
  }
}
