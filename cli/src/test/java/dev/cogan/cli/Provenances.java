package dev.cogan.cli;

import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Makes checkpoints as other programs and machines write them. */
final class Provenances {
  private Provenances() {}

  /** Writes a checkpoint again with another provenance, its checksums right. */
  static void edit(Path checkpoint, Consumer<Map<String, Object>> change) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile file = SafetensorsFile.open(checkpoint)) {
      Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
      metadata.remove(SafetensorsFile.CHECKSUMS);
      Map<String, Object> provenance = new LinkedHashMap<>();
      ((Map<?, ?>) Json.parse(metadata.get("provenance"), "provenance"))
          .forEach((key, value) -> provenance.put((String) key, value));
      change.accept(provenance);
      metadata.put("provenance", Json.write(provenance));
      metadata.forEach(writer::metadata);
      file.entries().keySet().forEach(name -> writer.add(name, file.readTensor(name)));
    }
    writer.withChecksums().write(checkpoint);
  }
}
