package dev.cogan.cli;

import dev.cogan.engine.io.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The course of a run as its {@code options.json} has it; empty where the file or a field is. */
record StoredRun(
    Optional<Long> steps,
    Optional<Long> snapshot,
    Optional<Integer> keep,
    Optional<DivergencePolicy> onDiverge,
    boolean tensorboard) {

  /** Nothing is stored. */
  static final StoredRun NONE = of(Map.of());

  static StoredRun read(Path options) {
    Map<?, ?> json =
        Files.isRegularFile(options) && Json.read(options) instanceof Map<?, ?> map
            ? map
            : Map.of();
    return of(json);
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
