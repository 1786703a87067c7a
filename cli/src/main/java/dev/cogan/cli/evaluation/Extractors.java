package dev.cogan.cli.evaluation;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.metric.FeatureExtractor;
import dev.cogan.engine.metric.LeNetExtractor;
import dev.cogan.engine.metric.LeNetFile;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The classifier that an evaluation measures with.
 *
 * @param extractor the classifier
 * @param accuracy measured share of right labels, by transform
 * @param tested on what the accuracy was measured
 * @param forDigitsOnly whether its classes are MNIST's digits, so that they mean nothing on a
 *     source that may be anything
 */
public record Extractors(
    FeatureExtractor extractor,
    Map<String, Double> accuracy,
    String tested,
    boolean forDigitsOnly) {
  private static final String RESOURCE = "mnist-lenet.safetensors";
  private static final int LARGEST = 64 << 20;
  private static final int SHOWN = 12;

  /** The classifier of MNIST digits that the program carries. */
  public static Extractors carried(Kernels kernels) {
    try (InputStream in = Extractors.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new InputException("the program carries no " + RESOURCE);
      }
      return of(in.readAllBytes(), "mnist-lenet", true, kernels);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A classifier written by the command {@code classifier}. */
  public static Extractors file(Path path, Kernels kernels) {
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new InputException(path + ": not a regular file, expected a classifier");
      }
      if (Files.exists(path) && Files.size(path) > LARGEST) {
        throw new InputException(path + ": " + Files.size(path) + " bytes, too large a classifier");
      }
      return of(Files.readAllBytes(path), path.toString(), false, kernels);
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
  }

  private static Extractors of(byte[] bytes, String name, boolean digits, Kernels kernels) {
    try (SafetensorsFile file = SafetensorsFile.of(bytes, name)) {
      LeNetFile read = LeNetFile.read(file);
      Map<String, Double> accuracy = new LinkedHashMap<>();
      if (read.provenance().get("test_accuracy") instanceof Map<?, ?> map) {
        map.forEach(
            (transform, share) -> {
              if (share instanceof Number number) {
                accuracy.put(String.valueOf(transform), number.doubleValue());
              }
            });
      }
      String full = name + " sha256:" + sha256(bytes).substring(0, SHOWN);
      return new Extractors(
          new LeNetExtractor(read.net(), full, Workspace.inference(kernels)),
          accuracy,
          read.provenance().get("test_images") + " test images",
          digits);
    }
  }

  /**
   * Trains a classifier on nine tenths of labelled images and measures it on the rest.
   *
   * @param name of the images
   * @param planned is told what memory the training needs before it begins, and may refuse it
   */
  public static Extractors trained(
      ImageSet set,
      String name,
      List<ImageTransform> transforms,
      int epochs,
      long seed,
      Consumer<Memory> planned,
      Kernels kernels,
      PrintWriter err) {
    int[] order = new int[set.count()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    RandomStream.of(seed, "held out").shuffle(order);
    int held = set.count() / 10;
    ImageTransform same = LabelledImages.transforms(List.of("identity")).get(0);
    ImageSet train = set.transformed(same, Arrays.copyOfRange(order, held, order.length));
    List<DomainData> tests =
        held == 0
            ? List.of()
            : LabelledImages.domains(set.transformed(same, Arrays.copyOf(order, held)), transforms);
    Memory memory = ClassifierTraining.count(train, tests, transforms);
    memory.claim("images", set.bytes());
    planned.accept(memory);
    ClassifierTraining training =
        ClassifierTraining.run(train, tests, transforms, epochs, seed, kernels, err);
    String full = "lenet trained on " + name + ", " + epochs + " epochs, seed " + seed;
    return new Extractors(
        new LeNetExtractor(training.net, full, Workspace.inference(kernels)),
        training.accuracy,
        held + " images held out",
        false);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
