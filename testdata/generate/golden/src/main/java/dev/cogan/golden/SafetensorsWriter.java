package dev.cogan.golden;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects float tensors and strings and writes them as one safetensors file: 8 bytes of header
 * length (little endian), a JSON header padded with spaces to a multiple of 8, then the values.
 */
final class SafetensorsWriter {
  private record Entry(long[] shape, float[] values) {}

  private final Map<String, Entry> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  /** Adds one string to {@code __metadata__}; a key may be used once. */
  void metadata(String key, String value) {
    if (metadata.put(key, value) != null) {
      throw new IllegalArgumentException("metadata given twice: " + key);
    }
  }

  /** Adds one tensor; a name may be used once and every value must be finite. */
  void add(String name, long[] shape, float[] values) {
    long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          name + ": shape " + Arrays.toString(shape) + " but " + values.length + " values");
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(name + ": value that is not finite: " + value);
      }
    }
    if (tensors.put(name, new Entry(shape.clone(), values.clone())) != null) {
      throw new IllegalArgumentException("tensor given twice: " + name);
    }
  }

  /** Writes the file, with the tensors in the order in which they were added. */
  void write(Path file) throws IOException {
    byte[] header = header().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(little(8).putLong(header.length).array());
      out.write(header);
      for (Entry entry : tensors.values()) {
        ByteBuffer bytes = little(4 * entry.values.length);
        bytes.asFloatBuffer().put(entry.values);
        out.write(bytes.array());
      }
    }
    System.out.printf(
        "%s: %d tensors, %d bytes%n", file.getFileName(), tensors.size(), Files.size(file));
  }

  private String header() {
    StringBuilder json = new StringBuilder("{\"__metadata__\":{");
    String comma = "";
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      json.append(comma).append(quote(entry.getKey())).append(':').append(quote(entry.getValue()));
      comma = ",";
    }
    json.append('}');
    long offset = 0;
    for (Map.Entry<String, Entry> entry : tensors.entrySet()) {
      long end = offset + 4L * entry.getValue().values.length;
      json.append(",")
          .append(quote(entry.getKey()))
          .append(":{\"dtype\":\"F32\",\"shape\":")
          .append(Arrays.toString(entry.getValue().shape).replace(" ", ""))
          .append(",\"data_offsets\":[" + offset + "," + end + "]}");
      offset = end;
    }
    json.append('}');
    // Names and strings are plain ASCII, so characters are bytes.
    while (json.length() % 8 != 0) {
      json.append(' ');
    }
    return json.toString();
  }

  private static String quote(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
        throw new IllegalArgumentException("only plain ASCII goes into the header: " + text);
      }
    }
    return '"' + text + '"';
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
