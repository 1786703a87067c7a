package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.model.ParameterTable;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.TrainOptions;
import dev.cogan.engine.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains a coupled GAN on unpaired images of two or more domains.",
      "Without options: on real digits and their edges, within minutes."
    },
    footer = {
      "",
      "Examples:",
      "  train",
      "  train --a mnist --b mnist:negative --seed 7",
      "  train --a mnist --b mnist:edge --c mnist:negative",
      "  train --preset digits --data DIR --steps 25000",
      "  train --resume runs --steps 3000"
    })
final class TrainCommand implements Callable<Integer> {
  private static final int PAIRS = 2000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Settings to begin from: digits-small (default), digits, digits-mlp, faces64, faces128,"
              + " rgbd64.")
  private String presetName;

  @Mixin private DomainOptions domains;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Train until N steps are done, all runs together (default: the preset's).")
  private Long steps;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of everything (default: 0).")
  private Long seed;

  @Option(
      names = "--outdir",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "Folder that gets a numbered folder for this run (default: ${DEFAULT-VALUE}).")
  private Path outdir;

  @Option(
      names = "--snapshot",
      paramLabel = "N",
      description = "Steps between pictures and checkpoints (default: the preset's).")
  private Long snapshot;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      arity = "0..1",
      fallbackValue = "",
      description =
          "Continue a run: its folder, a checkpoint, or a folder of runs (without RUN: the newest"
              + " below --outdir).")
  private String resume;

  @Mixin private ModelOptions changes;
  @Mixin private Machine machine;

  private List<DomainData> data;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    requireAtLeast("--steps", steps, 0);
    requireAtLeast("--snapshot", snapshot, 1);
    if (resume == null) {
      return start(out, err);
    }
    Path from = RunDirectory.findCheckpoint(resume.isEmpty() ? outdir : Path.of(resume));
    try (Checkpoint checkpoint = Checkpoint.open(from)) {
      return resume(checkpoint, out, err);
    }
  }

  private static void requireAtLeast(String option, Long value, long least) {
    if (value != null && value < least) {
      throw new InputException(option + " must be " + least + " or more, got " + value);
    }
  }

  private int start(PrintWriter out, PrintWriter err) {
    Preset preset = presetName == null ? Preset.DIGITS_SMALL : Preset.named(presetName);
    List<String> specs = domains.given();
    if (specs.isEmpty()) {
      specs = preset.domains();
    }
    if (specs.isEmpty()) {
      throw new InputException(
          "preset " + preset.label() + " has no data of its own; name the images: --a and --b");
    }
    long seedValue = seed == null ? 0 : seed;
    Path folder = domains.data() == null ? null : domains.data().toAbsolutePath().normalize();
    int side = domains.size() == null ? preset.side() : domains.size();
    data = DomainImages.load(specs, folder, !domains.overlap(), seedValue, side, err);
    ModelConfig config = changes.apply(preset.model(TrainPlan.shapes(data)));
    TrainOptions options =
        changes.apply(preset.training(seedValue), steps == null ? preset.steps() : steps);
    TrainPlan plan =
        new TrainPlan(preset.label(), specs, folder, !domains.overlap(), config, options);
    return run(plan, preset, null, out, err);
  }

  private int resume(Checkpoint checkpoint, PrintWriter out, PrintWriter err) {
    TrainPlan plan = ResumedPlan.of(checkpoint, presetName, domains, changes, seed);
    data =
        DomainImages.load(
            plan.specs(),
            plan.dataFolder(),
            plan.disjoint(),
            plan.options().seed(),
            DomainImages.side(plan.config()),
            err);
    return run(plan, Preset.named(plan.preset()), checkpoint, out, err);
  }

  private int run(
      TrainPlan plan, Preset preset, Checkpoint checkpoint, PrintWriter out, PrintWriter err) {
    long lastStep = steps == null ? preset.steps() : steps;
    long every = snapshot == null ? preset.snapshot() : snapshot;
    if (checkpoint != null && lastStep < checkpoint.step()) {
      throw new InputException(
          "--steps "
              + lastStep
              + ": "
              + checkpoint.file().path()
              + " is already at step "
              + checkpoint.step());
    }
    KernelSelection selection = Machine.select(err);
    Memory planned = requireHeap(plan);
    err.println(Fields.line("kernels", selection.describe()));
    err.println(Fields.line("domains", describeData(plan)));
    err.println(Fields.line("memory", planned.total() + ": " + planned.parts()));
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      Trainer trainer = plan.trainer(data, engine.kernels, Memory.heap());
      Sampler sampler = RunRecorder.sampler(trainer);
      RunDirectory directory;
      if (checkpoint == null) {
        directory = RunDirectory.create(outdir, name(plan));
        Json.write(directory.options(), plan.toJson(lastStep, every));
        err.print(ParameterTable.describe(trainer.model()));
      } else {
        checkpoint.restore(trainer);
        directory = new RunDirectory(checkpoint.file().path().toAbsolutePath().getParent());
        err.println("resumed   " + checkpoint.file().path() + " at step " + checkpoint.step());
      }
      err.println("run       " + directory.path());
      err.flush();
      RunRecorder recorder =
          new RunRecorder(
              directory, data, plan.provenance(engine.kernels.describe()), sampler, err);
      trainer.run(lastStep, every, recorder);
      err.println("trained   in " + Progress.duration(recorder.seconds()));
      TrainSummary.print(out, plan, trainer, sampler, data, directory, PAIRS);
    }
    return ExitCode.DONE;
  }

  private Memory requireHeap(TrainPlan plan) {
    Memory planned = Memory.counting();
    Trainer trainer = plan.trainer(data, new ScalarKernels(Parallel.none()), planned);
    RunRecorder.sampler(trainer);
    long images = data.stream().mapToLong(DomainData::bytes).sum();
    Machine.requireHeap(planned, images, "this training", "lower --batch or --widths,");
    return planned;
  }

  private String describeData(TrainPlan plan) {
    List<String> parts = new ArrayList<>();
    for (int d = 0; d < data.size(); d++) {
      parts.add(
          String.format(
              Locale.ROOT,
              "%s = %s (%d)",
              data.get(d).name(),
              plan.specs().get(d),
              data.get(d).count()));
    }
    return String.join(", ", parts);
  }

  private static String name(TrainPlan plan) {
    StringBuilder name = new StringBuilder();
    for (String text : plan.specs()) {
      DomainSpec parsed = DomainSpec.parse(text);
      boolean digits = parsed.source().kind().equals("mnist");
      name.append(digits ? "mnist" : parsed.source().path().getFileName()).append('-');
      if (parsed.view() != null && !parsed.view().attributes().isEmpty()) {
        name.append(String.join("", parsed.view().attributes())).append('-');
      }
      if (parsed.source().kind().equals("rgbd")) {
        name.append(parsed.isDepth() ? "depth-" : "color-");
      }
      if (!parsed.transform().name().equals("identity")) {
        name.append(parsed.transform().name()).append('-');
      }
    }
    return name.append(plan.preset()).toString().replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
