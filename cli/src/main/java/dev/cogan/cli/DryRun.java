package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.Json;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code --dry-run} of {@code train} and {@code resume}: what would be trained, on what, in how
 * much memory and time. The time is measured on a few real steps, whose results are thrown away;
 * nothing is written.
 */
final class DryRun {
  private static final double MEASURE_SECONDS = 4;
  private static final int MOST_STEPS = 200;

  private final TrainPlan plan;
  private final List<DomainData> data;
  private final RunOptions run;
  private final long done;
  private final Machine machine;
  private final InitialWeights init;

  /**
   * @param done steps that a run has behind it
   * @param init weights to begin with, or null
   */
  DryRun(
      TrainPlan plan,
      List<DomainData> data,
      RunOptions run,
      long done,
      Machine machine,
      InitialWeights init) {
    this.init = init;
    this.plan = plan;
    this.data = data;
    this.run = run;
    this.done = done;
    this.machine = machine;
  }

  int print(PrintWriter out, PrintWriter err) {
    final long steps = run.stepsOr(Preset.named(plan.preset()));
    KernelSelection selection = Machine.select(err);
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      print(engine, out, steps);
    }
    return ExitCode.DONE;
  }

  private void print(Machine.Engine engine, PrintWriter out, long steps) {
    final Memory planned = PlanMemory.require(plan, data, engine.kernels);
    CoupledModel model = CoupledModel.forTraining(plan.config(), Memory.counting());
    if (run.json()) {
      double perStep = measure(engine);
      out.print(Json.writePretty(toJson(engine, planned, model, steps, perStep)));
      out.flush();
      return;
    }
    out.println(Fields.line("kernels", engine.describe));
    out.println(Fields.line("domains", TrainingSession.describeData(plan, data)));
    out.println(
        Fields.line(
            "training",
            String.format(
                Locale.ROOT,
                "%d steps%s of batch %d, rates %s and %s",
                steps,
                done == 0 ? "" : " (" + done + " are done)",
                plan.options().batch(),
                plan.options().generator().rate(),
                plan.options().discriminator().rate())));
    out.println(Fields.line("remedies", plan.options().remedies().describe()));
    printLayers(out, model);
    out.println();
    ParameterTable.describe(model).lines().forEach(out::println);
    out.println();
    if (init != null) {
      WeightTable.lines(init.rows()).forEach(out::println);
      out.println();
    }
    Machine.describe(planned).forEach(out::println);
    out.flush();
    double perStep = measure(engine);
    out.println(
        Fields.line(
            "time",
            String.format(
                Locale.ROOT,
                "%s for %d steps%s (%.3f s a step on %d threads, measured just now)",
                Progress.duration(perStep * (steps - done)),
                steps - done,
                done == 0 ? "" : " that are left",
                perStep,
                machine.threads())));
    out.println("Nothing was written.");
  }

  private static Map<Sequential, Boolean> networks(CoupledModel model) {
    Map<Sequential, Boolean> networks = new LinkedHashMap<>();
    int domains = model.config().domains().size();
    networks.put(model.generators().trunk(), true);
    for (int d = 0; d < domains; d++) {
      networks.put(model.generators().head(d), false);
    }
    for (int d = 0; d < domains; d++) {
      networks.put(model.discriminators().front(d), false);
    }
    networks.put(model.discriminators().tail(), true);
    return networks;
  }

  private static void printLayers(PrintWriter out, CoupledModel model) {
    networks(model)
        .forEach(
            (network, shared) -> {
              out.println();
              out.println(
                  network.path() + (shared ? " (shared)" : "") + "  from " + network.inputShape());
              Shape shape = network.inputShape();
              for (Layer layer : network.layers()) {
                shape = layer.outputShape(shape);
                out.println(String.format(Locale.ROOT, "  %-58s %s", layer.describe(), shape));
              }
            });
  }

  private Map<String, Object> toJson(
      Machine.Engine engine, Memory planned, CoupledModel model, long steps, double perStep) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("preset", plan.preset());
    json.put("kernels", engine.describe);
    List<Object> domains = new ArrayList<>();
    for (int d = 0; d < data.size(); d++) {
      Map<String, Object> domain = new LinkedHashMap<>();
      domain.put("name", data.get(d).name());
      domain.put("spec", plan.specs().get(d));
      domain.put("images", data.get(d).count());
      domain.put("shape", list(data.get(d).shape().toArray()));
      domains.add(domain);
    }
    json.put("domains", domains);
    List<Object> networks = new ArrayList<>();
    networks(model).forEach((network, shared) -> networks.add(toJson(network, shared)));
    json.put("networks", networks);
    List<Object> parameters = new ArrayList<>();
    for (ParameterTable.Row row : ParameterTable.rows(model)) {
      Map<String, Object> parameter = new LinkedHashMap<>();
      parameter.put("name", row.name());
      parameter.put("shape", list(row.shape()));
      parameter.put("offset", row.offset());
      parameter.put("used_by", row.usedBy());
      parameter.put("shared", row.shared());
      parameters.add(parameter);
    }
    json.put("parameters", parameters);
    json.put("init", init == null ? null : WeightTable.toJson(init.rows()));
    json.put("training", plan.options().toJson());
    json.put("memory_bytes", planned.bytes());
    json.put("memory_by_purpose", planned.bytesByPurpose());
    json.put("heap_bytes", Machine.enough(planned));
    json.put("steps", steps);
    json.put("steps_done", done);
    json.put("threads", machine.threads());
    json.put("seconds_per_step", (float) perStep);
    json.put("seconds", (float) (perStep * (steps - done)));
    return json;
  }

  private static Map<String, Object> toJson(Sequential network, boolean shared) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", network.path());
    json.put("shared", shared);
    json.put("input", list(network.inputShape().toArray()));
    List<Object> layers = new ArrayList<>();
    Shape shape = network.inputShape();
    for (Layer layer : network.layers()) {
      shape = layer.outputShape(shape);
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("layer", layer.describe());
      item.put("output", list(shape.toArray()));
      layers.add(item);
    }
    json.put("layers", layers);
    return json;
  }

  private static List<Integer> list(int[] sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }

  /** Seconds of a step: the median of those after the JIT compiler has had some time. */
  private double measure(Machine.Engine engine) {
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
