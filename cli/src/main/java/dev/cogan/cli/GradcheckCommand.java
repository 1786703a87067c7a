package dev.cogan.cli;

import dev.cogan.engine.check.FiniteDifference;
import dev.cogan.engine.check.LayerCase;
import dev.cogan.engine.check.LayerCheck;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.StepCheck;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan gradcheck}. */
@Command(
    name = "gradcheck",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Checks the hand-written gradients by numbers.",
      "Those of every layer and of a training step.",
      "Exit code 1 if one is wrong."
    },
    footer = {
      "",
      "Examples:",
      "  gradcheck",
      "  gradcheck --layer conv                 (layers whose name has \"conv\" in it)",
      "  gradcheck --preset faces64 --json",
      "  gradcheck --sabotage tanh              (what a wrong sign looks like)"
    })
final class GradcheckCommand implements Callable<Integer> {
  private static final int WIDEST = 6;

  @Spec private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Nets of the training step, made narrow (default: digits-small).")
  private String preset;

  @Option(
      names = "--layer",
      paramLabel = "TEXT",
      description = "Only layers with this in their names, and no training step.")
  private String layer;

  @Option(
      names = "--sabotage",
      paramLabel = "NAME",
      description =
          "Turn the sign of the gradients of this layer, or of this parameter of the step, before"
              + " they are compared.")
  private String sabotage;

  @Mixin private JsonOutput json;

  @Mixin(name = "Machine")
  private Machine machine;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (layer != null && preset != null) {
      throw new InputException("--preset goes without --layer: no training step is checked");
    }
    Preset nets = Presets.named(preset == null ? Preset.DIGITS_SMALL.label() : preset);
    List<LayerCase> cases =
        LayerCase.ALL.stream().filter(c -> layer == null || c.name().contains(layer)).toList();
    if (cases.isEmpty()) {
      throw new InputException(
          "--layer " + layer + ": no such layer, known: " + names(LayerCase.ALL));
    }
    KernelSelection selection = Machine.select(spec.commandLine().getErr());
    List<LayerCheck.Row> layers = new ArrayList<>();
    List<LayerCheck.Row> step = new ArrayList<>();
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      for (LayerCase c : cases) {
        layers.addAll(LayerCheck.run(c, engine.kernels, c.name().equals(sabotage)));
      }
      if (layer == null) {
        step.addAll(new StepCheck(narrow(nets), nets.training(1), engine.kernels).run(sabotage));
      }
    }
    requireKnown(cases, step);
    List<LayerCheck.Row> all = new ArrayList<>(layers);
    all.addAll(step);
    long wrong = all.stream().filter(row -> !row.passed()).count();
    if (json.wanted()) {
      json.print(out, report(selection, nets, all, wrong));
    } else {
      print(out, selection, nets, layers, step);
      out.println(
          wrong == 0
              ? all.size() + " gradients are right"
              : wrong + " of " + all.size() + " gradients are WRONG");
    }
    return wrong == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static String names(List<LayerCase> cases) {
    return String.join(", ", cases.stream().map(LayerCase::name).toList());
  }

  private void requireKnown(List<LayerCase> cases, List<LayerCheck.Row> step) {
    if (sabotage != null
        && cases.stream().noneMatch(c -> c.name().equals(sabotage))
        && step.stream().noneMatch(row -> row.block().equals(sabotage))) {
      throw new InputException(
          "--sabotage " + sabotage + ": no such layer or parameter, layers: " + names(cases));
    }
  }

  /** The preset's nets, as narrow as they can be: places of a mixture take numbers of z. */
  static ModelConfig narrow(Preset preset) {
    ModelConfig config = preset.model();
    return config
        .withGeneratorWidths(narrow(config.generatorWidths()))
        .withDiscriminatorWidths(narrow(config.discriminatorWidths()))
        .withLatent(Math.max(WIDEST, preset.training(0).noise().places() + 3));
  }

  private static List<Integer> narrow(List<Integer> widths) {
    return widths.stream().map(width -> Math.min(width, WIDEST)).toList();
  }

  private void print(
      PrintWriter out,
      KernelSelection selection,
      Preset nets,
      List<LayerCheck.Row> layers,
      List<LayerCheck.Row> step) {
    out.println("kernels   " + selection.name());
    out.println(
        String.format(
            Locale.ROOT,
            "layers    central differences, each value moved by %.0e both ways;%n"
                + "          error = |computed - numeric| / |numeric| (L2), right up to %.0e",
            FiniteDifference.STEP,
            FiniteDifference.TOLERANCE));
    out.println();
    out.println(
        String.format(
            Locale.ROOT, "%-40s %-8s %6s  %8s  %s", "layer", "block", "count", "error", "verdict"));
    for (LayerCheck.Row row : layers) {
      out.println(
          String.format(
              Locale.ROOT,
              "%-40s %-8s %6d  %8.1e  %s",
              row.layer(),
              row.block(),
              row.count(),
              row.error(),
              verdict(row)));
    }
    if (step.isEmpty()) {
      return;
    }
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "step      %s, narrow: each parameter moved as a whole by about %.0e;%n"
                + "          error = |change of the loss / promised change - 1|, right up to %.0e",
            nets.label(),
            StepCheck.STEP,
            StepCheck.TOLERANCE));
    out.println();
    for (LayerCheck.Row row : step) {
      out.println(
          String.format(
              Locale.ROOT,
              "%-49s %6d  %8.1e  %s",
              row.block(),
              row.count(),
              row.error(),
              verdict(row)));
    }
  }

  private static String verdict(LayerCheck.Row row) {
    return row.passed() ? "right" : "WRONG";
  }

  private Map<String, Object> report(
      KernelSelection selection, Preset nets, List<LayerCheck.Row> rows, long wrong) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("kernels", selection.name());
    report.put("preset", nets.label());
    report.put("layer_step", FiniteDifference.STEP);
    report.put("training_step_step", StepCheck.STEP);
    report.put("wrong", wrong);
    List<Object> list = new ArrayList<>();
    for (LayerCheck.Row row : rows) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("layer", row.layer());
      item.put("block", row.block());
      item.put("count", row.count());
      item.put("error", row.error());
      item.put("tolerance", row.tolerance());
      item.put("right", row.passed());
      list.add(item);
    }
    report.put("gradients", list);
    return report;
  }
}
