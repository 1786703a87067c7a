package dev.cogan.cli;

import dev.cogan.cli.evaluation.ClassImages;
import dev.cogan.cli.evaluation.ClassifierTraining;
import dev.cogan.cli.evaluation.LabelledImages;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.data.MnistSource;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.metric.LeNetFile;
import dev.cogan.engine.nn.Memory;
import java.io.PrintWriter;
import java.nio.file.Path;
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

/** {@code cogan classifier}. */
@Command(
    name = "classifier",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains the LeNet that 'evaluate' measures with.",
      "On labelled images in IDX files. For MNIST one is in the jar already."
    },
    footer = {
      "",
      "Examples:",
      "  classifier --data testdata/mnist --out lenet.safetensors",
      "  classifier --images train-images-idx3-ubyte.gz \\",
      "    --labels train-labels-idx1-ubyte.gz --out fashion.safetensors",
      "  classifier --class celeba:DIR:+Eyeglasses --class celeba:DIR:-Eyeglasses \\",
      "    --out glasses.safetensors"
    })
final class ClassifierCommand implements Callable<Integer> {
  private static final int DEFAULT_SIDE = 64;
  private static final int MOST_CLASSES = 26;

  /** Checksum of MNIST's 60,000 training images with their labels. */
  private static final long MNIST = 0x14551ade;

  @Spec private CommandSpec spec;

  @Mixin private ConfigOption config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with the four MNIST files: train on the training set, test on the test set.")
  private Path data;

  @Option(names = "--images", paramLabel = "FILE", description = "IDX file of training images.")
  private Path images;

  @Option(names = "--labels", paramLabel = "FILE", description = "IDX file of their labels.")
  private Path labels;

  @Option(names = "--test-images", paramLabel = "FILE", description = "IDX file of test images.")
  private Path testImages;

  @Option(names = "--test-labels", paramLabel = "FILE", description = "IDX file of their labels.")
  private Path testLabels;

