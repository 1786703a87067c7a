package dev.cogan.engine.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Puts PNG files together chunk by chunk, right ones and wrong ones. */
public final class PngBuilder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /** Begins with the signature and a header. */
  public PngBuilder(int width, int height, int depth, int colour, int interlace) {
    write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    try {
      fields.writeInt(width);
      fields.writeInt(height);
      fields.write(new byte[] {(byte) depth, (byte) colour, 0, 0, (byte) interlace});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    chunk("IHDR", header.toByteArray());
  }

  private void write(byte[] data) {
    try {
      out.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a chunk. */
  public PngBuilder chunk(String type, byte[] data) {
    try {
      byte[] name = type.getBytes(StandardCharsets.US_ASCII);
      CRC32 crc = new CRC32();
      crc.update(name);
      crc.update(data);
      out.writeInt(data.length);
      out.write(name);
      out.write(data);
      out.writeInt((int) crc.getValue());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds rows, each with its filter in front, as compressed data. */
  public PngBuilder rows(int... values) {
    byte[] raw = new byte[values.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) values[i];
    }
    return chunk("IDAT", deflated(raw));
  }

  /** The bytes, compressed. */
  public static byte[] deflated(byte[] raw) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      deflater.write(raw);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** Ends the file. */
  public byte[] end() {
    chunk("IEND", new byte[0]);
    return bytes.toByteArray();
  }

  /** What there is, without an end. */
  public byte[] unfinished() {
    return bytes.toByteArray();
  }
}
