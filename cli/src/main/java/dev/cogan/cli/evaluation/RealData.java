package dev.cogan.cli.evaluation;

import dev.cogan.cli.dataset.DomainPlaces;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainLoader;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.MnistSource;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.metric.EvaluationDomain;
import dev.cogan.engine.metric.FeatureExtractor;
import dev.cogan.engine.metric.ImagePairs;
import dev.cogan.engine.metric.PixelFeatures;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The real images that an evaluation compares with. All domains of one source see all of its
 * images, in one order.
 */
public final class RealData {
  static final String MNIST = "mnist";
  private static final String TEST = "test";
  private static final String TRAIN = "train";

  /** The jar's classifier names 99 % of MNIST's digits right, and by chance 10 %. */
  private static final double LEAST_RIGHT = 0.8;

  private static final int ASKED = 200;

  private final List<DomainSpec> specs;
  private final List<DomainData> domains;
  private final Supplier<List<DomainData>> others;
  private final List<String> splits;

  private RealData(
      List<DomainSpec> specs,
      List<DomainData> domains,
      Supplier<List<DomainData>> others,
      List<String> splits) {
    this.specs = specs;
    this.domains = domains;
    this.others = others;
    this.splits = splits;
  }

  /**
   * The images of a checkpoint's domains.
   *
   * @param given specs in their place, or null
   * @param data folder of the MNIST files, or null for that of the training
   * @param split of MNIST, or null
   * @param carried the digits of the jar
   * @param settings what else the loader needs
   * @param notes is told, before they are read, of files and folders that nobody but the model's
   *     file names, and where other images are taken than might be thought
   */
  public static RealData of(
      Checkpoint checkpoint,
      List<String> given,
      Path data,
      String split,
      MnistSource carried,
      UnaryOperator<DomainLoader> settings,
      Consumer<String> notes) {
    Set<String> places = new LinkedHashSet<>();
    List<DomainSpec> specs;
    if (given != null) {
      specs = parse(given);
    } else {
      List<String> texts = new ArrayList<>();
      if (checkpoint.provenance().get("domains") instanceof List<?> list) {
        for (Object item : list) {
          texts.add(String.valueOf(item));
        }
      }
      if (texts.isEmpty()) {
        throw new InputException(
            checkpoint.file().path()
                + ": provenance names no domains; give --real once per domain");
      }
      Object stored = checkpoint.provenance().get(DomainPlaces.KEY);
      specs =
          DomainPlaces.domains(
              texts,
              DomainPlaces.settle(texts, DomainPlaces.read(checkpoint.file().path(), stored)));
      specs.forEach(spec -> places.add(spec.source().location()));
      places.remove(""); // mnist, which lies in the folder or in the jar
    }
    Path folder = data;
    if (folder == null
        && specs.stream().anyMatch(RealData::isMnist)
        && checkpoint.provenance().get("data") instanceof String place
        && !place.equals("jar")) {
      String gone = place + ", the training's digits, is not there";
      Optional<Path> there = DomainPlaces.path(place).filter(Files::isDirectory);
      if (there.isPresent()) {
        folder = there.get();
        places.add(place);
      } else if (TEST.equals(split)) {
        throw new InputException("--split test: " + gone + "; say --data");
      } else {
        notes.accept(gone + ": comparing with those in the jar");
      }
    }
    if (!places.isEmpty()) {
      notes.accept(
          "reads " + String.join(", ", places) + ", as named by " + checkpoint.file().path());
    }
    return loadParsed(specs, folder, split, carried, settings);
  }

  private static boolean isMnist(DomainSpec spec) {
    return spec.source().kind().equals(MNIST);
  }

  /**
   * The images of these specs.
   *
   * @param folder of the MNIST files, or null for the digits of the jar
   * @param split {@code test}, {@code train} or null: test if it is there
   */
  public static RealData load(
      List<String> texts,
      Path folder,
      String split,
      MnistSource carried,
      UnaryOperator<DomainLoader> settings) {
    return loadParsed(parse(texts), folder, split, carried, settings);
  }

  private static List<DomainSpec> parse(List<String> texts) {
    return texts.stream().map(DomainSpec::parse).toList();
  }

  private static RealData loadParsed(
      List<DomainSpec> specs,
      Path folder,
      String split,
      MnistSource carried,
      UnaryOperator<DomainLoader> settings) {
    if (split != null && !split.equals(TEST) && !split.equals(TRAIN)) {
      throw new InputException("--split is test or train, got '" + split + "'");
    }
    if (split != null && specs.stream().noneMatch(RealData::isMnist)) {
      throw new InputException(
          "--split "
              + split
              + ": goes with mnist, not with "
              + String.join(" and ", specs.stream().map(DomainSpec::text).toList()));
    }
    if (folder == null && TEST.equals(split)) {
      throw new InputException("--split test needs --data: the jar carries training digits only");
    }
    boolean hasTest = folder != null && hasTest(folder);
    boolean test = split == null ? hasTest : split.equals(TEST);
    MnistSource source =
        folder == null
            ? carried
            : test ? MnistSource.testFolder(folder) : MnistSource.folder(folder);
    String name = folder == null ? "train (the jar's 10,000)" : test ? TEST : TRAIN;
    List<DomainData> domains =
        settings.apply(new DomainLoader(source)).disjoint(false).load(specs, 0);
    List<String> splits = new ArrayList<>();
    boolean digits = true;
    for (DomainSpec spec : specs) {
      boolean mnist = isMnist(spec);
      digits &= mnist;
      splits.add(mnist ? name : "all of it");
    }
    Supplier<List<DomainData>> others = null;
    if (digits && hasTest) {
      MnistSource other = test ? MnistSource.folder(folder) : MnistSource.testFolder(folder);
      others = () -> new DomainLoader(other).disjoint(false).load(specs, 0);
    }
    return new RealData(specs, domains, others, splits);
  }

