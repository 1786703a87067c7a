package dev.cogan.cli;

import dev.cogan.cli.adapt.AdaptDraw;
import dev.cogan.cli.adapt.AdaptLog;
import dev.cogan.cli.evaluation.LabelledImages;
import dev.cogan.engine.adapt.AdaptOptions;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.DivergedException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan adapt}. */
@Command(
    name = "adapt",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Learns to classify images that have no labels.",
      "Unsupervised domain adaptation, from labelled images of another domain (two IDX sets",
      "of digits, for example).",
      "The target's labels are used for measuring only. A draw that is already in the",
      "results file is not repeated, so a stopped run goes on where it was."
    },
    footer = {
      "",
      "Example (MNIST to USPS):",
      "  adapt --source-images train-images-idx3-ubyte.gz \\",
      "    --source-labels train-labels-idx1-ubyte.gz \\",
      "    --target-images usps-images-idx3-ubyte.gz \\",
      "    --target-labels usps-labels-idx1-ubyte.gz"
    })
final class AdaptCommand implements Callable<Integer> {
  private static final Pattern SETTING = Pattern.compile("^adapt: ([a-z ]+) must be ");
  private static final Map<String, String> NAMES =
      Map.of("generator-rate", "rate-g", "discriminator-rate", "rate-d");

  /** Enough to hold a target image to its class. */
  private static final float SURE = 0.95f;

  @Spec private CommandSpec spec;

  @Mixin private ConfigOption config;

  @Option(names = "--source-images", paramLabel = "FILE", required = true, description = "IDX.")
  private Path sourceImages;

  @Option(names = "--source-labels", paramLabel = "FILE", required = true, description = "IDX.")
  private Path sourceLabels;

  @Option(names = "--target-images", paramLabel = "FILE", required = true, description = "IDX.")
  private Path targetImages;

  @Option(names = "--target-labels", paramLabel = "FILE", required = true, description = "IDX.")
  private Path targetLabels;

  @Option(
      names = "--source-count",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Random source images of a draw (default: ${DEFAULT-VALUE}).")
  private int sourceCount;

  @Option(
      names = "--target-count",
      paramLabel = "N",
      defaultValue = "1800",
      description = "Random target images of a draw (default: ${DEFAULT-VALUE}).")
  private int targetCount;

  @Option(
      names = "--pad",
      paramLabel = "N",
      description =
          "Black pixels added per side to images that are not 28x28, before they are resized"
              + " (default: 3 for 16x16, else 0).")
  private Integer pad;

  @Option(
      names = "--resize",
      paramLabel = "SIDE",
      defaultValue = "28",
      description = "Side of the images (bilinear); the nets take ${DEFAULT-VALUE}.")
  private int resize;

  @Option(
      names = "--draws",
      paramLabel = "N",
      defaultValue = "5",
      description = "Random draws (default: ${DEFAULT-VALUE}).")
  private int draws;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Seed of the first draw; the others have the next ones (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Iterations of a draw (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--measure",
      paramLabel = "N",
      defaultValue = "100",
      description = "Measure every N iterations (default: ${DEFAULT-VALUE}).")
  private int measure;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Images per domain in an iteration (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--widths",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "128,64,32,32",
      description = "Widths of the generator's rows (default: ${DEFAULT-VALUE}).")
  private List<Integer> widths;

  @Option(
      names = "--rate-g",
      paramLabel = "R",
      defaultValue = "1e-3",
      description = "Adam's rate, generators (default: ${DEFAULT-VALUE}).")
  private float generatorRate;

  @Option(
      names = "--rate-d",
      paramLabel = "R",
      defaultValue = "5e-4",
      description = "Adam's rate, discriminators (default: ${DEFAULT-VALUE}).")
  private float discriminatorRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "R",
      defaultValue = "0",
      description = "Adam's weight decay; the paper has 5e-4 (default: ${DEFAULT-VALUE}).")
  private float weightDecay;

  @Option(
      names = "--class-weight",
      paramLabel = "W",
      defaultValue = "1",
      description = "Factor of the source classification loss (default: ${DEFAULT-VALUE}).")
  private float classWeight;

  @Option(
      names = "--match-weight",
      paramLabel = "W",
      defaultValue = "0.01",
      description =
          "Factor of the squared distance between the features of both fakes of one z (default:"
              + " ${DEFAULT-VALUE}).")
  private float matchWeight;

  @Option(
      names = "--label-weight",
      paramLabel = "W",
      defaultValue = "0",
      description =
          "Factor of the loss that asks the target's fake for the class of the source's fake of"
              + " the same z; the paper has none (default: ${DEFAULT-VALUE}).")
  private float labelWeight;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      defaultValue = "0.5",
      description = "Dropout on the features (default: ${DEFAULT-VALUE}).")
  private float dropout;