  @Option(
      names = "--class",
      paramLabel = "SPEC",
      description =
          "Images of class 0, 1, ..., as train names domains; once per class. A fifth of each is"
              + " held out for the test; smaller classes are repeated, mirrored, too, where their"
              + " specs mirror.")
  private List<String> classSpecs;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "With --class: side of the images made of pictures (default: 64).")
  private Integer size;

  @Option(
      names = "--transforms",
      paramLabel = "LIST",
      split = ",",
      description =
          "Learn the images under these transforms: identity, edge, negative, rotate90 (default:"
              + " all).")
  private List<String> transforms;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often each image is seen (default: " + ClassifierTraining.EPOCHS + ").")
  private int epochs = ClassifierTraining.EPOCHS;

  @Option(names = "--seed", paramLabel = "N", description = "Seed (default: 0).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "File to write, NAME.safetensors.")
  private Path outFile;

  @Mixin private JsonOutput json;

  @Mixin private Machine machine;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (epochs < 1 || epochs > 1000) {
      throw new InputException("--epochs must be 1 to 1000, got " + epochs);
    }
    if (classSpecs == null && size != null) {
      throw new InputException("--size goes with --class");
    }
    OutputPlace.requireName("--out", outFile, ".safetensors");
    OutputPlace.require("--out", outFile);
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("program", Version.text());
    List<ImageTransform> all;
    ImageSet train;
    List<DomainData> tests;
    if (classSpecs == null) {
      all = LabelledImages.transforms(transforms == null ? ImageTransforms.names() : transforms);
      train = train();
      ImageSet test = test(train);
      tests = test == null ? List.of() : LabelledImages.domains(test, all);
      provenance.put(
          "data",
          data == null ? images.getFileName() + ", " + labels.getFileName() : origin(data, train));
    } else {
      requireClassesOnly();
      all = List.of(ImageTransforms.IDENTITY);
      ClassImages classes = classImages(err);
      train = classes.train();
      tests = new ArrayList<>();
      for (int c = 0; c < classSpecs.size(); c++) {
        String name = "class " + c;
        tests.add(new DomainData(name, classSpecs.get(c), classes.tests().get(c)));
      }
      provenance.put("data", String.join(" | ", classSpecs));
    }
    provenance.put("images", train.count());
    provenance.put("transforms", all.stream().map(ImageTransform::name).toList());
    provenance.put("epochs", epochs);
    provenance.put("seed", seed);
    Memory planned = ClassifierTraining.count(train, tests, all);
    Machine.requireHeap(planned, 0, "this training", "take fewer or smaller images");
    Machine.describe(planned).forEach(err::println);
    try (Machine.Engine engine = new Machine.Engine(Machine.select(err), machine.threads())) {
      provenance.put("kernels", engine.kernels.describe());
      ClassifierTraining training =
          ClassifierTraining.run(train, tests, all, epochs, seed, engine.kernels, err);
      if (!tests.isEmpty()) {
        provenance.put(
            "test_images",
            classSpecs == null
                ? tests.get(0).count()
                : tests.stream().mapToInt(DomainData::count).sum());
        provenance.put("test_accuracy", training.accuracy);
      }
      LeNetFile.writer(training.net, provenance).write(outFile);
      if (json.wanted()) {
        out.println(Json.writePretty(provenance));
      } else {
        training.accuracy.forEach(
            (name, share) ->
                out.println(
                    String.format(
                        Locale.ROOT,
                        "accuracy  %-10s %.4f of %d test images",
                        name,
                        share,
                        tests.stream()
                            .filter(t -> t.name().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .count())));
        out.println("file      " + outFile);
      }
    }
    return ExitCode.DONE;
  }

  /** What is known of a folder's images: others than MNIST come under MNIST's file names, too. */
  static String origin(Path folder, ImageSet set) {
    return set.checksum() == MNIST
        ? "MNIST training set (Yann LeCun, Corinna Cortes; CC BY-SA 3.0)"
        : folder.toAbsolutePath().normalize().getFileName() + ", " + DomainImages.identity(set);
  }

  private void requireClassesOnly() {
    if (data != null || images != null || labels != null || testImages != null) {
      throw new InputException("--class goes without --data, --images, --labels and --test-images");
    }
    if (testLabels != null || transforms != null) {
      throw new InputException("--class goes without --test-labels and --transforms");
    }
    if (classSpecs.size() < 2 || classSpecs.size() > MOST_CLASSES) {
      throw new InputException(
          "--class is to be given 2 to " + MOST_CLASSES + " times, got " + classSpecs.size());
    }
  }

  private ClassImages classImages(PrintWriter err) {
    int side = size == null ? DEFAULT_SIDE : size;
    List<DomainData> domains = DomainImages.load(classSpecs, null, true, seed, side, err);
    boolean mirrored = domains.stream().allMatch(DomainData::isMirrored);
    return ClassImages.of(domains, mirrored, seed);
  }

  private ImageSet train() {
    if (data != null && (images != null || labels != null)) {
      throw new InputException("--data and --images exclude each other");
    }
    if (data != null) {
      return requireLabels(MnistSource.folder(data).load());
    }
    if (images == null || labels == null) {
      throw new InputException(
          "which images? Give --data, or --images and --labels, or --class twice");
    }
    ImageSet set = LabelledImages.read(images, labels);
    LabelledImages.requireClasses(set, labels);
    return set;
  }

  private ImageSet requireLabels(ImageSet set) {
    if (!set.hasLabels()) {
      throw new InputException("--data " + data + ": no labels there");
    }
    return set;
  }

  private ImageSet test(ImageSet train) {
    if (testImages == null != (testLabels == null)) {
      throw new InputException("--test-images and --test-labels go together");
    }
    ImageSet test =
        testImages != null
            ? LabelledImages.read(testImages, testLabels)
            : data == null ? null : requireLabels(MnistSource.testFolder(data).load());
    if (test != null && !test.shape().equals(train.shape())) {
      throw new InputException(
          "test images of " + test.shape() + ", training images of " + train.shape());
    }
    return test;
  }
}
