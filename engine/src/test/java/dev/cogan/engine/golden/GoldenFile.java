package dev.cogan.engine.golden;

import dev.cogan.testdata.TestData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of golden values: safetensors, all F32. Read here without the engine's own reader, so that
 * the two cannot be wrong together. What the files hold is told in {@code
 * testdata/generate/golden/README.md}.
 */
public final class GoldenFile {
  private record Entry(int[] shape, int begin, int end) {}

  private final Path path;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final ByteBuffer data;

  private GoldenFile(Path path, byte[] bytes) {
    this.path = path;
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = all.remaining() < 8 ? -1 : all.getLong();
    require(length > 0 && length <= all.remaining(), "not a safetensors file");
    String header = new String(bytes, 8, (int) length, StandardCharsets.UTF_8);
    all.position(8 + (int) length);
    data = all.slice().order(ByteOrder.LITTLE_ENDIAN);
    new GoldenHeader(header).read().forEach(this::entry);
  }

  /** Opens {@code testdata/golden/<name>}, for example {@code layers.safetensors}. */
  public static GoldenFile open(String name) {
    return read(TestData.path("golden/" + name));
  }

  /**
   * Reads a whole file.
   *
   * @throws IllegalArgumentException if it is not a safetensors file of F32 tensors
   */
  public static GoldenFile read(Path path) {
    try {
      return new GoldenFile(path, Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void entry(String name, Object value) {
    require(value instanceof Map, name + " is not an object");
    Map<?, ?> fields = (Map<?, ?>) value;
    if (name.equals("__metadata__")) {
      fields.forEach((key, text) -> metadata.put((String) key, (String) text));
      return;
    }
    require("F32".equals(fields.get("dtype")), name + ": expected F32, got " + fields.get("dtype"));
    int[] shape = integers(name, fields.get("shape"));
    int[] offsets = integers(name, fields.get("data_offsets"));
    long size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    require(
        offsets.length == 2
            && offsets[0] >= 0
            && offsets[1] <= data.limit()
            && offsets[1] - offsets[0] == 4 * size,
        name + ": shape and data_offsets do not fit");
    entries.put(name, new Entry(shape, offsets[0], offsets[1]));
  }

  private int[] integers(String name, Object value) {
    require(value instanceof List, name + ": expected an array of numbers, got " + value);
    return ((List<?>) value).stream().mapToInt(n -> Math.toIntExact((Long) n)).toArray();
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(path + ": " + message);
    }
  }

  /** Names of all tensors, in the order of the file. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** Whether there is a tensor of this name. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** A copy of a tensor's values, row-major. */
  public float[] floats(String name) {
    Entry entry = find(name);
    float[] values = new float[(entry.end - entry.begin) / 4];
    data.duplicate()
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(entry.begin)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  /** A tensor's shape; a loss has the shape {@code [1]}. */
  public int[] shape(String name) {
    return find(name).shape.clone();
  }

  private Entry find(String name) {
    Entry entry = entries.get(name);
    require(entry != null, "no tensor " + name);
    return entry;
  }

  /** All strings of {@code __metadata__}. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /** The cases whose name starts with {@code prefix}, for example {@code conv2d.}. */
  public List<String> cases(String prefix) {
    List<String> cases = metadata.keySet().stream().filter(k -> k.startsWith(prefix)).toList();
    require(!cases.isEmpty(), "no case " + prefix);
    return cases;
  }

  /** A setting of a case, for example the {@code stride} of {@code stride=2 pad=1}. */
  public String setting(String name, String key) {
    for (String pair : metadata.getOrDefault(name, "").split(" ")) {
      if (pair.startsWith(key + '=')) {
        return pair.substring(key.length() + 1);
      }
    }
    throw new IllegalArgumentException(path + ": no setting " + key + " of " + name);
  }

  /** A setting that is a number. */
  public double number(String name, String key) {
    return Double.parseDouble(setting(name, key));
  }

  /** A setting that is a whole number. */
  public int integer(String name, String key) {
    return Integer.parseInt(setting(name, key));
  }

  /**
   * L2 norm of the difference over the L2 norm of what is expected; where that is zero, the norm of
   * the difference alone. NaN and infinity in {@code actual} come out as NaN or infinity, which no
   * tolerance admits.
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double relativeError(float[] actual, float[] expected) {
    if (actual.length != expected.length) {
      throw new IllegalArgumentException(
          "expected " + expected.length + " values, got " + actual.length);
    }
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = (double) actual[i] - expected[i];
      difference += d * d;
      norm += (double) expected[i] * expected[i];
    }
    return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  }
}
