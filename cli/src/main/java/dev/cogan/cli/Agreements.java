package dev.cogan.cli;

import dev.cogan.cli.evaluation.DigitLabels;
import dev.cogan.cli.jfr.TrainingEvents;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.Trainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The agreement of pairs during a training, and that of the labels of drawn digits: measured once
 * at a step, however many ask. What does not depend on the model (chance, blank, whether the
 * classifier knows the digits) is measured once altogether.
 */
final class Agreements {
  /** A share of labels of 0.75 is then known to 0.03; more would take longer than many steps. */
  private static final int PAIRS = 200;

  private final List<String> specs;
  private final List<DomainData> data;
  private final Sampler sampler;
  private final TrainingEvents events;
  private final Map<Integer, CouplingReport> reports = new LinkedHashMap<>();
  private final Map<Integer, DigitLabels> labels = new LinkedHashMap<>();
  private Boolean known;
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
    Kernels kernels = trainer.workspace().kernels();
    if (known == null) {
      known = DigitLabels.areKnown(specs, data, reports.keySet(), kernels);
    }
    if (known) {
      labels.putAll(
          DigitLabels.measure(
              data.size(), sampler, trainer.options(), PAIRS, reports.keySet(), kernels));
    }
    return mean();
  }

  /** Labels of the model of the last {@link #at}, by domain; empty if they are not known. */
  Map<Integer, DigitLabels> labels() {
    return labels;
  }

  /**
   * How good the model of the last {@link #at} is, at most 1; NaN without any report. Mean over the
   * domains of the agreement, where the labels are known times their agreement beyond chance:
   * generators that draw nothing, or little and always the same, agree in nearly every pixel.
   */
  double score() {
    double sum = 0;
    for (Map.Entry<Integer, CouplingReport> report : reports.entrySet()) {
      DigitLabels named = labels.get(report.getKey());
      double beyond = named == null ? 1 : named.pairs().agreement() - named.pairs().chance();
      sum += report.getValue().model().binarised() * Math.max(0, beyond);
    }
    return sum / reports.size();
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
