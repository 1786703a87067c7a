package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.metric.CouplingReport;
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
    DomainSpec first = DomainSpec.parse(plan.specs().get(0));
    for (int d = 1; d < data.size(); d++) {
      DomainSpec other = DomainSpec.parse(plan.specs().get(d));
      // Only a plain first domain tells what the other's operator makes of it.
      if (first.transform() == ImageTransforms.IDENTITY
          && other.source().equals(first.source())
          && other.transform() != ImageTransforms.IDENTITY) {
        CouplingReport report =
            CouplingReport.measure(
                sampler,
                trainer.options().noise(),
                trainer.options().seed(),
                pairs,
                new int[] {0, d},
                other.transform(),
                data.get(0),
                data.get(d));
        out.println("pixel agreement  " + plan.specs().get(d) + " " + report);
      }
    }
    long step = trainer.stepsDone();
    out.println("pictures         " + directory.fakes(step));
    out.println("checkpoint       " + directory.checkpoint(step));
    out.println(
        "sample more      java --add-modules jdk.incubator.vector -jar cogan.jar sample \\");
    out.println("                   --model " + directory.path() + " --seeds 0-63 --out pairs.png");
    out.println("in Java          with dev.cogan.engine.{kernel,nn,tensor,train}.* imported:");
    JavaLines.of(directory.checkpoint(step)).forEach(line -> out.println("  " + line));
  }
}
