package dev.cogan.cli;

import dev.cogan.cli.bench.KernelTimes;
import dev.cogan.cli.bench.Peak;
import dev.cogan.cli.bench.StepProfile;
import dev.cogan.cli.bench.StepTimes;
import dev.cogan.cli.bench.StepWorkload;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.train.Preset;
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

/** {@code cogan bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Measures this machine: kernels, steps, whole trainings.",
      "Kernels against the machine's peak, the training step of every preset, and what a",
      "training would take.",
      "With --profile: where one step spends its time, layer by layer. Quiet machine, true"
          + " figures."
    },
    footer = {
      "",
      "A multiply-add counts as two operations; padding counts as if it were read, so",
      "kernels that skip it may show more than the peak.",
      "",
      "Examples:",
      "  bench                                    all presets, about a minute",
      "  bench --profile --preset digits          one step, layer by layer"
    })
final class BenchCommand implements Callable<Integer> {
  private static final double USABLE = 0.85;

  @Spec private CommandSpec spec;

  @Option(
      names = "--profile",
      description = "One step of one preset, layer by layer, instead of the overview.")
  private boolean profile;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "This preset only (default: all; with --profile digits).")
  private String preset;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images per domain and step, with --profile (default: the preset's).")
  private Integer batch;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "6",
      description =
          "Seconds to spend on each preset, more until it is compiled (default:"
              + " ${DEFAULT-VALUE}).")
  private double seconds;

  @Mixin private Machine machine;

  @Mixin private JsonOutput json;

  @Override
  public Integer call() {
    if (!(seconds >= 0.01 && seconds <= 600)) {
      throw new InputException("--seconds must be 0.01 to 600, got " + seconds);
    }
    if (batch != null && !profile) {
      throw new InputException("--batch goes with --profile only");
    }
    if (batch != null && (batch < 2 || batch > 65_536)) {
      throw new InputException("--batch must be 2 to 65536, got " + batch);
    }
    List<Preset> presets =
        preset == null
            ? (profile ? List.of(Preset.DIGITS) : Preset.all())
            : List.of(Presets.named(preset));
    final PrintWriter err = spec.commandLine().getErr();
    KernelSelection selection = Machine.select(err);
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      err.println("measuring the machine's peak ...");
      final double peak = Peak.gigaflops(selection.peakProbe(), engine.pool);
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("kernels", selection.describe());
      report.put("threads", machine.threads());
      report.put("peak_gflops", peak);
      List<String> lines = new ArrayList<>();
      lines.add(Fields.line("kernels", selection.describe()));
      lines.add(Fields.line("peak", peakText(peak)));
      lines.add("");
      if (profile) {
        profile(presets.get(0), engine, peak, report, lines);
      } else {
        overview(presets, engine, peak, report, lines);
      }
      PrintWriter out = spec.commandLine().getOut();
      if (json.wanted()) {
        json.print(out, report);
      } else {
        lines.forEach(out::println);
      }
    }
    return ExitCode.DONE;
  }

  private String peakText(double peak) {
    return peak == 0
        ? "not measured: needs the Vector API"
        : String.format(
            Locale.ROOT,
            "%.0f GFLOP/s: multiply-adds on registers, %d threads",
            peak,
            machine.threads());
  }

  private void profile(
      Preset chosen,
      Machine.Engine engine,
      double peak,
      Map<String, Object> report,
      List<String> lines) {
    StepWorkload workload =
        batch == null ? StepWorkload.of(chosen) : new StepWorkload(chosen, batch);
    long bytes = workload.bytes();
    if (bytes > usable()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "one step of %s at batch %d needs %d MiB, of the heap %d can be used; lower --batch"
                  + " or raise the heap with -Xmx",
              chosen.label(),
              workload.batch(),
              Machine.mebibytes(bytes),
              Machine.mebibytes(usable())));
    }
    spec.commandLine().getErr().println("measuring one step of " + chosen.label() + " ...");
    StepProfile steps = StepProfile.measure(workload, engine.kernels, peak, seconds / 2);
    report.putAll(steps.toJson());
    lines.addAll(steps.lines());
  }

  private void overview(
      List<Preset> presets,
      Machine.Engine engine,
      double peak,
      Map<String, Object> report,
      List<String> lines) {
    PrintWriter err = spec.commandLine().getErr();
    List<KernelTimes.Time> kernels =
        new KernelTimes(engine.kernels, seconds / 12, name -> err.println("measuring " + name))
            .measure();
    List<StepTimes.Time> steps = new ArrayList<>();
    for (Preset each : presets) {
      err.println("measuring steps of " + each.label());
      steps.add(StepTimes.measure(StepWorkload.quick(each), engine.kernels, seconds, usable()));
    }
    report.put("single_kernels", KernelTimes.toJson(kernels));
    report.put("presets", StepTimes.toJson(steps));
    lines.addAll(KernelTimes.lines(kernels, peak));
    lines.add("");
    lines.addAll(StepTimes.lines(steps));
  }

  private static long usable() {
    return (long) (USABLE * Runtime.getRuntime().maxMemory());
  }
}
