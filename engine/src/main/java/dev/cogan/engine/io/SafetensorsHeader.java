package dev.cogan.engine.io;

import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks the header of a safetensors file and turns it into entries. Believes nothing in it. */
final class SafetensorsHeader {
  private final String file;
  private final long dataBytes;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, SafetensorsFile.Entry> entries = new LinkedHashMap<>();

  /**
   * Reads a header.
   *
   * @param json the header's bytes
   * @param file name of the file, for messages
   * @param dataBytes how many bytes the file has behind the header
   * @throws InputException if anything is wrong
   */
  SafetensorsHeader(byte[] json, String file, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
    if (json.length == 0 || json[0] != '{') {
      throw new InputException(file + ": header of a safetensors file does not start with '{'");
    }
    if (!(Json.parse(json, file + ": header") instanceof Map<?, ?> map)) {
      throw new InputException(file + ": header is not a JSON object");
    }
    map.forEach(
        (key, value) -> {
          String name = (String) key;
          if (name.equals(SafetensorsFile.METADATA)) {
            readMetadata(value);
          } else {
            entries.put(name, entry(name, value));
          }
        });
    checkLayout();
  }

  Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  Map<String, SafetensorsFile.Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  private void readMetadata(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new InputException(file + ": __metadata__ is not a JSON object");
    }
    map.forEach(
        (key, text) -> {
          if (!(text instanceof String string)) {
            throw new InputException(file + ": __metadata__ entry '" + key + "' is not a string");
          }
          metadata.put((String) key, string);
        });
  }

  private SafetensorsFile.Entry entry(String name, Object value) {
    if (name.length() > SafetensorsFile.MAX_NAME) {
      throw new InputException(
          file + ": name of a tensor is longer than " + SafetensorsFile.MAX_NAME + " characters");
    }
    if (!(value instanceof Map<?, ?> map)
        || map.size() != 3
        || !(map.get("dtype") instanceof String dtype)
        || !(map.get("shape") instanceof List<?> shape)
        || !(map.get("data_offsets") instanceof List<?> offsets)) {
      throw error(name, "expected exactly dtype, shape and data_offsets");
    }
    SafetensorsType type = type(name, dtype);
    Shape sizes = shape(name, shape);
    if (offsets.size() != 2
        || !(offsets.get(0) instanceof Long begin)
        || !(offsets.get(1) instanceof Long end)) {
      throw error(name, "data_offsets are not two integers");
    }
    if (begin < 0 || end < begin || end > dataBytes) {
      throw error(
          name, "data_offsets " + offsets + " outside the file's " + dataBytes + " bytes of data");
    }
    long expected = (long) sizes.count() * type.bytes();
    if (end - begin != expected) {
      throw error(
          name,
          type + " " + sizes + " needs " + expected + " bytes, data_offsets give " + (end - begin));
    }
    return new SafetensorsFile.Entry(name, type, sizes, begin, end);
  }

  private SafetensorsType type(String name, String dtype) {
    for (SafetensorsType type : SafetensorsType.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw error(name, "dtype " + dtype + " is not supported, expected F32, I64, I32 or U8");
  }

  private Shape shape(String name, List<?> sizes) {
    if (sizes.size() > SafetensorsFile.MAX_RANK) {
      throw error(name, sizes.size() + " dimensions, at most " + SafetensorsFile.MAX_RANK);
    }
    int[] result = new int[sizes.size()];
    for (int i = 0; i < result.length; i++) {
      if (!(sizes.get(i) instanceof Long size) || size < 0 || size > Integer.MAX_VALUE) {
        throw error(name, "shape " + sizes + " is not made of sizes from 0 to 2^31 - 1");
      }
      result[i] = size.intValue();
    }
    try {
      return Shape.of(result);
    } catch (IllegalArgumentException e) {
      throw error(name, e.getMessage());
    }
  }

  /** The data of all tensors, in some order, must fill the file without gaps or overlaps. */
  private void checkLayout() {
    List<SafetensorsFile.Entry> order = new ArrayList<>(entries.values());
    order.sort(
        Comparator.comparingLong(SafetensorsFile.Entry::begin)
            .thenComparingLong(SafetensorsFile.Entry::end));
    long end = 0;
    for (SafetensorsFile.Entry entry : order) {
      if (entry.begin() != end) {
        throw error(
            entry.name(),
            "data begin at "
                + entry.begin()
                + (entry.begin() < end ? ", inside" : ", behind a gap after")
                + " the tensor that ends at "
                + end);
      }
      end = entry.end();
    }
    if (end != dataBytes) {
      throw new InputException(
          file + ": " + (dataBytes - end) + " bytes at the end belong to no tensor");
    }
  }

  private InputException error(String tensor, String what) {
    String shown = tensor.length() > 80 ? tensor.substring(0, 80) + "..." : tensor;
    return new InputException(file + ": tensor '" + shown + "': " + what);
  }
}
