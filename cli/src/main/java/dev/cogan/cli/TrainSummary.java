package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code train} prints at its end, on standard output: as text, or as one JSON object. */
final class TrainSummary {
  private static final int INDENT = 12;

  private final TrainPlan plan;
  private final Trainer trainer;
  private final RunDirectory directory;
  private final Map<Integer, CouplingReport> agreement = new LinkedHashMap<>();
  private int pairs;

  TrainSummary(TrainPlan plan, Trainer trainer, RunDirectory directory) {
    this.plan = plan;
    this.trainer = trainer;
    this.directory = directory;
  }

  /** Compares as many pairs of each domain whose operator is known. */
  TrainSummary measure(Sampler sampler, List<DomainData> data, int count) {
    pairs = count;
    KnownPairs.measure(plan.specs(), data, sampler, trainer.options(), pairs, agreement::put);
    return this;
  }

  private Path report() {
    return directory.path().resolve("report.html");
  }

  void print(PrintWriter out) {
    final long step = trainer.stepsDone();
    agreement.forEach((d, report) -> line(out, "agreement", plan.specs().get(d) + " " + report));
    line(out, "pictures", directory.fakes(step).toString());
    line(out, "report", report().toString());
    line(out, "checkpoint", directory.checkpoint(step).toString());
    String run = ShellCommand.quoted(directory.path());
    line(out, "sample", ShellCommand.text(INDENT, "sample", "--model", run, "--out", "pairs.png"));
    line(out, "in Java", "with dev.cogan.engine.{kernel,nn,tensor,train}.* imported:");
    JavaLines.of(directory.checkpoint(step))
        .forEach(line -> JavaLines.broken(line).forEach(part -> out.println("  " + part)));
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
          item.put("pairs", pairs);
          list.add(item);
        });
    json.put("agreement", list);
    if (stopped == null) {
      json.put("pictures", directory.fakes(step).toString());
    }
    json.put("checkpoint", directory.checkpoint(step).toString());
    json.put("report", report().toString());
    out.print(Json.writePretty(json));
    out.flush();
  }
}
