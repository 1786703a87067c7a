package dev.cogan.cli;

import dev.cogan.cli.export.WeightImport;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Weights of a safetensors file that a training begins with ({@code train --init}): every tensor of
 * generators and discriminators that the file has is taken, the others are initialised as always. A
 * tensor of another shape is an error, since it shows that the file is of another model.
 */
final class InitialWeights {
  /** Of the event in a checkpoint's history, and of the same in {@code options.json}. */
  static final String KEY = "init";

  private static final String CRC32 = "crc32";
  private static final String TENSORS = "tensors";

  private final Path file;
  private final Map<String, String> renames;
  private final List<WeightImport.Row> rows;
  private final String checksum;

  /**
   * Looks at the file.
   *
   * @param file safetensors
   * @param renames beginnings of names in the file, and what this program calls them
   * @throws InputException if a tensor has another shape, or none fits
   */
  InitialWeights(Path file, Map<String, String> renames, ModelConfig config) {
    this.file = file;
    this.renames = renames;
    rows = into(CoupledModel.forTraining(config, Memory.heap()));
    checksum = checksum(file);
  }

  private static String checksum(Path file) {
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return String.format(Locale.ROOT, "%08x", ((CheckedInputStream) in).getChecksum().getValue());
    } catch (IOException e) {
      throw InputException.cannotRead(file, e);
    }
  }

  /** Puts the weights into a model; what the file does not have stays as it is. */
  List<WeightImport.Row> into(CoupledModel model) {
    // Other programs change tensors and keep our checksums: those count for nothing here.
    try (SafetensorsFile source = SafetensorsFile.openUnchecked(file)) {
      WeightImport weights = WeightImport.partial(source, model, renames);
      for (WeightImport.Row row : weights.rows()) {
        if (row.fate() == WeightImport.Fate.DIFFERS) {
          throw new InputException(
              "--init "
                  + file
                  + ": '"
                  + row.name()
                  + "' is "
                  + row.found()
                  + ", the model's is F32 "
                  + row.expected()
                  + "; 'import FILE' shows all of them");
        }
      }
      if (taken(weights.rows()) == 0) {
        throw new InputException(
            "--init "
                + file
                + ": no tensor has a name of the model's, such as '"
                + weights.rows().get(0).name()
                + "'; --rename FROM=TO changes beginnings of names");
      }
      return weights.rows();
    }
  }

  private static long taken(List<WeightImport.Row> rows) {
    return rows.stream().filter(r -> r.fate() == WeightImport.Fate.FITS).count();
  }

  /** What became of every tensor. */
  List<WeightImport.Row> rows() {
    return rows;
  }

  /** For the checkpoints' provenance. */
  Map<String, Object> event() {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put(KEY, String.valueOf(file.getFileName()));
    event.put(CRC32, checksum);
    event.put(TENSORS, taken(rows));
    return event;
  }

  /** Whether something that happened to a training is that it began with weights of a file. */
  static boolean isEvent(Object event) {
    return event instanceof Map<?, ?> map && map.get(KEY) != null;
  }

  /** What an {@link #event} calls its file; older {@code options.json} have no more than that. */
  static String name(Object event) {
    return String.valueOf(event instanceof Map<?, ?> map ? map.get(KEY) : event);
  }

  /**
   * Refuses to repeat a training with other weights than those that it began with; the file may
   * have another name.
   *
   * @param options where the event stands
   * @param event as that training wrote it; what it does not say is not compared
   * @param sameModel whether the model is that training's, so that it takes as many tensors
   */
  void require(Path options, Object event, boolean sameModel) {
    Map<String, Object> now = event();
    for (String key : sameModel ? List.of(CRC32, TENSORS) : List.of(CRC32)) {
      Object was = event instanceof Map<?, ?> map ? map.get(key) : null;
      if (was != null && !String.valueOf(was).equals(String.valueOf(now.get(key)))) {
        throw new InputException(
            "--init "
                + file
                + ": "
                + options
                + " is of a training that began with other weights: "
                + name(event)
                + " had "
                + key
                + " "
                + was
                + ", this has "
                + now.get(key)
                + (key.equals(TENSORS) ? " (see --rename)" : ""));
      }
    }
  }
}
