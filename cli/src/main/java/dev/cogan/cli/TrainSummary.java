package dev.cogan.cli;

import dev.cogan.cli.evaluation.DigitLabels;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code train} prints at its end, on standard output: as text, or as one JSON object. */
final class TrainSummary {
  /** How many pairs the classifier looks at: seconds where nothing is compiled for it yet. */
  static final int LABELLED = 1000;

  private static final int PAIRS = 2000;

  private static final int INDENT = 12;

  private final TrainPlan plan;
  private final Trainer trainer;
  private final RunDirectory directory;
  private final Map<Integer, CouplingReport> agreement = new LinkedHashMap<>();
  private final Map<Integer, DigitLabels> labels = new LinkedHashMap<>();

  TrainSummary(TrainPlan plan, Trainer trainer, RunDirectory directory) {
    this.plan = plan;
    this.trainer = trainer;
    this.directory = directory;
  }

  /** Compares pairs of each domain whose operator is known. */
  TrainSummary measure(Sampler sampler, List<DomainData> data) {
    KnownPairs.measure(plan.specs(), data, sampler, trainer.options(), PAIRS, agreement::put);
    Kernels kernels = trainer.workspace().kernels();
    if (DigitLabels.areKnown(plan.specs(), data, agreement.keySet(), kernels)) {
      labels.putAll(
          DigitLabels.measure(
              data.size(), sampler, trainer.options(), LABELLED, agreement.keySet(), kernels));
    }
    return this;
  }

  private Path report() {
    return directory.path().resolve("report.html");
  }

  void print(PrintWriter out) {
    final long step = trainer.stepsDone();
    String run = ShellCommand.quoted(directory.path());
    agreement.forEach((d, report) -> line(out, "agreement", spec(d) + " " + report));
    labels.forEach((d, report) -> line(out, "labels", spec(d) + " " + report));
    if (!agreement.isEmpty() && labels.isEmpty()) {
      // No classifier for these images: the agreement alone says little, so how to get the rest.
      line(out, "quality", ShellCommand.text(INDENT, "evaluate", "--model", run));
    }
    if (Files.exists(directory.fakes(step))) {
      line(out, "pictures", directory.fakes(step).toString());
    }
    line(out, "report", report().toString());
    line(out, "checkpoint", directory.checkpoint(step).toString());
    line(out, "sample", ShellCommand.text(INDENT, "sample", "--model", run, "--out", "pairs.png"));
    line(out, "in Java", "with dev.cogan.engine.{kernel,nn,tensor,train}.* imported:");
    JavaLines.of(directory.checkpoint(step))
        .forEach(line -> JavaLines.broken(line).forEach(part -> out.println("  " + part)));
  }

  /** For a terminal: that of a resumed run is what its checkpoint says. */
  private String spec(int domain) {
    return InputException.oneLine(plan.specs().get(domain));
  }

  private static void line(PrintWriter out, String name, String text) {
    out.println(name + " ".repeat(INDENT - name.length()) + text);
  }

  /**
   * @param lastStep where the training would end
   * @param seconds of this session
   * @param stopped what ended it before, or null
   */
  void printJson(PrintWriter out, long lastStep, double seconds, String stopped) {
    final long step = trainer.stepsDone();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", directory.path().toString());
    json.put("step", step);
    json.put("steps", lastStep);
    json.put("stopped_by", stopped);
    json.put("seconds", (float) seconds);
    List<Object> list = new ArrayList<>();
    agreement.forEach(
        (d, report) -> {
          Map<String, Object> item = new LinkedHashMap<>();
          item.put("domain", plan.config().domains().get(d).name());
          item.put("spec", plan.specs().get(d));
          item.put("agreement", (float) report.model().binarised());
          item.put("chance", (float) report.chance().binarised());
          item.put("blank", (float) report.blank().binarised());
          item.put("pairs", PAIRS);
          if (labels.containsKey(d)) {
            Map<String, Object> named = labels.get(d).toJson();
            named.put("pairs", LABELLED);
            item.put("labels", named);
          }
          list.add(item);
        });
    json.put("agreement", list);
    if (stopped == null && Files.exists(directory.fakes(step))) {
      json.put("pictures", directory.fakes(step).toString());
    }
    json.put("checkpoint", directory.checkpoint(step).toString());
    json.put("report", report().toString());
    out.print(Json.writePretty(json));
    out.flush();
  }
}
