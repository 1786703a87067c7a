package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.TrainOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds a resumed training's plan in its checkpoint, and refuses options that would change it. */
final class ResumedPlan {
  private ResumedPlan() {}

  /**
   * @param preset as given, or null
   * @param seed as given, or null
   * @throws InputException if an option differs from the checkpoint's training
   */
  static TrainPlan of(
      Checkpoint checkpoint,
      String preset,
      DomainOptions domains,
      ModelOptions changes,
      Long seed) {
    Path file = checkpoint.file().path();
    Map<?, ?> provenance = checkpoint.provenance();
    String oldPreset = text(file, provenance, "preset");
    List<String> specs = specs(file, provenance);
    boolean disjoint = !Boolean.FALSE.equals(provenance.get("disjoint"));
    String data = text(file, provenance, "data");
    Path folder = data.equals("jar") ? null : Path.of(data);
    if (domains.data() != null) {
      folder = domains.data().toAbsolutePath().normalize();
    }

    List<String> differences = new ArrayList<>();
    if (preset != null && !Preset.named(preset).label().equals(oldPreset)) {
      differences.add("preset was " + oldPreset + ", now " + preset);
    }
    if (!domains.given().isEmpty() && !domains.given().equals(specs)) {
      differences.add("domains were " + specs + ", now " + domains.given());
    }
    if (domains.overlap() && disjoint) {
      differences.add("domains were disjoint, now --overlap");
    }
    int side = DomainImages.side(checkpoint.config());
    if (domains.size() != null && domains.size() != side) {
      differences.add("size was " + side + ", now " + domains.size());
    }
    ModelConfig config = changes.apply(checkpoint.config());
    TrainOptions options = changes.apply(checkpoint.options(), null);
    if (seed != null) {
      options = options.withSeed(seed);
    }
    addDifferences(differences, checkpoint.config().toJson(), config.toJson());
    addDifferences(differences, checkpoint.options().toJson(), options.toJson());
    if (!differences.isEmpty()) {
      throw new InputException(
          "--resume continues the training of "
              + file
              + " as it was; "
              + String.join("; ", differences));
    }
    return new TrainPlan(oldPreset, specs, folder, disjoint, config, options);
  }

  private static void addDifferences(
      List<String> differences, Map<String, Object> before, Map<String, Object> after) {
    before.forEach(
        (key, value) -> {
          if (!String.valueOf(value).equals(String.valueOf(after.get(key)))) {
            differences.add(key + " was " + value + ", now " + after.get(key));
          }
        });
  }

  private static String text(Path file, Map<?, ?> provenance, String key) {
    if (provenance.get(key) instanceof String text) {
      return text;
    }
    throw new InputException(file + ": provenance has no text \"" + key + "\"; cannot resume");
  }

  private static List<String> specs(Path file, Map<?, ?> provenance) {
    List<String> specs = new ArrayList<>();
    if (provenance.get("domains") instanceof List<?> list) {
      list.forEach(item -> specs.add(String.valueOf(item)));
    }
    if (specs.isEmpty()) {
      throw new InputException(file + ": provenance names no domains; cannot resume");
    }
    return specs;
  }
}
