package dev.cogan.cli;

import static dev.cogan.cli.ShapeOptions.set;

import dev.cogan.cli.evaluation.DigitLabels;
import dev.cogan.cli.sweep.SweepRun;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSource;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.metric.PixelAgreement;
import dev.cogan.engine.model.Algorithm;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.DivergedException;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Remedies;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.TrainOptions;
import dev.cogan.engine.train.Trainer;
import dev.cogan.engine.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Does the trainings of a sweep, all with the same settings but for what a run varies. */
final class SweepTraining {
  private static final int GRID = 64;

  /** What the digits in the jar are called: those of a folder are told apart by what they are. */
  private static final String JAR = "jar";

  /**
   * What all trainings of a sweep have in place of the preset's; null means: as it is.
   *
   * @param widths of the generators
   * @param discriminatorWidths of the discriminators
   * @param dropout of the discriminators
   * @param batch images per domain and step
   * @param steps of each training
   * @param r1 weight of the penalty
   * @param r1Every in every how many steps it is added
   * @param noise what z is drawn from
   * @param clipUpdates where updates are shortened
   */
  record Changes(
      List<Integer> widths,
      List<Integer> discriminatorWidths,
      Float dropout,
      Integer batch,
      Long steps,
      Float r1,
      Integer r1Every,
      Noise noise,
      Float clipUpdates) {}

  private final Preset preset;
  private final Changes changes;
  private final long steps;
  private final Path folder;
  private final int pairs;
  private final String dataset;
  private final Map<String, List<DomainData>> loaded = new HashMap<>();

  SweepTraining(Preset preset, Changes changes, Path folder, int pairs) {
    this.preset = preset;
    this.changes = changes;
    this.steps = changes.steps == null ? preset.steps() : changes.steps;
    this.folder = folder == null ? null : DomainSource.place(folder);
    this.pairs = pairs;
    if (!preset.domains().contains("mnist")) {
      throw new InputException("--preset " + preset.label() + " is not for digits");
    }
    dataset = folder == null ? JAR : DomainImages.identity(Digits.in(folder).load());
  }

  private ModelConfig config(SweepRun run) {
    ModelConfig config = preset.model();
    config = set("--widths", changes.widths, config, ModelConfig::withGeneratorWidths);
    config =
        set(
            "--widths-d",
            changes.discriminatorWidths,
            config,
            ModelConfig::withDiscriminatorWidths);
    config = set("--dropout", changes.dropout, config, ModelConfig::withDropout);
    config = config.withAlgorithm(run.algorithm());
    if (run.algorithm() != Algorithm.COGAN) {
      return config;
    }
    config = set("--k", run.k(), config, (c, k) -> c.withSharing(k, c.sharedDiscriminator()));
    return set("--l", run.l(), config, (c, l) -> c.withSharing(c.sharedGenerator(), l));
  }

  private TrainOptions options(SweepRun run) {
    TrainOptions options =
        set("--batch", changes.batch, preset.training(run.seed()), TrainOptions::withBatch);
    options = set("--noise", changes.noise, options, TrainOptions::withNoise);
    Remedies remedies = options.remedies().lasting(steps);
    float r1 = changes.r1 == null ? remedies.r1() : changes.r1;
    int every = changes.r1Every == null ? remedies.r1Every() : changes.r1Every;
    remedies = set("--clip-updates", changes.clipUpdates, remedies, Remedies::withClipUpdates);
    remedies = set("--r1", r1, remedies, (r, weight) -> r.withR1(weight, r.r1Every()));
    remedies = set("--r1-every", every, remedies, (r, n) -> r.withR1(r.r1(), n));
    if (changes.r1Every != null && remedies.r1() == 0) {
      throw new InputException("--r1-every goes with --r1: there is no penalty to add");
    }
    return options.withRemedies(remedies);
  }

  /** Refuses what no network can be, before the first training starts. */
  void check(SweepRun run) {
    ShapeOptions.check(
        config(run),
        Map.of(
            " generator widths",
            changes.widths == null ? "" : "--widths",
            " discriminator widths",
            changes.discriminatorWidths == null ? "" : "--widths-d",
            "(k)",
            "--k",
            "(l)",
            "--l"));
    options(run);
  }

  /**
   * Refuses what the heap cannot hold before the first training starts, its measuring included: a
   * training would be lost that cannot be measured.
   *
   * @param runs that are to be trained, one or more
   * @return the memory of the largest of them
   */
  Memory require(List<SweepRun> runs, Kernels kernels, PrintWriter err) {
    // The images of all tasks are in memory together, those of one seed at a time.
    long seed = runs.get(0).seed();
    Map<String, List<DomainData>> byTask = new LinkedHashMap<>();
    for (SweepRun run : runs) {
      byTask.computeIfAbsent(run.task(), task -> data(task, seed, err));
    }
    Memory most = null;
    TrainPlan largest = null;
    Set<SweepRun> sizes = new LinkedHashSet<>();
    for (SweepRun run : runs) {
      // Neither task nor seed makes a network larger.
      sizes.add(new SweepRun(runs.get(0).task(), run.algorithm(), run.k(), run.l(), seed));
    }
    List<DomainData> data = byTask.remove(runs.get(0).task());
    List<DomainData> other = byTask.values().stream().flatMap(List::stream).toList();
    for (SweepRun run : sizes) {
      TrainPlan plan = plan(run);
      Memory counted = PlanMemory.countMeasured(plan, data, pairs, other);
      if (most == null || counted.bytes() > most.bytes()) {
        most = counted;
        largest = plan;
      }
    }
    String remedy = "lower --batch, --widths, --pairs or --threads,";
    return PlanMemory.requireMeasured(most, largest, data, remedy, kernels);
  }

