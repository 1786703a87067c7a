package dev.cogan.engine.io;

/** The element types of safetensors that CoGAN reads and writes, little-endian. */
public enum SafetensorsType {
  /** 32-bit floating point. */
  F32(4),
  /** 64-bit signed integer. */
  I64(8),
  /** 32-bit signed integer. */
  I32(4),
  /** 8-bit unsigned integer. */
  U8(1);

  private final int bytes;

  SafetensorsType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
