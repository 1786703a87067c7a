package dev.cogan.engine.io;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * An open safetensors file. Opening reads and checks the whole header, against the real size of the
 * file; the elements are read on demand.
 *
 * <p>No number in the file is believed: nothing is allocated by a length before it is known that
 * the file holds the data. Refused: a header longer than the file or than {@value #MAX_HEADER}
 * bytes, offsets that leave gaps, overlap, leave the file or do not match shape and type, bytes
 * that belong to no tensor, names that occur twice, more than {@value #MAX_RANK} dimensions, types
 * other than those of {@link SafetensorsType}.
 *
 * <p>A file that {@link SafetensorsWriter#withChecksums} wrote is checked against its checksums:
 * the header when it is opened, a tensor when it is read.
 *
 * <p>Not for several threads at once. Interrupts neither end a read nor get lost.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Longest header, in bytes: the format's own limit. */
  public static final int MAX_HEADER = 100_000_000;

  /** Most dimensions of a tensor. */
  public static final int MAX_RANK = 8;

  /** Longest name of a tensor, in characters. */
  public static final int MAX_NAME = 1024;

  /** Name of the metadata that hold the checksums, where a file has any. */
  public static final String CHECKSUMS = SafetensorsChecksums.KEY;

  static final String METADATA = "__metadata__";

  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final ByteSource source;
  private final long dataStart;
  private final SafetensorsHeader header;
  private final SafetensorsChecksums checksums;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private volatile boolean closed;

  /**
   * A tensor of the file.
   *
   * @param name its name
   * @param type type of the elements
   * @param shape sizes, row-major
   * @param begin first byte, counted from the end of the header
   * @param end byte behind the last
   */
  public record Entry(String name, SafetensorsType type, Shape shape, long begin, long end) {}

  private SafetensorsFile(Path path, ByteSource source, boolean check) throws IOException {
    this.path = path;
    this.source = source;
    long size = source.size();
    if (size < Long.BYTES) {
      throw new InputException(
          path + ": " + size + " bytes, a safetensors file has at least " + Long.BYTES);
    }
    read(0, buffer.limit(Long.BYTES));
    long length = buffer.flip().getLong();
    if (length < 0 || length > size - Long.BYTES) {
      throw new InputException(
          path
              + ": header of "
              + Long.toUnsignedString(length)
              + " bytes in a file of "
              + size
              + " bytes: not a safetensors file, or truncated");
    }
    if (length > MAX_HEADER) {
      throw new InputException(
          path + ": header of " + length + " bytes, the format allows " + MAX_HEADER);
    }
    byte[] json = new byte[(int) length];
    read(Long.BYTES, ByteBuffer.wrap(json));
    this.dataStart = Long.BYTES + length;
    this.header = new SafetensorsHeader(json, path.toString(), size - dataStart);
    this.checksums = check ? SafetensorsChecksums.read(metadata(), path.toString()) : null;
    if (checksums != null) {
      checksums.checkHeader(metadata(), described(), path.toString());
    }
  }

  private Map<String, SafetensorsChecksums.Described> described() {
    Map<String, SafetensorsChecksums.Described> described = new LinkedHashMap<>();
    for (Entry entry : entries().values()) {
      List<Integer> shape = new ArrayList<>();
      for (int size : entry.shape().toArray()) {
        shape.add(size);
      }
      described.put(entry.name(), new SafetensorsChecksums.Described(entry.type(), shape));
    }
    return described;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws InputException if the file cannot be read or is not right
   */
  public static SafetensorsFile open(Path path) {
    return open(path, true);
  }

  /** As {@link #open}, but checksums count for nothing: for files that another program changed. */
  public static SafetensorsFile openUnchecked(Path path) {
    return open(path, false);
  }

  private static SafetensorsFile open(Path path, boolean check) {
    if (Files.isDirectory(path)) {
      throw new InputException(path + ": is a directory, expected a safetensors file");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new InputException(path + ": not a regular file, expected a safetensors file");
    }
    ByteSource source = null;
    SafetensorsFile file = null;
    try {
      source = new ByteSource.InFile(path);
      file = new SafetensorsFile(path, source, check);
      return file;
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    } finally {
      if (file == null && source != null) {
        closeQuietly(source);
      }
    }
  }

  /**
   * A file that is in memory, for example a resource of a jar, checked as {@link #open} does.
   *
   * @param bytes kept, not copied
   * @param name what {@link #path} and messages call it
   * @throws InputException if it is not right
   */
  public static SafetensorsFile of(byte[] bytes, String name) {
    Path path = Path.of(name);
    try {
      return new SafetensorsFile(path, new ByteSource.InMemory(bytes), true);
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** All tensors by name, in the order of the header. */
  public Map<String, Entry> entries() {
    return header.entries();
  }

  /** The map {@code __metadata__}, empty if there is none. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** Whether there are checksums, so that damage is noticed. */
  public boolean hasChecksums() {
    return checksums != null;
  }

  /**
   * Reads every byte of every tensor and compares the checksums, if there are any.
   *
   * @throws InputException if a tensor cannot be read or is damaged; the message names it
   */
  public void verify() {
    entries().values().forEach(entry -> stream(entry, (from, count) -> {}));
  }

  /**
   * The tensor with this name.
   *
   * @throws InputException if there is none
   */
  public Entry entry(String name) {
    Entry entry = entries().get(name);
    if (entry == null) {
      throw new InputException(path + ": has no tensor '" + name + "'");
    }
    return entry;
  }

  /**
   * The tensor with this name, which must have this type and shape.
   *
   * @throws InputException if there is none, or with another type or shape
   */
  public Entry entry(String name, SafetensorsType type, Shape shape) {
    Entry entry = entry(name, type);
    if (!entry.shape().equals(shape)) {
      throw new InputException(
          path + ": tensor '" + name + "': expected shape " + shape + ", found " + entry.shape());
    }
    return entry;
  }

  /**
   * Reads an F32 tensor into {@code dest} from {@code offset} on.
   *
   * @throws InputException if there is no such tensor, or with another type, or reading fails
   * @throws IndexOutOfBoundsException if {@code dest} is too short
   */
  public void readFloats(String name, float[] dest, int offset) {
    Entry entry = entry(name, SafetensorsType.F32);
    Objects.checkFromIndexSize(offset, entry.shape().count(), dest.length);
    stream(entry, (from, count) -> buffer.asFloatBuffer().get(dest, offset + from, count));
  }

  /**
   * Reads an F32 tensor of a given shape into {@code dest} from {@code offset} on.
   *
   * @throws InputException if there is no such tensor, or with another type or shape
   */
  public void readFloats(String name, Shape shape, float[] dest, int offset) {
    entry(name, SafetensorsType.F32, shape);
    readFloats(name, dest, offset);
  }

  /** Reads an F32 tensor. */
  public Tensor readTensor(String name) {
    Tensor tensor = Tensor.zeros(entry(name, SafetensorsType.F32).shape());
    readFloats(name, tensor.data(), 0);
    return tensor;
  }

  /** Reads the elements of an I64 tensor. */
  public long[] readLongs(String name) {
    Entry entry = entry(name, SafetensorsType.I64);
    long[] dest = new long[entry.shape().count()];
    stream(entry, (from, count) -> buffer.asLongBuffer().get(dest, from, count));
    return dest;
  }

  /** Reads the elements of an I32 tensor. */
  public int[] readInts(String name) {
    Entry entry = entry(name, SafetensorsType.I32);
    int[] dest = new int[entry.shape().count()];
    stream(entry, (from, count) -> buffer.asIntBuffer().get(dest, from, count));
    return dest;
  }

  /** Reads the elements of a U8 tensor. */
  public byte[] readBytes(String name) {
    Entry entry = entry(name, SafetensorsType.U8);
    byte[] dest = new byte[entry.shape().count()];
    stream(entry, (from, count) -> buffer.duplicate().get(dest, from, count));
    return dest;
  }

  /** Closes the file: names, shapes and metadata stay, reading is an IllegalStateException. */
  @Override
  public void close() {
    closed = true;
    closeQuietly(source);
  }

  private Entry entry(String name, SafetensorsType type) {
    Entry entry = entry(name);
    if (entry.type() != type) {
      throw new InputException(
          path + ": tensor '" + name + "': expected " + type + ", found " + entry.type());
    }
    return entry;
  }

  private interface Sink {
    void take(int from, int count);
  }

  private void stream(Entry entry, Sink sink) {
    requireOpen(entry, null);
    CRC32 crc = new CRC32();
    try {
      int width = entry.type().bytes();
      int step = BUFFER / width;
      int total = entry.shape().count();
      int from = 0;
      while (from < total) {
        int count = Math.min(step, total - from);
        read(dataStart + entry.begin() + (long) from * width, buffer.clear().limit(count * width));
        crc.update(buffer.array(), 0, buffer.flip().limit());
        sink.take(from, count);
        from += count;
      }
      if (checksums != null) {
        checksums.check(entry.name(), crc, path.toString());
      }
    } catch (IOException e) {
      requireOpen(entry, e);
      throw InputException.cannotRead(path, e);
    }
  }

  private void requireOpen(Entry entry, IOException cause) {
    if (closed) {
      throw new IllegalStateException(
          path + ": tensor '" + entry.name() + "' cannot be read, the file has been closed", cause);
    }
  }

  private void read(long position, ByteBuffer into) throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int n = source.read(into, at);
      if (n < 0) {
        throw new InputException(path + ": ends at byte " + at + ", it was longer when opened");
      }
      at += n;
    }
  }

  private static void closeQuietly(ByteSource source) {
    try {
      source.close();
    } catch (IOException e) {
      // Nothing was written, so nothing can be lost.
    }
  }
}
