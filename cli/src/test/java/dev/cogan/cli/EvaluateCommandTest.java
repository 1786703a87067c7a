package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Json;
import dev.cogan.testdata.TestData;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class EvaluateCommandTest {
  @TempDir private static Path folder;
  private static Path images;
  private static Path labels;

  @BeforeAll
  static void trainAndDraw() throws IOException {
    train("runs", "--a", "mnist", "--b", "mnist:edge", "--c", "mnist:negative");
    // Bright and dark squares, labelled 1 and 0.
    images = folder.resolve("squares-idx3");
    labels = folder.resolve("squares-idx1");
    int count = 200;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int number : new int[] {0x803, count, 28, 28}) {
      out.writeInt(number);
    }
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < 784; p++) {
        boolean inside = p / 28 > 6 && p / 28 < 20 && p % 28 > 6 && p % 28 < 20;
        out.writeByte(inside ? (i % 2 == 0 ? 60 : 220) + (p * 7 + i * 13) % 30 : 0);
      }
    }
    Files.write(images, bytes.toByteArray());
    bytes.reset();
    out.writeInt(0x801);
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      out.writeByte(i % 2);
    }
    Files.write(labels, bytes.toByteArray());
    train("squares", "--a", "idx:" + images, "--b", "idx:" + images + ":edge");
  }

  private static void train(String runs, Object... domains) {
    Object[] all = new Object[domains.length + 11];
    Object[] fixed = {
      "train",
      "--widths",
      "8,6,6,4",
      "--latent",
      8,
      "--batch",
      4,
      "--steps",
      2,
      "--outdir",
      folder.resolve(runs)
    };
    System.arraycopy(fixed, 0, all, 0, fixed.length);
    System.arraycopy(domains, 0, all, fixed.length, domains.length);
    Cli cli = Cli.run(all);
    assertThat(cli.code).as(cli.toString()).isZero();
  }

  private static Cli evaluate(String runs, Object... args) {
    Object[] all = new Object[args.length + 5];
    Object[] fixed = {"evaluate", "--model", folder.resolve(runs), "--samples", 40};
    System.arraycopy(fixed, 0, all, 0, fixed.length);
    System.arraycopy(args, 0, all, fixed.length, args.length);
    return Cli.run(all);
  }

  @Test
  void threeDomainsAndTheirPairs() {
    Cli cli = evaluate("runs", "--data", TestData.path("mnist"), "--seed", 3);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out)
        .contains("domain a  mnist", "domain b  mnist:edge", "domain c  mnist:negative")
        .contains("pair a b", "pair a c", "pair b c", "negative, then edge gives domain b")
        .contains("mnist-lenet sha256:", "split test", "seed 3", "identity: 0.99");
    assertThat(cli.out.lines().skip(1)) // The first is the model's path.
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(cli.err).contains("images 0/40");
  }

  @Test
  void jsonIsTheSameForEveryNumberOfThreads() {
    Cli one = evaluate("runs", "--json", "--threads", 1);
    Cli two = evaluate("runs", "--json", "--threads", 2, "--batch", 64);
    assertThat(one.code).as(one.toString()).isZero();
    assertThat(one.out).isEqualTo(two.out);
    Map<?, ?> json = (Map<?, ?>) Json.parse(one.out, "output");
    assertThat((List<?>) json.get("domains")).hasSize(3);
    assertThat((List<?>) json.get("pairs")).hasSize(3);
    Map<?, ?> domain = (Map<?, ?>) ((List<?>) json.get("domains")).get(1);
    assertThat(domain.get("spec")).isEqualTo("mnist:edge");
    assertThat(domain.get("real_split")).isEqualTo("train (the jar's 10,000)");
    assertThat((List<?>) domain.get("classes")).hasSize(10);
    assertThat((double) domain.get("extractor_accuracy")).isGreaterThan(0.9);
    assertThat(evaluate("runs", "--json", "--seed", 1).out).isNotEqualTo(one.out);
  }

  @Test
  void filesThatOnlyTheModelNamesAreSaid() {
    String reads = "reads " + images + ", as named by ";
    assertThat(evaluate("squares").err.replaceAll("\\s+", " ")).contains(reads);
    // Nothing is named but what is in the jar, or the user names it.
    assertThat(evaluate("runs").err).doesNotContain("as named by");
    String own = "idx:" + images;
    Cli given = evaluate("squares", "--real", own, "--real", own + ":edge");
    assertThat(given.code).as(given.toString()).isZero();
    assertThat(given.err).doesNotContain("as named by");
  }

  @Test
  void otherDataWithoutAndWithLabels() {
    Cli without = evaluate("squares");
    assertThat(without.code).as(without.toString()).isZero();
    assertThat(without.out)
        .contains("frechet", "left out", "--images and --labels", "no pair label agreement")
        .doesNotContain("classes %");
    Cli with =
        evaluate("squares", "--images", images, "--labels", labels, "--epochs", 30, "--seed", 2);
    assertThat(with.code).as(with.toString()).isZero();
    assertThat(with.err).contains("memory    ", "m is enough");
    assertThat(with.out)
        .contains("lenet trained on squares-idx3, 30 epochs, seed 2", "classes %")
        .contains("identity: 1.0000 of 20 images held out named right")
        .contains("40 pairs; share of those whose images are of one class")
        .doesNotContain("left out");
    Path file = folder.resolve("squares.safetensors");
    Cli classifier =
        Cli.run(
            "classifier",
            "--images",
            images,
            "--labels",
            labels,
            "--transforms",
            "identity,edge",
            "--epochs",
            1,
            "--out",
            file);
    assertThat(classifier.code).as(classifier.toString()).isZero();
    Cli loaded = evaluate("squares", "--extractor", file);
    assertThat(loaded.code).as(loaded.toString()).isZero();
    // The line is broken at the blank where the folder's name is long.
    assertThat(loaded.out)
        .containsPattern("squares\\.safetensors\\s+sha256:")
        .contains("classes %");
  }

  /** Fashion-MNIST comes under MNIST's file names. */
  @Test
  void otherImagesUnderTheNamesOfMnist() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.copy(images, other.resolve("train-images-idx3-ubyte"));
    Files.copy(labels, other.resolve("train-labels-idx1-ubyte"));
    Cli cli = evaluate("runs", "--data", other);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out)
        .contains("no classes", "MNIST's digits", "% of these", "no pair label agreement")
        .doesNotContain("classes %");
    assertThat(evaluate("runs", "--data", other, "--extractor", "mnist").out)
        .contains("classes %")
        .doesNotContain("no classes");
  }

  @Test
  void oneSplitIsEnough() throws IOException {
    Path test = Files.createDirectories(folder.resolve("test-only"));
    for (String name : new String[] {"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"}) {
      Files.copy(TestData.path("mnist").resolve(name), test.resolve(name));
    }
    for (String[] split : new String[][] {{}, {"--split", "test"}, {"--instead", "blank"}}) {
      Object[] args = {"--data", test};
      Object[] all = Arrays.copyOf(args, 2 + split.length);
      System.arraycopy(split, 0, all, 2, split.length);
      Cli cli = evaluate("runs", all);
      assertThat(cli.code).as(cli.toString()).isZero();
      assertThat(cli.out).contains("split test");
    }
    Cli real = evaluate("runs", "--data", test, "--instead", "real");
    assertThat(real.code).as(real.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(real.message()).contains("holds neither train-images-idx3-ubyte");
  }

  @Test
  void realImagesInTheModelsPlace() {
    Object[] args = {
      "evaluate",
      "--real",
      "mnist",
      "--real",
      "mnist:edge",
      "--data",
      TestData.path("mnist"),
      "--samples",
      300,
      "--instead",
      "real"
    };
    Cli cli = Cli.run(args);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out).contains("pixels          1.0000");
    args[args.length - 1] = "unrelated";
    assertThat(Cli.run(args).out).contains("pixels          0.8");
    args[args.length - 1] = "blank";
    assertThat(Cli.run(args).out).contains("recall 0.000", "pixels          1.0000");
  }

  /** What is given and has no effect would be believed to have had one. */
  @Test
  void optionsThatChangeNothingAreRefused() throws IOException {
    Path none = folder.resolve("none");
    Cli folderOfDigits = evaluate("squares", "--data", none);
    assertThat(folderOfDigits.code).as(folderOfDigits.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(folderOfDigits.message())
        .startsWith("cogan: --data " + none + ": goes with mnist, not with idx:");
    for (String split : List.of("test", "train")) {
      assertThat(evaluate("squares", "--split", split).message())
          .startsWith("cogan: --split " + split + ": goes with mnist, not with idx:");
    }
    assertThat(evaluate("runs", "--epochs", 3).message())
        .startsWith("cogan: --epochs goes with --images");
    assertThat(evaluate("runs", "--instead", "blank", "--truncation", 0.5).message())
        .startsWith("cogan: --trunc goes without --instead");
    Object[] both = {"--instead", "blank", "--real", "mnist", "--real", "mnist:edge"};
    assertThat(evaluate("runs", both).message())
        .startsWith("cogan: --model and --real exclude each other with --instead");
    Cli elsewhere =
        Cli.run(
            "evaluate",
            "--instead",
            "blank",
            "--real",
            "idx:" + images,
            "--real",
            "idx:" + images + ":edge",
            "--data",
            none);
    assertThat(elsewhere.message()).contains("--data " + none + ": goes with mnist");
  }

  @Test
  void digitsOfTheTrainingThatAreGoneAreNamed() throws IOException {
    Path digits = Files.createDirectory(folder.resolve("digits"));
    Files.copy(images, digits.resolve("train-images-idx3-ubyte"));
    train("gone", "--a", "mnist", "--b", "mnist:edge", "--data", digits);
    Cli there = evaluate("gone");
    assertThat(there.code).as(there.toString()).isZero();
    assertThat(there.err).doesNotContain("is not there");
    Path moved = Files.move(digits, folder.resolve("moved-digits"));
    Cli gone = evaluate("gone");
    assertThat(gone.code).as(gone.toString()).isZero();
    assertThat(gone.message())
        .isEqualTo(
            "cogan: "
                + digits
                + ", the training's digits, is not there: comparing with those in the jar");
    assertThat(gone.out).contains("the jar's 10,000");
    assertThat(evaluate("gone", "--split", "test").message())
        .isEqualTo(
            "cogan: --split test: " + digits + ", the training's digits, is not there; say --data");
    assertThat(evaluate("gone", "--data", moved).err).doesNotContain("is not there");
  }

  @Test
  void labelsThatAreNoClassesAreRefused() throws IOException {
    byte[] file = Files.readAllBytes(labels);
    file[file.length - 1] = (byte) 200;
    Path gap = Files.write(folder.resolve("gap-idx1"), file);
    java.util.Arrays.fill(file, 8, file.length, (byte) 7);
    Path same = Files.write(folder.resolve("same-idx1"), file);
    for (String command :
        new String[] {
          "evaluate --model=" + folder.resolve("squares"), "classifier --out=x.safetensors"
        }) {
      String[] words = command.split(" ");
      Cli cli = Cli.run(words[0], words[1], "--images", images, "--labels", gap);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .endsWith(
              "gap-idx1: 3 different labels up to 200; expected classes numbered from 0, most of"
                  + " them with images");
      assertThat(Cli.run(words[0], words[1], "--images", images, "--labels", same).message())
          .endsWith("same-idx1: every label is 7; expected two classes or more");
    }
  }

  @Test
  void wrongInputIsOneLineEach() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "not a classifier");
    Object[][] cases = {
      {"--batch must be 1 to 4096, got 0", "--batch", 0},
      {"--split is test or train", "--split", "middle"},
      {"--split test needs --data", "--split", "test"},
      {"--instead is real", "--instead", "nothing"},
      {"--images and --labels go together", "--images", images},
      {"text: ", "--extractor", text},
      {"none: ", "--extractor", folder.resolve("none")},
      {"the model has 3 domains, given are 1", "--real", "mnist"},
      {"no such folder", "--data", folder.resolve("none")},
      {"needs mnist domains and --data", "--instead", "real"},
    };
    for (Object[] c : cases) {
      Cli cli = evaluate("runs", c[1], c[2]);
      assertThat(cli.code).as(c[0] + ": " + cli).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).contains(c[0].toString());
    }
    assertThat(Cli.run("evaluate", "--model", folder.resolve("no")).code)
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Cli.run("classifier", "--out", folder.resolve("x.safetensors")).message())
        .contains("which images?");
  }
}
