package dev.cogan.engine.io;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes a safetensors file: 8 bytes with the length of the header, a header in JSON padded with
 * spaces to a multiple of 8, then the elements of all tensors without gaps.
 *
 * <p>The tensors are not copied when they are added but read when the file is written, through a
 * small buffer. The same calls give the same bytes: the header lists metadata and tensors in the
 * order in which they were added; the data stand in that order too, except that wider elements go
 * first, so that each tensor is aligned to its element size, which PyTorch needs.
 */
public final class SafetensorsWriter {
  private static final int BUFFER = 1 << 16;

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private boolean checksums;

  /** Copies {@code count} elements from {@code from} on into the empty buffer. */
  private interface Source {
    void copy(int from, int count, ByteBuffer to);
  }

  private record Entry(SafetensorsType type, Shape shape, Source source) {
    long byteCount() {
      return (long) shape.count() * type.bytes();
    }

    List<Integer> sizes() {
      List<Integer> sizes = new ArrayList<>();
      for (int size : shape.toArray()) {
        sizes.add(size);
      }
      return sizes;
    }
  }

  /** An empty file. */
  public SafetensorsWriter() {}

  /** Adds a line to the string-to-string map {@code __metadata__}; a key given again replaces. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Adds all lines of a map, in its order. */
  public SafetensorsWriter metadata(Map<String, String> lines) {
    metadata.putAll(lines);
    return this;
  }

  /**
   * Adds the CRC-32 of the header and of every tensor to the metadata, under {@code checksums}; the
   * tensors are then read twice. {@link SafetensorsFile} compares them.
   */
  public SafetensorsWriter withChecksums() {
    checksums = true;
    return this;
  }

  /** Adds an F32 tensor. */
  public SafetensorsWriter add(String name, Tensor tensor) {
    return add(name, tensor.data(), tensor.offset(), tensor.shape());
  }

  /** Adds an F32 tensor: {@code shape.count()} elements of {@code data} from {@code offset} on. */
  public SafetensorsWriter add(String name, float[] data, int offset, Shape shape) {
    check(name, data.length, offset, shape);
    return put(
        name,
        new Entry(
            SafetensorsType.F32,
            shape,
            (from, count, to) -> to.asFloatBuffer().put(data, offset + from, count)));
  }

  /** Adds an I64 tensor of one dimension. */
  public SafetensorsWriter add(String name, long[] data) {
    return put(
        name,
        new Entry(
            SafetensorsType.I64,
            Shape.of(data.length),
            (from, count, to) -> to.asLongBuffer().put(data, from, count)));
  }

  /** Adds an I32 tensor of one dimension. */
  public SafetensorsWriter add(String name, int[] data) {
    return put(
        name,
        new Entry(
            SafetensorsType.I32,
            Shape.of(data.length),
            (from, count, to) -> to.asIntBuffer().put(data, from, count)));
  }

  /** Adds a U8 tensor: {@code shape.count()} elements of {@code data} from {@code offset} on. */
  public SafetensorsWriter add(String name, byte[] data, int offset, Shape shape) {
    check(name, data.length, offset, shape);
    return put(
        name,
        new Entry(
            SafetensorsType.U8,
            shape,
            (from, count, to) -> to.duplicate().put(data, offset + from, count)));
  }

  /**
   * Writes the file whole or not at all.
   *
   * @throws InputException if the file cannot be created there
   * @throws UncheckedIOException if writing fails later
   * @see AtomicFile
   */
  public void write(Path path) {
    AtomicFile.write(path, this::writeTo);
  }

  /** The file as bytes. */
  public byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void check(String name, int length, int offset, Shape shape) {
    if (offset < 0 || offset > length - shape.count()) {
      throw new IllegalArgumentException(
          name + ": shape " + shape + " at " + offset + " does not fit in " + length + " elements");
    }
  }

  private SafetensorsWriter put(String name, Entry entry) {
    if (name.equals(SafetensorsFile.METADATA) || name.length() > SafetensorsFile.MAX_NAME) {
      throw new IllegalArgumentException("not a name for a tensor: " + name);
    }
    if (entry.shape.rank() > SafetensorsFile.MAX_RANK) {
      throw new IllegalArgumentException(name + ": too many dimensions: " + entry.shape);
    }
    if (entries.putIfAbsent(name, entry) != null) {
      throw new IllegalArgumentException("two tensors with the name " + name);
    }
    return this;
  }

  private void writeTo(OutputStream out) throws IOException {
    List<Entry> order = new ArrayList<>(entries.values());
    order.sort(Comparator.comparingInt((Entry e) -> -e.type.bytes())); // Stable.
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    if (checksums) {
      metadata.put(SafetensorsChecksums.KEY, checksums(buffer));
    }
    byte[] header = header(order);
    buffer.clear();
    out.write(buffer.putLong(header.length).array(), 0, Long.BYTES);
    out.write(header);
    for (Entry entry : order) {
      stream(entry, buffer, out::write);
    }
  }

  private interface Sink {
    void take(byte[] bytes, int offset, int count) throws IOException;
  }

  private static void stream(Entry entry, ByteBuffer buffer, Sink sink) throws IOException {
    int step = BUFFER / entry.type.bytes();
    int from = 0;
    while (from < entry.shape.count()) {
      int count = Math.min(step, entry.shape.count() - from);
      entry.source.copy(from, count, buffer.clear());
      sink.take(buffer.array(), 0, count * entry.type.bytes());
      from += count;
    }
  }

  private String checksums(ByteBuffer buffer) throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    Map<String, SafetensorsChecksums.Described> described = new LinkedHashMap<>();
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      CRC32 crc = new CRC32();
      stream(entry, buffer, crc::update);
      sums.put(named.getKey(), SafetensorsChecksums.hex(crc));
      described.put(named.getKey(), new SafetensorsChecksums.Described(entry.type, entry.sizes()));
    }
    return SafetensorsChecksums.write(metadata, described, sums);
  }

  private byte[] header(List<Entry> order) {
    Map<Entry, Long> begin = new IdentityHashMap<>();
    long end = 0;
    for (Entry entry : order) {
      begin.put(entry, end);
      end += entry.byteCount();
    }
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(SafetensorsFile.METADATA, metadata);
    }
    entries.forEach(
        (name, entry) -> {
          Map<String, Object> info = new LinkedHashMap<>();
          info.put("dtype", entry.type.name());
          info.put("shape", entry.sizes());
          long first = begin.get(entry);
          info.put("data_offsets", List.of(first, first + entry.byteCount()));
          header.put(name, info);
        });
    StringBuilder json = new StringBuilder(Json.write(header));
    int bytes = json.toString().getBytes(StandardCharsets.UTF_8).length;
    json.append(" ".repeat((8 - bytes % 8) % 8));
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
