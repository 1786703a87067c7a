package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.Trainer;
import java.io.PrintWriter;
import java.util.List;

/** What {@code train} prints at its end, on standard output. */
final class TrainSummary {
  private TrainSummary() {}

  /**
   * @param pairs how many pairs are compared for the agreement
   */
  static void print(
      PrintWriter out,
      TrainPlan plan,
      Trainer trainer,
      Sampler sampler,
      List<DomainData> data,
      RunDirectory directory,
      int pairs) {
    KnownPairs.measure(
        plan.specs(),
        data,
        sampler,
        trainer.options(),
        pairs,
        (d, report) -> out.println("pixel agreement  " + plan.specs().get(d) + " " + report));
    long step = trainer.stepsDone();
    out.println("pictures         " + directory.fakes(step));
    out.println("report           " + directory.path().resolve("report.html"));
    out.println("checkpoint       " + directory.checkpoint(step));
    out.println(
        "sample more      java --add-modules jdk.incubator.vector -jar cogan.jar sample \\");
    out.println("                   --model " + directory.path() + " --seeds 0-63 --out pairs.png");
    out.println("in Java          with dev.cogan.engine.{kernel,nn,tensor,train}.* imported:");
    JavaLines.of(directory.checkpoint(step)).forEach(line -> out.println("  " + line));
  }
}
