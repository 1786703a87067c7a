package dev.cogan.cli;

import dev.cogan.cli.jfr.TrainingEvents;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.Trainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The agreement of pairs during a training: measured once at a step, however many ask. What does
 * not depend on the model (chance and blank) is measured once altogether.
 */
final class Agreements {
  private static final int PAIRS = 200;

  private final List<String> specs;
  private final List<DomainData> data;
  private final Sampler sampler;
  private final TrainingEvents events;
  private final Map<Integer, CouplingReport> reports = new LinkedHashMap<>();
  private long step = -1;

  Agreements(List<String> specs, List<DomainData> data, Sampler sampler, TrainingEvents events) {
    this.specs = specs;
    this.data = data;
    this.sampler = sampler;
    this.events = events;
  }

  /**
   * The trainer's present model: its weights must not have changed since another call at the same
   * step.
   *
   * @return by domain; empty where no operator is known from one domain to another
   */
  Map<Integer, CouplingReport> at(Trainer trainer) {
    if (trainer.stepsDone() != step) {
      step = trainer.stepsDone();
      if (KnownPairs.any(specs)) {
        events.evaluation(step, PAIRS, () -> measure(trainer));
      }
    }
    return reports;
  }

  private double measure(Trainer trainer) {
    KnownPairs.measure(
        specs, data, sampler, trainer.options(), PAIRS, d -> reports.get(d), reports::put);
    return mean();
  }

  /** Of the reports of {@link #at}; NaN without any. */
  double mean() {
    double sum = 0;
    for (CouplingReport report : reports.values()) {
      sum += report.model().binarised();
    }
    return sum / reports.size();
  }

  /** The name of a domain. */
  String name(int domain) {
    return data.get(domain).name();
  }
}
