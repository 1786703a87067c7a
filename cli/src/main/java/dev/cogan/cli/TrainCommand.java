package dev.cogan.cli;

import dev.cogan.cli.dataset.DomainPlaces;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSource;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.TrainOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    abbreviateSynopsis = true,
    description = {
      "Trains a coupled GAN on unpaired images.",
      "Two domains or more; without options real digits and their edges, within minutes."
    },
    footer = {
      "",
      "Examples:",
      "  train",
      "  train --a mnist --b mnist:negative --seed 7",
      "  train --a mnist --b mnist:edge --c mnist:negative",
      "  train --preset digits --data DIR --steps 25000",
      "  train --preset digits --init weights.safetensors",
      "  train --resume runs --steps 3000"
    })
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private List<DomainData> data;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Settings to begin from: digits-small (default), digits-best, digits, digits-mlp,"
              + " faces64-small, faces64, faces128, rgbd64-small, rgbd64.")
  private String presetName;

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description =
          "Begin with the weights of this safetensors file, those whose names the model has; a"
              + " checkpoint, an export or another program's. Steps count from 0.")
  private Path init;

  @Option(
      names = "--rename",
      paramLabel = "FROM=TO",
      description = "With --init: names that begin with FROM begin with TO here.")
  private Map<String, String> renames = new LinkedHashMap<>();

  @Mixin private ConfigOption config;

  @Mixin(name = "Images")
  private DomainOptions domains;

  @Mixin(name = "Run")
  private RunOptions run;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of everything (default: 0).")
  private Long seed;

  @Option(
      names = "--outdir",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "Folder that gets a numbered folder for this run (default: ${DEFAULT-VALUE}).")
  private Path outdir;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      arity = "0..1",
      fallbackValue = "",
      description =
          "Continue a run: its folder, a checkpoint, or a folder of runs (without RUN: the newest"
              + " below --outdir).")
  private String resume;

  @Mixin(name = "Model and training")
  private ModelOptions changes;

  @Mixin(name = "Machine")
  private Machine machine;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    run.check();
    if (init == null && !renames.isEmpty()) {
      throw new InputException("--rename goes with --init");
    }
    if (resume != null) {
      if (init != null) {
        throw new InputException("--init begins a training, --resume goes on with one");
      }
      return Resumption.run(
          resume.isEmpty() ? outdir : Path.of(resume),
          presetName,
          domains,
          changes,
          seed,
          Set.of(),
          run,
          machine,
          out,
          err);
    }
    if (!run.dryRun()) {
      OutputPlace.requireFolder("--outdir", outdir);
    }
    try (RunLog log = new RunLog(err)) {
      StoredRun stored = StoredRun.NONE;
      TrainPlan base = null;
      Object began = null;
      if (config.file() != null
          && ConfigFile.isRun(ConfigFile.object(config.file(), Json.read(config.file())))) {
        Map<?, ?> json = (Map<?, ?>) Json.read(config.file());
        base = TrainPlan.fromJson(config.file(), json);
        stored = StoredRun.require(config.file(), json);
        began = json.get(InitialWeights.KEY);
        requireInit(began);
      }
      RunOptions course = run.orElse(stored);
      TrainPlan plan = base == null ? plan(course, log) : plan(base, course, log);
      InitialWeights weights =
          init == null ? null : new InitialWeights(init, renames, plan.config());
      if (began != null) {
        weights.require(config.file(), began, plan.config().equals(base.config()));
      }
      if (run.dryRun()) {
        return new DryRun(plan, data, course, 0, machine, weights).print(out, err);
      }
      return new TrainingSession(plan, data, DomainImages.prints(data), course, machine, out, log)
          .start(outdir, weights);
    }
  }

  /** A run that began with weights of another file cannot be repeated without them. */
  private void requireInit(Object began) {
    if (began != null && init == null) {
      throw new InputException(
          config.file()
              + ": that training began with the weights of "
              + InitialWeights.name(began)
              + "; name the file with --init");
    }
  }

  /** Preset, then options. */
  private TrainPlan plan(RunOptions course, RunLog log) {
    Preset preset = presetName == null ? Preset.DIGITS_SMALL : Presets.named(presetName);
    List<String> specs = domains.given();
    if (specs.isEmpty()) {
      specs = preset.domains();
    }
    if (specs.isEmpty()) {
      throw new InputException(
          "preset " + preset.label() + " has no data of its own; name the images: --a and --b");
    }
    long seedValue = seed == null ? 0 : seed;
    Path folder = folder(specs, null);
    int side = domains.size() == null ? preset.side() : domains.size();
    data = DomainImages.load(specs, folder, !domains.overlap(), seedValue, side, log.writer());
    requireSide();
    ModelConfig model = changes.apply(preset.model(TrainPlan.shapes(data)));
    TrainOptions options = changes.apply(preset.training(seedValue), course.stepsOr(preset));
    return new TrainPlan(preset.label(), specs, folder, !domains.overlap(), model, options);
  }

  /** A run's options.json, then options. */
  private TrainPlan plan(TrainPlan base, RunOptions course, RunLog log) {
    if (presetName != null) {
      throw new InputException("--preset and a run's options.json exclude each other");
    }
    boolean same = domains.given().isEmpty();
    List<String> specs = same ? base.specs() : domains.given();
    Map<String, String> places = same ? base.places() : DomainPlaces.of(specs);
    long steps = course.stepsOr(Preset.named(base.preset()));
    TrainOptions options = changes.change(base.options(), steps);
    options = seed == null ? options : options.withSeed(seed);
    Path folder = folder(specs, base.dataFolder());
    boolean disjoint = base.disjoint() && !domains.overlap();
    int side = domains.size() == null ? DomainImages.side(base.config()) : domains.size();
    data = DomainImages.load(specs, places, folder, disjoint, options.seed(), side, log.writer());
    requireSide();
    ModelConfig model = changes.apply(base.config().withDomains(TrainPlan.shapes(data)));
    return new TrainPlan(base.preset(), specs, places, folder, disjoint, model, options);
  }

  private void requireSide() {
    if (domains.size() != null) {
      DomainImages.requireSide(domains.size(), data);
    }
  }

  private Path folder(List<String> specs, Path otherwise) {
    if (domains.data() == null) {
      return otherwise;
    }
    DomainImages.requireMnist(domains.data(), specs.stream().map(DomainSpec::parse).toList());
    return DomainSource.place(domains.data());
  }
}
