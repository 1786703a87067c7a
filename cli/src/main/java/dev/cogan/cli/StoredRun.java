package dev.cogan.cli;

import dev.cogan.cli.dataset.DomainPlaces;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The course of a run as its {@code options.json} has it; empty where the file or a field is. */
record StoredRun(
    Optional<Long> steps,
    Optional<Long> snapshot,
    Optional<Integer> keep,
    Optional<DivergencePolicy> onDiverge,
    boolean tensorboard) {

  /** What a field of the course must be. */
  private static final Map<String, String> EXPECTED =
      new TreeMap<>(
          Map.of(
              "steps", "a whole number, 0 or more",
              "snapshot", "a whole number, 1 or more",
              "keep", "a whole number, 2 or more",
              "on_diverge", "stop, rollback or rollback:N with N from 1 to 1000",
              "tensorboard", "true or false"));

  /** All that {@code options.json} may hold. */
  private static final List<String> KEYS =
      Stream.concat(
              EXPECTED.keySet().stream(),
              Stream.of(
                  "preset",
                  "domains",
                  "data",
                  DomainPlaces.KEY,
                  "disjoint",
                  "model",
                  "training",
                  InitialWeights.KEY))
          .toList();

  /** Nothing is stored. */
  static final StoredRun NONE = of(Map.of());

  static StoredRun read(Path options) {
    Map<?, ?> json =
        Files.isRegularFile(options) && Json.read(options) instanceof Map<?, ?> map
            ? map
            : Map.of();
    return of(json);
  }

  /**
   * As {@link #read}, where somebody has named the file and may have changed it: every field that
   * is there must be one, and right.
   *
   * @param file for messages
   * @throws InputException if a field is unknown or has a wrong value
   */
  static StoredRun require(Path file, Map<?, ?> json) {
    for (Object key : json.keySet()) {
      String name = String.valueOf(key);
      if (!KEYS.contains(name)) {
        throw new InputException(
            file + ": \"" + name + "\" is no setting of a run" + Suggestions.clause(name, KEYS));
      }
    }
    StoredRun stored = of(json);
    Map<String, Boolean> good =
        Map.of(
            "steps",
            stored.steps.isPresent(),
            "snapshot",
            stored.snapshot.isPresent(),
            "keep",
            stored.keep.isPresent(),
            "on_diverge",
            stored.onDiverge.isPresent(),
            "tensorboard",
            json.get("tensorboard") instanceof Boolean);
    EXPECTED.forEach(
        (key, expected) -> {
          if (json.containsKey(key) && !good.get(key)) {
            throw new InputException(
                file + ": \"" + key + "\": expected " + expected + ", found " + found(json, key));
          }
        });
    return stored;
  }

  private static String found(Map<?, ?> json, String key) {
    String text = Json.write(json.get(key));
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private static StoredRun of(Map<?, ?> json) {
    return new StoredRun(
        number(json, "steps", 0),
        number(json, "snapshot", 1),
        number(json, "keep", 2).map(keep -> (int) Math.min(keep, Integer.MAX_VALUE)),
        DivergencePolicy.parse(String.valueOf(json.get("on_diverge"))),
        Boolean.TRUE.equals(json.get("tensorboard")));
  }

  private static Optional<Long> number(Map<?, ?> json, String key, long least) {
    return json.get(key) instanceof Long value && value >= least
        ? Optional.of(value)
        : Optional.empty();
  }
}
