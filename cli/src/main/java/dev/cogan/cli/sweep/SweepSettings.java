package dev.cogan.cli.sweep;

import dev.cogan.engine.io.Json;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.train.TrainOptions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the trainings of a {@link SweepLog} have beside task, algorithm, sharing and seed: the rest
 * of the model and of the training, the length, the images and how many pairs were measured. Only
 * trainings for which all of it is equal may be averaged.
 *
 * @param values by name; those of early lines are fewer, since less was noted
 */
public record SweepSettings(Map<String, String> values) {
  /** What a run of a sweep varies, so that a name of the run has it. */
  private static final Set<String> OF_THE_RUN =
      Set.of("seed", "algorithm", "shared_generator_layers", "shared_discriminator_layers");

  private static final String WIDTHS = "widths";
  private static final String STEPS = "steps";
  private static final String R1 = "r1";
  private static final String DATA = "data";

  /** What a line says of the digits that the program carries. */
  private static final String JAR = "jar";

  /** Those of a line. */
  public static SweepSettings of(Map<?, ?> line) {
    Map<String, String> values = new LinkedHashMap<>();
    if (line.get("model") instanceof Map<?, ?> model) {
      flatten("", whole(model, json -> ModelConfig.fromJson(json).toJson()), values);
      rename(values, "generator_widths", WIDTHS);
      rename(values, "discriminator_widths", "d_widths");
    } else {
      put(values, WIDTHS, line.get(WIDTHS));
      put(values, "d_widths", line.get("d_widths"));
    }
    if (line.get("training") instanceof Map<?, ?> training) {
      flatten("", whole(training, json -> TrainOptions.fromJson(json).toJson()), values);
    }
    put(values, STEPS, line.get(STEPS));
    put(values, "pairs", line.get("pairs"));
    put(values, DATA, line.get(DATA));
    if (line.get(DATA) == null) {
      put(values, "images", line.get("images"));
    }
    return new SweepSettings(values);
  }

  private interface Reader {
    Map<?, ?> read(Map<?, ?> json);
  }

  /** With what an early line leaves out because there was no other value then. */
  private static Map<?, ?> whole(Map<?, ?> json, Reader reader) {
    try {
      return reader.read(json);
    } catch (IllegalArgumentException e) {
      return json; // From another version: told apart by what it says.
    }
  }

  private static void flatten(String path, Map<?, ?> json, Map<String, String> values) {
    json.forEach(
        (key, value) -> {
          String name = path + key;
          if (value instanceof Map<?, ?> map) {
            flatten(name + " ", map, values);
          } else if (!OF_THE_RUN.contains(name)) {
            put(values, name, value);
          }
        });
  }

  private static void put(Map<String, String> values, String name, Object value) {
    if (value != null) {
      boolean plain = value instanceof Number || value instanceof String;
      values.put(
          name,
          plain || value instanceof Collection<?> list && isFlat(list)
              ? value.toString()
              : Json.write(value));
    }
  }

  private static boolean isFlat(Collection<?> list) {
    return list.stream().allMatch(Number.class::isInstance);
  }

  private static void rename(Map<String, String> values, String from, String to) {
    String value = values.remove(from);
    if (value != null) {
      values.put(to, value);
    }
  }

  /**
   * A name that tells these settings from the others: net, length, penalty and images, and where
   * others have the same of these, all that differs.
   *
   * @param all that are to be told apart
   */
  public String name(Collection<SweepSettings> all) {
    StringBuilder name = new StringBuilder(brief());
    Set<String> shown = new LinkedHashSet<>();
    for (SweepSettings other : all) {
      if (other.equals(this) || !other.brief().equals(brief())) {
        continue;
      }
      if (!isWhole()) {
        shown.add(", other settings not noted");
      }
      values.forEach(
          (key, value) -> {
            if (!value.equals(other.values.get(key)) && (other.isWhole() || other.has(key))) {
              shown.add(", " + key + " " + value);
            }
          });
      other.values.keySet().stream()
          .filter(key -> !has(key) && isWhole())
          .forEach(key -> shown.add(", no " + key));
    }
    shown.forEach(name::append);
    return name.toString();
  }

  private boolean has(String key) {
    return values.containsKey(key);
  }

  /** Whether its line said all that decides its training. */
  private boolean isWhole() {
    return has("batch");
  }

  private String brief() {
    return values.get(WIDTHS)
        + " x "
        + values.get(STEPS)
        + (has(R1) ? ", r1 " + values.get(R1) : "")
        + images();
  }

  /** The jar's digits need no words. */
  private String images() {
    String data = values.get(DATA);
    if (data == null) {
      return has("images") ? ", of " + values.get("images") + " images" : "";
    }
    return data.equals(JAR) ? "" : ", of " + data;
  }
}