  @Option(
      names = "--average",
      paramLabel = "D",
      defaultValue = "0.99",
      description =
          "Decay of the moving average of the weights that classify; 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  private float average;

  @Option(
      names = "--jitter",
      paramLabel = "S",
      defaultValue = "0",
      description =
          "Turn, scale, shear and shift the real images of both domains at random with this"
              + " strength; the paper does not (default: ${DEFAULT-VALUE}).")
  private float jitter;

  @Option(
      names = "--self-weight",
      paramLabel = "W",
      defaultValue = "0",
      description =
          "Factor of the loss that holds target images to the classes that the averaged"
              + " classifier is sure of; the paper has none (default: ${DEFAULT-VALUE}).")
  private float selfWeight;

  @Option(
      names = "--confidence",
      paramLabel = "P",
      description =
          "With --self-weight: the least probability that is sure (default: " + SURE + ").")
  private Float confidence;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "adapt.jsonl",
      description = "Results, one JSON line per draw (default: ${DEFAULT-VALUE}).")
  private Path outFile;

  @Mixin private JsonOutput json;

  @Mixin private Machine machine;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    OutputPlace.requireAppendable("--out", outFile);
    requireRange("--draws", draws, 1, 1000);
    requireRange("--measure", measure, 1, 1_000_000);
    requireRange("--source-count", sourceCount, 2, 1_000_000);
    requireRange("--target-count", targetCount, 2, 1_000_000);
    requireRange("--resize", resize, AdaptDraw.SIDE, AdaptDraw.SIDE);
    if (pad != null) {
      requireRange("--pad", pad, 0, 1024);
    }
    if (confidence != null && selfWeight == 0) {
      throw new InputException("--confidence goes with --self-weight: no image is held to a class");
    }
    AdaptOptions options = options();
    new AdaptLog(outFile); // A file of something else is refused before images are read.
    ImageSet sourceFiles = LabelledImages.read(sourceImages, sourceLabels);
    ImageSet targetFiles = LabelledImages.read(targetImages, targetLabels);
    if (pad != null && AdaptDraw.fits(sourceFiles) && AdaptDraw.fits(targetFiles)) {
      throw new InputException(
          "--pad " + pad + ": all images are 28x28 already, which are not padded");
    }
    ImageSet source = fitting(sourceFiles, sourceImages);
    ImageSet target = fitting(targetFiles, targetImages);
    LabelledImages.requireClasses(source, sourceLabels);
    requireKnown(LabelledImages.classes(source), target);
    requireEnough("--source-count", sourceCount, source, sourceImages);
    requireEnough("--target-count", targetCount, target, targetImages);
    String[] images = {DomainImages.identity(sourceFiles), DomainImages.identity(targetFiles)};
    RunLock lock = RunLock.ofResults(outFile, "adapt");
    SmallHeap.Held heap = SmallHeap.keep();
    try {
      return adapt(new AdaptLog(outFile), images, source, target, options, err);
    } finally {
      heap.close();
      lock.close();
    }
  }

  /**
   * Every draw that the file does not have yet, and what came out of all.
   *
   * @param log read while no other process writes to it
   * @param images what tells the source's and the target's from others
   */
  private int adapt(
      AdaptLog log,
      String[] images,
      ImageSet source,
      ImageSet target,
      AdaptOptions options,
      PrintWriter err) {
    KernelSelection selection = Machine.select(err);
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      Map<String, Object> settings =
          settings(images[0], images[1], options, engine.kernels.describe());
      List<Map<String, Object>> results = new ArrayList<>();
      boolean planned = false;
      for (int i = 0; i < draws; i++) {
        // What a draw is called everywhere.
        long draw = seed + i;
        Map<String, Object> known = log.find(draw, settings);
        if (known == null) {
          if (!planned) {
            plan(source, target, options, engine.kernels, err);
            planned = true;
          }
          if (log.hasWithoutData(draw, settings)) {
            err.println(
                "draw "
                    + draw
                    + " is in "
                    + outFile
                    + ", but does not say of which images; it is done again");
          }
          known =
              new AdaptDraw(source, target, sourceCount, targetCount, options, draw)
                  .run(measure, engine.kernels, err);
          known.put("settings", settings);
          log.add(known);
        } else {
          err.println("draw " + draw + " is in " + outFile + " already");
        }
        results.add(known);
      }
      print(results, settings);
      return ExitCode.DONE;
    } catch (DivergedException e) {
      Errors.print(err, e.getMessage());
      err.println(
          "The draws before are in " + outFile + ". Lower rates (--rate-g, --rate-d) may help.");
      return ExitCode.DIVERGED;
    }
  }

  /** All draws take the same memory: refused before the first one, if the heap has less. */
  private void plan(
      ImageSet source, ImageSet target, AdaptOptions options, Kernels kernels, PrintWriter err) {
    AdaptDraw draw = new AdaptDraw(source, target, sourceCount, targetCount, options, seed);
    Memory counted = draw.count();
    counted.claim("images", source.bytes() + target.bytes());
    Memory planned =
        PlanMemory.require(
            counted,
            "a draw",
            "lower --batch, --widths or --threads, take fewer images,",
            kernels,
            () -> draw.rehearse(kernels));
    Machine.describe(planned).forEach(err::println);
    err.flush();
  }

  private AdaptOptions options() {
    try {
      return new AdaptOptions(
          steps,
          batch,
          widths,
          100,
          generatorRate,
          discriminatorRate,
          classWeight,
          matchWeight,
          labelWeight,
          dropout,
          average,
          jitter,
          selfWeight,
          confidence == null ? SURE : confidence,
          weightDecay);
    } catch (ConfigException e) {
      Matcher setting = SETTING.matcher(e.getMessage());
      if (!setting.find()) {
        throw e;
      }
      String name = setting.group(1).replace(' ', '-');
      String option = NAMES.getOrDefault(name, name);
      throw new InputException("--" + option + e.getMessage().substring(setting.end(1)), e);
    }
  }

  /** The target's labels only measure; a class that the source lacks would always be wrong. */
  private void requireKnown(int classes, ImageSet target) {
    int found = LabelledImages.classes(target);
    if (found > classes) {
      throw new InputException(
          targetLabels
              + ": has label "
              + (found - 1)
              + ", the labels of "
              + sourceLabels
              + " go up to "
              + (classes - 1));
    }
  }

  private static void requireRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      String range = least == most ? "" + least : least + " to " + most;
      throw new InputException(option + " must be " + range + ", got " + value);
    }
  }

  private static void requireEnough(String option, int count, ImageSet set, Path file) {
    if (set.count() < count) {
      throw new InputException(
          option + " " + count + ": " + file + " has " + set.count() + " images");
    }
  }

  private ImageSet fitting(ImageSet set, Path file) {
    if (set.shape().size(0) != 1) {
      throw new InputException(file + ": expected grey images, found " + set.shape());
    }
    return AdaptDraw.fit(set, pad);
  }

  private Map<String, Object> settings(
      String sourceData, String targetData, AdaptOptions options, String kernels) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("source", sourceImages.getFileName().toString());
    settings.put("target", targetImages.getFileName().toString());
    settings.put(AdaptLog.SOURCE_DATA, sourceData);
    settings.put(AdaptLog.TARGET_DATA, targetData);
    settings.put("source_count", sourceCount);
    settings.put("target_count", targetCount);
    settings.put("pad", pad == null ? "auto" : pad.toString());
    settings.put("measure", measure);
    settings.putAll(options.toJson());
    settings.put("kernels", kernels);
    return settings;
  }

  private void print(List<Map<String, Object>> results, Map<String, Object> settings) {
    PrintWriter out = spec.commandLine().getOut();
    if (json.wanted()) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("settings", settings);
      all.put("draws", results);
      for (String key : AdaptLog.FIGURES) {
        all.put("mean_" + key, AdaptLog.mean(results, key));
        all.put("deviation_" + key, AdaptLog.deviation(results, key));
      }
      out.println(Json.writePretty(all));
      return;
    }
    out.println(settings.get("source") + " -> " + settings.get("target"));
    out.println("draw   source only   adapted: last    best (at step)");
    for (Map<String, Object> r : results) {
      out.println(
          String.format(
              Locale.ROOT,
              "%4s   %11.4f   %13.4f   %.4f (%s)",
              r.get("seed"),
              AdaptLog.number(r, "source_only"),
              AdaptLog.number(r, "last"),
              AdaptLog.number(r, "best"),
              r.get("best_step")));
    }
    out.println(
        String.format(
            Locale.ROOT,
            "mean   %11.4f   %13.4f   %.4f",
            AdaptLog.mean(results, "source_only"),
            AdaptLog.mean(results, "last"),
            AdaptLog.mean(results, "best")));
    out.println(
        String.format(
            Locale.ROOT,
            "dev.   %11.4f   %13.4f   %.4f",
            AdaptLog.deviation(results, "source_only"),
            AdaptLog.deviation(results, "last"),
            AdaptLog.deviation(results, "best")));
    out.println("Accuracy on the target images of the draw. 'best' was chosen by their labels.");
  }
}
