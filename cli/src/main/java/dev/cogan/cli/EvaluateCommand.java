package dev.cogan.cli;

import dev.cogan.cli.dataset.Decoders;
import dev.cogan.cli.evaluation.EvaluationText;
import dev.cogan.cli.evaluation.Extractors;
import dev.cogan.cli.evaluation.LabelledImages;
import dev.cogan.cli.evaluation.RealData;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.metric.Evaluation;
import dev.cogan.engine.metric.EvaluationDomain;
import dev.cogan.engine.metric.ImagePairs;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Sampler;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Measures a trained model against real images.",
      "Each domain by itself (Frechet distance, precision, recall, coverage, classes,",
      "diversity), each pair of domains against each other (pixel and label agreement)."
    },
    footer = {
      "",
      "Examples:",
      "  evaluate --model runs --data testdata/mnist",
      "  evaluate --model runs --images train-images-idx3-ubyte.gz \\",
      "    --labels train-labels-idx1-ubyte.gz       (other data than digits)",
      "  evaluate --instead real --real mnist --real mnist:edge --data testdata/mnist"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final int FEWEST = 10;
  private static final int MOST = 100_000;
  private static final int EPOCHS = 3;
  private static final long MANIFOLD_BYTES = 64L << 20;

  @Spec private CommandSpec spec;

  @Mixin private ModelSource model;

  @Mixin private ConfigOption config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with the MNIST files (default: that of the training, or the digits in the jar).")
  private Path data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description =
          "MNIST images to compare with: test or train (default: test, if they are there).")
  private String split;

  @Option(
      names = "--real",
      paramLabel = "SPEC",
      description =
          "Real images of a domain, once per domain in order (default: those of the training).")
  private List<String> real;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many z (default: ${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the z (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private TruncationOption truncation;

  @Option(
      names = "--extractor",
      paramLabel = "FILE",
      description =
          "Classifier made by 'classifier', for all domains; or 'mnist', that of the jar (default:"
              + " that of the jar, its labels for mnist domains only).")
  private String extractorName;

  @Option(
      names = "--images",
      paramLabel = "FILE",
      description = "Train the classifier on these labelled images (IDX) first.")
  private Path images;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Labels of --images (IDX): classes counted from 0.")
  private Path labels;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Epochs of that training (default: " + EPOCHS + ").")
  private Integer epochs;

  @Option(
      names = "--instead",
      paramLabel = "WHAT",
      description =
          "Measure something else in the model's place: 'real' images of the other split,"
              + " 'unrelated' ones (real, not paired), or 'blank' ones.")
  private String instead;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "How many z to compute at a time (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Mixin private JsonOutput json;

  @Mixin private Machine machine;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    requireRange("--samples", samples, FEWEST, MOST);
    requireRange("--batch", batch, 1, 4096);
    if (epochs != null) {
      requireRange("--epochs", epochs, 1, 1000);
    }
    truncation.psi();
    if (images == null != (labels == null)) {
      throw new InputException("--images and --labels go together");
    }
    if (extractorName != null && extractorName.isEmpty()) {
      throw new InputException("--extractor: expected mnist or the name of a file, got ''");
    }
    if (images != null && extractorName != null) {
      throw new InputException("--images and --extractor exclude each other");
    }
    if (instead != null && !List.of("real", "unrelated", "blank").contains(instead)) {
      throw new InputException("--instead is real, unrelated or blank, got '" + instead + "'");
    }
    requireNothingInVain();
    if (instead != null && real != null) {
      if (real.size() < 2) {
        throw new InputException("--real is to be given once per domain, got one");
      }
      DomainImages.requireMnist(data, real.stream().map(DomainSpec::parse).toList());
      RealData reals =
          RealData.load(real, data, split, Digits.carried(), l -> l.decoder(Decoders.available()));
      try (Machine.Engine engine = new Machine.Engine(Machine.select(err), machine.threads())) {
        return measure(reals, null, engine.kernels);
      }
    }
    try (Checkpoint checkpoint = model.open()) {
      List<DomainSpec> specs =
          real == null
              ? DomainImages.parsed(checkpoint.file().path(), DomainImages.specs(checkpoint))
              : real.stream().map(DomainSpec::parse).toList();
      if (!specs.isEmpty()) {
        DomainImages.requireMnist(data, specs);
      }
      RealData reals =
          RealData.of(
              checkpoint,
              real,
              data,
              split,
              Digits.carried(),
              l -> l.decoder(Decoders.available()).side(DomainImages.side(checkpoint.config())),
              note -> Errors.print(err, note));
      requireShapes(checkpoint, reals);
      requireHeap(checkpoint);
      try (Machine.Engine engine = new Machine.Engine(Machine.select(err), machine.threads())) {
        return measure(reals, checkpoint, engine.kernels);
      }
    }
  }

  /** An option that changed nothing would be believed to have. */
  private void requireNothingInVain() {
    if (epochs != null && images == null) {
      throw new InputException("--epochs goes with --images: no classifier is trained without");
    }
    if (instead == null) {
      return;
    }
    if (truncation.psi() < 1f) {
      throw new InputException("--trunc goes without --instead: no z are drawn with it");
    }
    if (real != null && model.given()) {
      throw new InputException(
          "--model and --real exclude each other with --instead: no model is measured, and --real"
              + " says which domains");
    }
  }

  private static void requireRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InputException(option + " must be " + least + " to " + most + ", got " + value);
    }
  }

  private static void requireShapes(Checkpoint checkpoint, RealData reals) {
    List<DomainShape> expected = checkpoint.config().domains();
    if (reals.domains().size() != expected.size()) {
      throw new InputException(
          "--real: the model has "
              + expected.size()
              + " domains, given are "
              + reals.domains().size());
    }
    for (int d = 0; d < expected.size(); d++) {
      if (!expected.get(d).image().equals(reals.domains().get(d).shape())) {
        throw new InputException(
            "domain "
                + expected.get(d).name()
                + ": the model makes images "
                + expected.get(d).image()
                + ", the real ones are "
                + reals.domains().get(d).shape()
                + DomainImages.howToResize(reals.specs().get(d)));
      }
    }
  }

  private void requireHeap(Checkpoint checkpoint) {
    Memory plan = Memory.counting();
    Workspace counting =
        new Workspace(new ScalarKernels(Parallel.none()), plan, RandomStream.of(0, "dropout"));
    new Sampler(CoupledModel.forSampling(checkpoint.config(), plan).generators(), batch, counting);
    // Features of the images and the real ones, per domain; a block of distances.
    long features = 2L * checkpoint.config().domains().size() * samples * 2000L;
    Machine.requireHeap(plan, features + MANIFOLD_BYTES, "evaluating", "lower --samples");
  }

  /** The classifier's training, beside the real images that are in memory already. */
  private static void requireHeap(Memory planned, RealData reals, PrintWriter err) {
    planned.claim("images", reals.domains().stream().mapToLong(DomainData::bytes).sum());
    Machine.requireHeap(planned, 0, "the classifier's training", "take fewer or smaller --images,");
    Machine.describe(planned).forEach(err::println);
  }

  private int measure(RealData reals, Checkpoint checkpoint, Kernels kernels) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    // Before a classifier is trained: the other split may not be there.
    ImagePairs inPlace = instead == null ? null : reals.instead(instead);
    Extractors extractors = extractors(reals, kernels, err);
    List<EvaluationDomain> domains = new ArrayList<>();
    for (int d = 0; d < reals.domains().size(); d++) {
      domains.add(reals.domain(d, extractors, extractorName != null || images != null));
    }
    ImagePairs source = inPlace == null ? generated(checkpoint, kernels) : inPlace;
    long start = System.nanoTime();
    Evaluation evaluation =
        Evaluation.measure(source, samples, seed, domains, kernels, new Ticker(err));
    double seconds = (System.nanoTime() - start) / 1e9;
    err.println(String.format(Locale.ROOT, "evaluated in %.1f s", seconds));
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("model", instead == null ? checkpoint.file().path().toString() : instead + " images");
    if (instead == null) {
      head.put("step", checkpoint.step());
      head.put("truncation", truncation.psi());
    }
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", extractors.extractor().name());
    about.put("tested", extractors.tested());
    about.put("test_accuracy", extractors.accuracy());
    if (json.wanted()) {
      head.put("extractor", about);
      head.putAll(evaluation.toJson());
      head.put("kernels", kernels.describe());
      json.print(out, head);
    } else {
      out.println(Fields.line("model", head.get("model").toString()));
      if (instead == null) {
        out.println(Fields.line("step", String.valueOf(checkpoint.step())));
      }
      out.println(
          Fields.line(
              "images",
              samples
                  + " per domain, seed "
                  + seed
                  + (truncation.psi() < 1f ? ", truncation " + truncation.psi() : "")));
      out.println(Fields.line("extractor", extractors.extractor().name()));
      extractors
          .accuracy()
          .forEach(
              (name, share) ->
                  out.println(
                      Fields.line(
                          "",
                          String.format(
                              Locale.ROOT,
                              "%s: %.4f of %s named right",
                              name,
                              share,
                              extractors.tested()))));
      EvaluationText.print(out, evaluation);
    }
    return ExitCode.DONE;
  }

  private Extractors extractors(RealData reals, Kernels kernels, PrintWriter err) {
    if (images != null) {
      LinkedHashSet<ImageTransform> transforms = new LinkedHashSet<>();
      reals.specs().forEach(s -> transforms.add(s.transform()));
      ImageSet set = LabelledImages.read(images, labels);
      LabelledImages.requireClasses(set, labels);
      return Extractors.trained(
          set,
          images.getFileName().toString(),
          List.copyOf(transforms),
          epochs == null ? EPOCHS : epochs,
          seed,
          planned -> requireHeap(planned, reals, err),
          kernels,
          err);
    }
    return extractorName == null || extractorName.equals("mnist")
        ? Extractors.carried(kernels)
        : Extractors.file(Path.of(extractorName), kernels);
  }

  private ImagePairs generated(Checkpoint checkpoint, Kernels kernels) {
    Memory memory = Memory.heap();
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(0, "dropout"));
    Sampler sampler =
        new Sampler(checkpoint.loadForSampling(memory).generators(), batch, workspace);
    return ImagePairs.generated(sampler, checkpoint.options().noise(), truncation.psi(), seed);
  }

  /** A line on standard error when a stage begins and every few seconds. */
  private static final class Ticker implements Evaluation.Progress {
    private static final long INTERVAL = 3_000_000_000L;
    private final PrintWriter err;
    private String stage = "";
    private long last;

    Ticker(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void at(String what, int done, int total) {
      long now = System.nanoTime();
      if (!what.equals(stage) || now - last > INTERVAL) {
        stage = what;
        last = now;
        err.println(what + " " + done + "/" + total);
        err.flush();
      }
    }
  }
}
