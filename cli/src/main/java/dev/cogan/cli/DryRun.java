package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ParameterTable;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Trainer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code train --dry-run}: what would be trained, on what, in how much memory and time. The time is
 * measured on a few real steps, whose results are thrown away; nothing is written.
 */
final class DryRun {
  private static final double MEASURE_SECONDS = 4;
  private static final int MOST_STEPS = 200;

  private final TrainPlan plan;
  private final List<DomainData> data;
  private final RunOptions run;
  private final Machine machine;

  DryRun(TrainPlan plan, List<DomainData> data, RunOptions run, Machine machine) {
    this.plan = plan;
    this.data = data;
    this.run = run;
    this.machine = machine;
  }

  int print(PrintWriter out, PrintWriter err) {
    Preset preset = Preset.named(plan.preset());
    long steps = run.steps() == null ? preset.steps() : run.steps();
    KernelSelection selection = Machine.select(err);
    Memory planned = PlanMemory.require(plan, data, machine.threads());
    out.println(Fields.line("kernels", selection.describe()));
    out.println(Fields.line("domains", TrainingSession.describeData(plan, data)));
    CoupledModel model = CoupledModel.forTraining(plan.config(), Memory.counting());
    out.println(
        Fields.line(
            "training",
            String.format(
                Locale.ROOT,
                "%d steps of batch %d, rates %s and %s",
                steps,
                plan.options().batch(),
                plan.options().generator().rate(),
                plan.options().discriminator().rate())));
    out.println(Fields.line("remedies", plan.options().remedies().describe()));
    printLayers(out, model);
    out.println();
    ParameterTable.describe(model).lines().forEach(out::println);
    out.println();
    out.println(Fields.line("memory", planned.total() + ": " + planned.parts()));
    out.flush();
    double perStep = measure(selection);
    out.println(
        Fields.line(
            "time",
            String.format(
                Locale.ROOT,
                "%s for %d steps (%.3f s a step on %d threads, measured just now)",
                Progress.duration(perStep * steps),
                steps,
                perStep,
                machine.threads())));
    out.println("Nothing was written.");
    return ExitCode.DONE;
  }

  private static void printLayers(PrintWriter out, CoupledModel model) {
    int domains = model.config().domains().size();
    network(out, model.generators().trunk(), " (shared)");
    for (int d = 0; d < domains; d++) {
      network(out, model.generators().head(d), "");
    }
    for (int d = 0; d < domains; d++) {
      network(out, model.discriminators().front(d), "");
    }
    network(out, model.discriminators().tail(), " (shared)");
  }

  private static void network(PrintWriter out, Sequential network, String note) {
    out.println();
    out.println(network.path() + note + "  from " + network.inputShape());
    Shape shape = network.inputShape();
    for (Layer layer : network.layers()) {
      shape = layer.outputShape(shape);
      out.println(String.format(Locale.ROOT, "  %-58s %s", layer.describe(), shape));
    }
  }

  /** Seconds of a step: the median of those after the JIT compiler has had some time. */
  private double measure(KernelSelection selection) {
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      Trainer trainer = plan.trainer(data, engine.kernels, Memory.heap());
      List<Double> times = new ArrayList<>();
      long start = System.nanoTime();
      do {
        long before = System.nanoTime();
        trainer.step();
        times.add((System.nanoTime() - before) / 1e9);
      } while (times.size() < MOST_STEPS && System.nanoTime() - start < MEASURE_SECONDS * 1e9);
      List<Double> late = new ArrayList<>(times.subList(times.size() / 2, times.size()));
      late.sort(null);
      return late.get(late.size() / 2);
    }
  }
}
