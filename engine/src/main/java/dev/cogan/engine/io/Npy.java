package dev.cogan.engine.io;

import dev.cogan.engine.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads and writes arrays in NumPy's {@code .npy} format. Reads versions 1.0 and 2.0, {@code <f4}
 * and {@code <f8} (rounded to float), C order; writes version 1.0, {@code <f4}, the same bytes as
 * {@code numpy.save}. Refused with a reason: Fortran order, other types, files that are shorter or
 * longer than their header says.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int MAX_HEADER = 1 << 16;
  private static final int BUFFER = 1 << 16;

  private Npy() {}

  /**
   * Reads a file.
   *
   * @throws InputException if it cannot be read or is not such an array
   */
  public static Tensor read(Path path) {
    if (Files.isDirectory(path)) {
      throw new InputException(path + ": is a directory, expected an .npy file");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new InputException(path + ": not a regular file, expected an .npy file");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER)) {
      return read(in, Files.size(path), path.toString());
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
  }

  /**
   * Reads an array from the bytes of a file.
   *
   * @param name what error messages call it
   * @throws InputException if the bytes are not such an array
   */
  public static Tensor parse(byte[] file, String name) {
    try {
      return read(new ByteArrayInputStream(file), file.length, name);
    } catch (IOException e) {
      throw InputException.cannotRead(name, e);
    }
  }

  /** The bytes of a file with this array. */
  public static byte[] encode(Tensor tensor) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writeTo(tensor, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Writes a file, whole or not at all; see {@link AtomicFile}. */
  public static void write(Path path, Tensor tensor) {
    AtomicFile.write(path, out -> writeTo(tensor, out));
  }

  private static Tensor read(InputStream in, long length, String name) throws IOException {
    byte[] start = in.readNBytes(8);
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= start.length || start[i] != MAGIC[i]) {
        throw new InputException(name + ": not an .npy file, it does not start with \\x93NUMPY");
      }
    }
    if (start.length < 8 || start[6] < 1 || start[6] > 2 || start[7] != 0) {
      throw new InputException(
          name
              + ": .npy version "
              + (start.length < 8 ? "missing" : start[6] + "." + start[7])
              + ", expected 1.0 or 2.0");
    }
    int lengthBytes = start[6] == 1 ? 2 : 4;
    long headerLength = 0;
    for (int i = 0; i < lengthBytes; i++) {
      int next = in.read();
      if (next < 0) {
        throw new InputException(name + ": truncated in its header");
      }
      headerLength |= (long) next << (8 * i);
    }
    if (headerLength > MAX_HEADER) {
      throw new InputException(
          name + ": header of " + headerLength + " bytes, at most " + MAX_HEADER);
    }
    byte[] header = in.readNBytes((int) headerLength);
    if (header.length < headerLength) {
      throw new InputException(name + ": truncated in its header");
    }
    NpyHeader parsed = NpyHeader.parse(new String(header, StandardCharsets.ISO_8859_1), name);
    long expected = (long) parsed.shape().count() * parsed.elementBytes();
    long found = length - 8 - lengthBytes - headerLength;
    if (found != expected) {
      throw new InputException(
          name
              + ": "
              + (found < expected ? "truncated: " : "trailing bytes: ")
              + parsed.shape()
              + " needs "
              + expected
              + " bytes of data, the file has "
              + found);
    }
    return elements(in, parsed, name);
  }

  private static Tensor elements(InputStream in, NpyHeader header, String name) throws IOException {
    Tensor tensor = Tensor.zeros(header.shape());
    float[] data = tensor.data();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    int width = header.elementBytes();
    int step = BUFFER / width;
    int from = 0;
    while (from < data.length) {
      int count = Math.min(step, data.length - from);
      if (in.readNBytes(buffer.array(), 0, count * width) < count * width) {
        throw new InputException(name + ": truncated while it was read");
      }
      if (width == Float.BYTES) {
        buffer.clear().asFloatBuffer().get(data, from, count);
      } else {
        for (int i = 0; i < count; i++) {
          data[from + i] = (float) buffer.getDouble(i * width);
        }
      }
      from += count;
    }
    return tensor;
  }

  private static void writeTo(Tensor tensor, OutputStream out) throws IOException {
    StringBuilder header = new StringBuilder("{'descr': '<f4', 'fortran_order': False, 'shape': (");
    for (int i = 0; i < tensor.shape().rank(); i++) {
      header.append(i == 0 ? "" : " ").append(tensor.size(i)).append(',');
    }
    if (tensor.shape().rank() > 1) {
      header.setLength(header.length() - 1);
    }
    header.append("), }");
    int prefix = MAGIC.length + 4;
    while ((prefix + header.length() + 1) % ALIGNMENT != 0) {
      header.append(' ');
    }
    header.append('\n');
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
    out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    int step = BUFFER / Float.BYTES;
    int from = 0;
    while (from < tensor.count()) {
      int count = Math.min(step, tensor.count() - from);
      buffer.clear().asFloatBuffer().put(tensor.data(), tensor.offset() + from, count);
      out.write(buffer.array(), 0, count * Float.BYTES);
      from += count;
    }
  }
}
