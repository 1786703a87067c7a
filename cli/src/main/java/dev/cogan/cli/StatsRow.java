package dev.cogan.cli;

import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.Trainer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of one training step under the names of {@code stats.jsonl}. */
final class StatsRow {
  private StatsRow() {}

  /**
   * @param seconds since this run began
   */
  static Map<String, Object> of(Trainer trainer, StepStats stats, double seconds) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("step", trainer.stepsDone());
    row.put("seconds", Math.round(seconds * 1000) / 1000.0);
    row.put("loss_d", (float) stats.discriminatorLoss());
    row.put("loss_g", (float) stats.generatorLoss());
    for (int d = 0; d < stats.domains(); d++) {
      String name = trainer.model().config().domains().get(d).name();
      row.put("loss_d_" + name, (float) stats.discriminatorLoss(d));
      row.put("loss_g_" + name, (float) stats.generatorLoss(d));
      row.put("d_right_" + name, (float) stats.accuracy(d));
    }
    return row;
  }
}