  private static boolean hasTest(Path folder) {
    return Files.exists(folder.resolve("t10k-images-idx3-ubyte"))
        || Files.exists(folder.resolve("t10k-images-idx3-ubyte.gz"));
  }

  /** The specs, one per domain. */
  public List<DomainSpec> specs() {
    return specs;
  }

  /** The images, one set per domain. */
  public List<DomainData> domains() {
    return domains;
  }

  /**
   * A domain with the extractor that fits it, and the sentences that say why something does not.
   *
   * @param meant whether the user named the extractor, so that its classes hold for all domains
   */
  public EvaluationDomain domain(int d, Extractors extractors, boolean meant) {
    DomainData data = domains.get(d);
    String withoutLabels = "";
    boolean fits = extractors.extractor().image().equals(data.shape());
    if (!fits) {
      withoutLabels =
          "no classes: the classifier takes images "
              + extractors.extractor().image()
              + ", these are "
              + data.shape()
              + "; the other figures are of coarse pixels";
    } else if (!meant && extractors.forDigitsOnly() && !isMnist(specs.get(d))) {
      withoutLabels =
          "no classes: the jar's classifier knows MNIST's digits, these images may be anything;"
              + " give --images and --labels, or --extractor mnist if they are digits";
    } else if (!meant && extractors.forDigitsOnly() && data.hasLabels()) {
      double right = namedRight(data, extractors.extractor());
      if (right < LEAST_RIGHT) {
        withoutLabels =
            String.format(
                Locale.ROOT,
                "no classes: the jar's classifier knows MNIST's digits, and names %.0f %% of these"
                    + " images as their labels do; give --images and --labels",
                100 * right);
      }
    }
    return new EvaluationDomain(
        specs.get(d),
        data,
        splits.get(d),
        fits ? extractors.extractor() : new PixelFeatures(data.shape()),
        "",
        withoutLabels);
  }

  /** Whether the classifier names these images as their labels do, or they have none. */
  static boolean knows(FeatureExtractor extractor, DomainData data) {
    return !data.hasLabels() || namedRight(data, extractor) >= LEAST_RIGHT;
  }

  /**
   * Share of images, spread over the set, whose label the classifier names: another set may have
   * the name.
   */
  private static double namedRight(DomainData data, FeatureExtractor extractor) {
    int n = Math.min(ASKED, data.count());
    int size = data.shape().count();
    Tensor images = Tensor.zeros(data.shape().prepend(n));
    for (int i = 0; i < n; i++) {
      data.fill(images.data(), i * size, spread(i, n, data));
    }
    int[] classes = extractor.extract(images).classes();
    int right = 0;
    for (int i = 0; i < n; i++) {
      right += classes[i] == data.label(spread(i, n, data)) ? 1 : 0;
    }
    return (double) right / n;
  }

  private static int spread(int i, int n, DomainData data) {
    return (int) ((long) i * data.count() / n);
  }

  /**
   * What is measured in a model's place: {@code real}, {@code unrelated} or {@code blank}. Only the
   * first two need the other split, which is read here.
   */
  public ImagePairs instead(String what) {
    if (what.equals("blank")) {
      return n -> {
        List<Tensor> images = new ArrayList<>();
        for (int d = 0; d < domains.size(); d++) {
          Tensor black = Tensor.zeros(domains.get(d).shape().prepend(n));
          images.add(specs.get(d).transform().apply(black));
        }
        return images;
      };
    }
    if (others == null) {
      throw new InputException(
          "--instead " + what + " needs mnist domains and --data with both splits");
    }
    List<DomainData> loaded = others.get();
    ImagePairs real = ImagePairs.real(loaded);
    if (what.equals("real")) {
      return real;
    }
    // Domain d's images come d batches later than domain a's: real, but of other digits.
    ImagePairs[] shifted = new ImagePairs[loaded.size()];
    for (int d = 0; d < shifted.length; d++) {
      shifted[d] = ImagePairs.real(loaded);
      shifted[d].next(d * 997 + 1);
    }
    return n -> {
      List<Tensor> images = new ArrayList<>();
      for (int d = 0; d < shifted.length; d++) {
        images.add(shifted[d].next(n).get(d));
      }
      return images;
    };
  }
}
