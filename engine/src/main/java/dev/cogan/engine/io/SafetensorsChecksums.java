package dev.cogan.engine.io;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The checksums that CoGAN adds to its safetensors files, as one JSON text in the metadata under
 * {@value #KEY}: {@code {"algorithm":"crc32","header":"1f0c6a2e","tensors":{"NAME":"0d5e9a77"}}}.
 * CRC-32 is that of zlib, in eight hexadecimal digits: of a tensor's bytes as they stand in the
 * file; of the header, of its content in one fixed form (see {@link #ofHeader}), so that another
 * program may write the same tensors in another order.
 */
final class SafetensorsChecksums {
  /** The metadata's key. */
  static final String KEY = "checksums";

  private static final String ALGORITHM = "crc32";

  private final String header;
  private final Map<String, String> tensors;

  private SafetensorsChecksums(String header, Map<String, String> tensors) {
    this.header = header;
    this.tensors = tensors;
  }

  /** What the header says of a tensor. */
  record Described(SafetensorsType type, List<Integer> shape) {}

  static String hex(CRC32 crc) {
    String digits = Long.toHexString(crc.getValue());
    return "0".repeat(8 - digits.length()) + digits;
  }

  /**
   * The text for a new file.
   *
   * @param metadata everything else in the metadata
   * @param tensors checksums by name
   */
  static String write(
      Map<String, String> metadata, Map<String, Described> described, Map<String, String> tensors) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("algorithm", ALGORITHM);
    json.put("header", ofHeader(metadata, described, tensors));
    json.put("tensors", tensors);
    return Json.write(json);
  }

  /**
   * The checksum of the JSON text {@code [{KEY:TEXT},{NAME:[DTYPE,SHAPE,CHECKSUM]}]} in UTF-8, both
   * objects sorted, without spaces, the metadata without the checksums.
   */
  private static String ofHeader(
      Map<String, String> metadata, Map<String, Described> described, Map<String, String> tensors) {
    Map<String, Object> rest = new TreeMap<>(metadata);
    rest.remove(KEY);
    Map<String, Object> names = new TreeMap<>();
    described.forEach(
        (name, d) -> {
          List<Object> facts = new ArrayList<>();
          facts.add(d.type.name());
          facts.add(d.shape);
          facts.add(tensors.get(name));
          names.put(name, facts);
        });
    CRC32 crc = new CRC32();
    crc.update(Json.write(List.of(rest, names)).getBytes(StandardCharsets.UTF_8));
    return hex(crc);
  }

  /**
   * Those of a file, or null if it has none.
   *
   * @throws InputException if the text is not in this form
   */
  static SafetensorsChecksums read(Map<String, String> metadata, String file) {
    String text = metadata.get(KEY);
    if (text == null) {
      return null;
    }
    if (Json.parse(text, file + " (" + KEY + ")") instanceof Map<?, ?> map
        && ALGORITHM.equals(map.get("algorithm"))
        && map.get("header") instanceof String header
        && map.get("tensors") instanceof Map<?, ?> given) {
      Map<String, String> tensors = new LinkedHashMap<>();
      given.forEach((name, sum) -> tensors.put((String) name, String.valueOf(sum)));
      return new SafetensorsChecksums(header, tensors);
    }
    throw new InputException(
        file + ": metadata \"" + KEY + "\": expected algorithm \"crc32\", header and tensors");
  }

  /**
   * Compares the header with its checksum.
   *
   * @throws InputException if it is damaged
   */
  void checkHeader(Map<String, String> metadata, Map<String, Described> described, String file) {
    for (String name : described.keySet()) {
      if (!tensors.containsKey(name)) {
        throw new InputException(file + ": damaged header: no checksum of tensor '" + name + "'");
      }
    }
    String found = ofHeader(metadata, described, tensors);
    if (!found.equals(header)) {
      throw new InputException(
          file + ": damaged header: checksum is " + found + ", should be " + header);
    }
  }

  /**
   * Compares the bytes of a tensor with their checksum.
   *
   * @throws InputException if they are damaged
   */
  void check(String name, CRC32 crc, String file) {
    String found = hex(crc);
    if (!found.equals(tensors.get(name))) {
      throw new InputException(
          file
              + ": tensor '"
              + name
              + "' is damaged: checksum is "
              + found
              + ", should be "
              + tensors.get(name));
    }
  }
}
