package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the checkpoint with the best {@link Agreements#score} so far as {@code best.safetensors},
 * and its step and values in {@code best.json}. Where no operator is known from one domain to
 * another there is no agreement, and no best.
 */
final class BestCheckpoint {
  private final RunDirectory directory;
  private final Agreements agreements;
  private final RunLog log;
  private double best = -1;

  BestCheckpoint(RunDirectory directory, Agreements agreements, RunLog log) {
    this.directory = directory;
    this.agreements = agreements;
    this.log = log;
  }

  /**
   * Takes over what the run had at this step; {@link GoingBack} has moved a best of a later step.
   * Of a best whose description is damaged, missing or from before there were scores nobody knows
   * how good it is: the next checkpoint takes its place, and the file is kept beside.
   */
  void resume(Trainer trainer) {
    Path json = directory.bestJson();
    try {
      if (!Files.exists(json)) {
        if (Files.exists(directory.best())) {
          unknown(json + ": no such file", trainer);
        }
      } else if (!(Json.read(json) instanceof Map<?, ?> map
          && map.get("step") instanceof Long step
          && step <= trainer.stepsDone()
          && scoreIn(map, trainer) instanceof Number value)) {
        unknown(json + ": expected step and score of the best checkpoint", trainer);
      } else {
        best = value.doubleValue();
      }
    } catch (InputException e) {
      unknown(e.getMessage(), trainer);
    }
    if (Files.exists(directory.checkpoint(trainer.stepsDone()))) {
      consider(trainer); // A process that was killed may have saved, but not marked it.
    }
  }

  /** The score; without labels an agreement that stands alone is one. Null if there is none. */
  private Object scoreIn(Map<?, ?> map, Trainer trainer) {
    if (map.get("score") == null && agreements.at(trainer).size() > 0) {
      return agreements.labels().isEmpty() ? map.get("agreement") : null;
    }
    return map.get("score");
  }

  private void unknown(String reason, Trainer trainer) {
    String kept =
        directory
            .keepFormerBest(trainer.stepsDone())
            .map(file -> ", and it stays as " + file.getFileName())
            .orElse("");
    log.println(
        Fields.line(
            "warning",
            reason
                + "; how good the best checkpoint was is unknown: the next takes its place"
                + kept));
  }

  /** Called when the checkpoint of this step has been saved. */
  void consider(Trainer trainer) {
    if (agreements.at(trainer).isEmpty()) {
      return;
    }
    double value = agreements.score();
    if (trainer.stepsDone() == 0 || value <= best) {
      return;
    }
    best = value;
    directory.markBest(directory.checkpoint(trainer.stepsDone()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", trainer.stepsDone());
    json.put("score", value);
    json.put("agreement", agreements.mean());
    Json.write(directory.bestJson(), json);
  }
}