  private TrainPlan plan(SweepRun run) {
    return new TrainPlan(
        preset.label(), specs(run.task()), folder, true, config(run), options(run));
  }

  private static List<String> specs(String task) {
    return List.of("mnist", "mnist:" + task);
  }

  /** Tells trainings apart: equal if everything that decides their numbers is. */
  String id(SweepRun run) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("task", run.task());
    all.put("model", config(run).toJson());
    all.put("training", options(run).toJson());
    all.put("steps", steps);
    all.put("pairs", pairs);
    all.put("data", dataset);
    return UUID.nameUUIDFromBytes(Json.write(all).getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** The images of these trainings, as a line of the log names them. */
  String dataset() {
    return dataset;
  }

  /**
   * Trains and measures.
   *
   * @param finished gets the line of the log before anything else is written, so that a picture
   *     that cannot be does not cost the training
   */
  void run(
      SweepRun run,
      Kernels kernels,
      int threads,
      Consumer<Map<String, Object>> finished,
      SweepFiles files,
      PrintWriter err) {
    List<String> specs = specs(run.task());
    List<DomainData> data = data(run.task(), run.seed(), err);
    TrainPlan plan = plan(run);
    Trainer trainer = plan.trainer(data, kernels, Memory.heap());
    Sampler sampler = RunRecorder.sampler(trainer);
    Progress progress =
        new Progress(
            new RunLog(err), Progress.Mode.LOG, 0, 0, steps, trainer.options().batch() * 2);
    Map<String, Object> line = describe(run, data);
    try {
      trainer.run(
          steps,
          steps,
          new TrainingListener() {
            @Override
            public void onStep(Trainer t, StepStats stats) {
              progress.step(t.stepsDone(), stats);
            }
          });
      measure(line, trainer, sampler, data, specs);
    } catch (DivergedException e) {
      // A sweep goes on: that a setting diverges is a result.
      line.put("diverged", e.getMessage());
    }
    line.put("seconds", Math.round(progress.seconds()));
    line.put("threads", threads);
    line.put("kernels", kernels.describe());
    line.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
    line.put("program", Version.text());
    finished.accept(line);
    String name = files.name(run, id(run));
    if (!name.equals(run.name())) {
      err.println(Fields.line("files", name + ", for " + run + " is there already"));
    }
    if (files.pictures() != null) {
      long[] first = LongStream.range(0, GRID).toArray();
      List<Tensor> images =
          sampler.sample(Sampler.latents(trainer.options().noise(), sampler.latent(), first));
      ImageGrid.ofDomains(images).columns(8).write(files.picture(name));
    }
    if (files.models() != null && !line.containsKey("diverged")) {
      Checkpoint.write(files.model(name), trainer, plan.provenance(kernels.describe()));
    }
  }

  /** Runs of one task and seed follow each other now and then; others are let go. */
  private List<DomainData> data(String task, long seed, PrintWriter err) {
    String key = task + " " + seed;
    if (!loaded.containsKey(key)) {
      loaded.keySet().removeIf(old -> !old.endsWith(" " + seed));
      loaded.put(key, DomainImages.load(specs(task), folder, true, seed, preset.side(), err));
    }
    return loaded.get(key);
  }

  private Map<String, Object> describe(SweepRun run, List<DomainData> data) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", id(run));
    line.put("task", run.task());
    line.put("algorithm", run.algorithm().label());
    line.put("k", run.k());
    line.put("l", run.l());
    line.put("seed", run.seed());
    line.put("preset", preset.label());
    line.put("widths", config(run).generatorWidths());
    line.put("d_widths", config(run).discriminatorWidths());
    line.put("steps", steps);
    line.put("data", dataset);
    line.put("images", List.of(data.get(0).count(), data.get(1).count()));
    line.put("model", config(run).toJson());
    line.put("training", options(run).toJson());
    return line;
  }

  private void measure(
      Map<String, Object> line,
      Trainer trainer,
      Sampler sampler,
      List<DomainData> data,
      List<String> specs) {
    CouplingReport report =
        CouplingReport.measure(
            sampler,
            trainer.options().noise(),
            trainer.options().seed(),
            pairs,
            new int[] {0, 1},
            DomainSpec.parse(specs.get(1)).transform(),
            data.get(0),
            data.get(1));
    line.put("pairs", pairs);
    line.put("agreement", readings(report.model()));
    line.put("chance", readings(report.chance()));
    line.put("blank", readings(report.blank()));
    Kernels kernels = trainer.workspace().kernels();
    if (DigitLabels.areKnown(specs, data, List.of(1), kernels)) {
      DigitLabels.measure(2, sampler, trainer.options(), pairs, List.of(1), kernels)
          .values()
          .forEach(labels -> line.put("labels", labels.toJson()));
    }
  }

  private static Map<String, Object> readings(PixelAgreement agreement) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("binarised", rounded(agreement.binarised()));
    map.put("within_0.1", rounded(agreement.within()));
    map.put("one_minus_mae", rounded(agreement.oneMinusDistance()));
    return map;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e5) / 1e5;
  }
}
