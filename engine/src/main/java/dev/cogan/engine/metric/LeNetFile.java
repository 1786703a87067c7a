package dev.cogan.engine.metric;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsType;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.model.JsonFields;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained {@link LeNet} on disk: a safetensors file with the parameters under PyTorch's names,
 * and metadata {@code format}, {@code format_version}, {@code classifier} (image shape, classes)
 * and {@code provenance} (data, transforms, seed, measured accuracy), the last two JSON texts.
 *
 * @param net the network, for inference
 * @param provenance as written
 */
public record LeNetFile(LeNet net, Map<?, ?> provenance) {
  private static final String FORMAT = "cogan-classifier";
  private static final String VERSION = "1";

  /** The file's content, ready to be written. */
  public static SafetensorsWriter writer(LeNet net, Map<String, ?> provenance) {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.metadata("format", FORMAT).metadata("format_version", VERSION);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("channels", net.image().size(0));
    model.put("height", net.image().size(1));
    model.put("width", net.image().size(2));
    model.put("classes", net.classes());
    writer.metadata("classifier", Json.write(model));
    writer.metadata("provenance", Json.write(provenance));
    for (Parameter p : net.store().parameters()) {
      writer.add(p.name(), p.value());
    }
    return writer;
  }

  /**
   * Reads a classifier.
   *
   * @throws InputException if the file is none, or holds a number that is not finite
   */
  public static LeNetFile read(SafetensorsFile file) {
    if (!FORMAT.equals(file.metadata().get("format"))
        || !VERSION.equals(file.metadata().get("format_version"))) {
      throw new InputException(
          file.path()
              + ": not a classifier of this program: metadata \"format\" and \"format_version\""
              + " should be "
              + List.of(FORMAT, VERSION)
              + ", found ["
              + file.metadata().get("format")
              + ", "
              + file.metadata().get("format_version")
              + "]");
    }
    LeNet net;
    try {
      JsonFields f = new JsonFields("classifier", json(file, "classifier"));
      Shape image = Shape.of(f.size("channels"), f.size("height"), f.size("width"));
      int classes = f.size("classes");
      // The plan first: a net of this size is made only if the file holds its numbers.
      for (Parameter p : new LeNet(image, classes, Memory.counting(), false).store().parameters()) {
        file.entry(p.name(), SafetensorsType.F32, p.shape());
      }
      net = new LeNet(image, classes, Memory.heap(), false);
    } catch (IllegalArgumentException e) {
      throw new InputException(file.path() + ": " + e.getMessage(), e);
    }
    for (Parameter p : net.store().parameters()) {
      file.readFloats(p.name(), p.shape(), p.values(), p.offset());
      for (int i = 0; i < p.count(); i++) {
        if (!Float.isFinite(p.value().get(i))) {
          throw new InputException(
              file.path() + ": tensor " + p.name() + " has " + p.value().get(i) + " at " + i);
        }
      }
    }
    if (json(file, "provenance") instanceof Map<?, ?> map) {
      return new LeNetFile(net, map);
    }
    throw new InputException(file.path() + ": metadata \"provenance\" should be a JSON object");
  }

  private static Object json(SafetensorsFile file, String key) {
    String text = file.metadata().get(key);
    if (text == null) {
      throw new InputException(file.path() + ": metadata \"" + key + "\" is missing");
    }
    return Json.parse(text, file.path() + " (" + key + ")");
  }
}
