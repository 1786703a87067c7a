package dev.cogan.cli.protobuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes one message of Protocol Buffers: fields one after the other, each with its number and wire
 * type in front. Only what ONNX models and event files need: varints, fixed numbers and
 * length-delimited fields.
 */
public final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A whole number. */
  public ProtoWriter int64(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  /** A number of 32 bits. */
  public ProtoWriter float32(int field, float value) {
    varint((long) field << 3 | FIXED32);
    fixed(Float.floatToRawIntBits(value), 4);
    return this;
  }

  /** A number of 64 bits. */
  public ProtoWriter float64(int field, double value) {
    varint((long) field << 3 | FIXED64);
    fixed(Double.doubleToRawLongBits(value), 8);
    return this;
  }

  /** A string. */
  public ProtoWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A message within this one. */
  public ProtoWriter message(int field, ProtoWriter value) {
    return bytes(field, value.toByteArray());
  }

  /** Bytes as they are. */
  public ProtoWriter bytes(int field, byte[] value) {
    varint((long) field << 3 | LENGTH);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  /** The message so far. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }

  /** Seven bits per byte, the lowest first; negative numbers take ten bytes. */
  private void varint(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.write((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  private void fixed(long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (bits >>> (8 * i)));
    }
  }
}
