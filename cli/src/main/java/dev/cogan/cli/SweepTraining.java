package dev.cogan.cli;

import static dev.cogan.cli.ShapeOptions.set;

import dev.cogan.cli.evaluation.Extractors;
import dev.cogan.cli.sweep.SweepRun;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.metric.ClassHistogram;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.metric.FeatureExtractor;
import dev.cogan.engine.metric.ImagePairs;
import dev.cogan.engine.metric.PairLabels;
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
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Does the trainings of a sweep, all with the same settings but for what a run varies. */
final class SweepTraining {
  private static final int GRID = 64;
  private static final int PIECE = 256;

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
    this.folder = folder == null ? null : folder.toAbsolutePath().normalize();
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
      Path pictures,
      Path models,
      PrintWriter err) {
    List<String> specs = List.of("mnist", "mnist:" + run.task());
    List<DomainData> data = data(run, specs, err);
    TrainPlan plan = new TrainPlan(preset.label(), specs, folder, true, config(run), options(run));
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
    if (pictures != null) {
      long[] first = LongStream.range(0, GRID).toArray();
      List<Tensor> images =
          sampler.sample(Sampler.latents(trainer.options().noise(), sampler.latent(), first));
      ImageGrid.ofDomains(images).columns(8).write(in(pictures, run.name() + ".png"));
    }
    if (models != null && !line.containsKey("diverged")) {
      Checkpoint.write(
          in(models, run.name() + ".safetensors"), trainer, plan.provenance(kernels.describe()));
    }
  }

  /** Runs of one task and seed follow each other now and then; others are let go. */
  private List<DomainData> data(SweepRun run, List<String> specs, PrintWriter err) {
    String key = run.task() + run.seed();
    if (!loaded.containsKey(key)) {
      loaded.keySet().removeIf(old -> !old.endsWith(Long.toString(run.seed())));
      loaded.put(key, DomainImages.load(specs, folder, true, run.seed(), preset.side(), err));
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
    line.put("labels", labels(trainer, sampler));
  }

  /** Whether both images of a pair show one digit, and how even the digits are. */
  private Map<String, Object> labels(Trainer trainer, Sampler sampler) {
    FeatureExtractor extractor = Extractors.carried(trainer.workspace().kernels()).extractor();
    ImagePairs source =
        ImagePairs.generated(sampler, trainer.options().noise(), trainer.options().seed());
    int[][] classes = new int[2][pairs];
    for (int from = 0; from < pairs; from += PIECE) {
      int n = Math.min(PIECE, pairs - from);
      List<Tensor> images = source.next(n);
      for (int d = 0; d < 2; d++) {
        System.arraycopy(extractor.extract(images.get(d)).classes(), 0, classes[d], from, n);
      }
    }
    ClassHistogram a = ClassHistogram.of(classes[0], extractor.classes());
    ClassHistogram b = ClassHistogram.of(classes[1], extractor.classes());
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("extractor", extractor.name());
    map.put(
        "agreement",
        rounded(PairLabels.of(classes[0], classes[1], extractor.classes()).agreement()));
    map.put("rarest", rounded(Math.min(a.smallest(), b.smallest())));
    map.put("most_frequent", rounded(Math.max(a.largest(), b.largest())));
    return map;
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

  private static Path in(Path folder, String name) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw InputException.writingFailed(folder, e);
    }
    return folder.resolve(name);
  }
}
