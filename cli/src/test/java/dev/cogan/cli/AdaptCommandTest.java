package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void draw() throws IOException {
    write("source", 28, 90);
    write("target", 16, 80);
  }

  /** Bars, upright (0) or lying (1). */
  private static void write(String name, int side, int count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int number : new int[] {0x803, count, side, side}) {
      out.writeInt(number);
    }
    for (int i = 0; i < count; i++) {
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          int across = i % 2 == 0 ? x : y;
          int at = side / 3 + i % 5;
          out.writeByte(across >= at && across < at + 3 ? 200 : 0);
        }
      }
    }
    Files.write(folder.resolve(name + "-images"), bytes.toByteArray());
    bytes.reset();
    out.writeInt(0x801);
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      out.writeByte(i % 2);
    }
    Files.write(folder.resolve(name + "-labels"), bytes.toByteArray());
  }

  private static Cli steps(int steps, String labels) {
    return withImages(labels, "--steps", steps);
  }

  private static Cli adapt(Object... more) {
    List<Object> all = new ArrayList<>();
    all.addAll(List.of("--source-count", 80, "--widths", "8,6,4,4", "--steps", 6));
    all.addAll(List.of("--measure", 3, "--batch", 8));
    all.addAll(Arrays.asList(more));
    return withImages("target-labels", all.toArray());
  }

  private static Cli withImages(String labels, Object... more) {
    List<Object> all = new ArrayList<>(List.of("adapt"));
    for (String name : List.of("source-images", "source-labels", "target-images")) {
      all.addAll(List.of("--" + name, folder.resolve(name)));
    }
    all.addAll(List.of("--target-labels", folder.resolve(labels)));
    all.addAll(Arrays.asList(more));
    return Cli.run(all.toArray());
  }

  @Test
  void twoDoNotWriteIntoOneFile() throws IOException {
    Path file = folder.resolve("locked.jsonl");
    try (RunLock lock = RunLock.ofResults(file, "adapt")) {
      assertThat(lock).isNotNull();
      Cli cli = adapt("--target-count", 70, "--draws", 1, "--out", file);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .isEqualTo(
              "cogan: " + file + " is being written by this very process; end that 'adapt' first");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void drawsAreMeasuredAndNotRepeated() throws IOException {
    Path file = folder.resolve("a.jsonl");
    Cli one = adapt("--target-count", 70, "--draws", 1, "--out", file);
    assertThat(one.code).as(one.toString()).isZero();
    assertThat(one.out)
        .contains("source only", "source-images -> target-images", "chosen by their labels");
    assertThat(one.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(one.err).containsPattern("memory    \\d+.*\n(.*\n)?heap +-Xmx\\d+m is enough");
    final String first = Files.readString(file);
    Cli two = adapt("--target-count", 70, "--draws", 2, "--out", file, "--json");
    assertThat(two.code).as(two.toString()).isZero();
    assertThat(two.err).contains("draw 0 is in ").doesNotContain("draw 1 is in ");
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0) + "\n").isEqualTo(first);
    Map<?, ?> json = (Map<?, ?>) Json.parse(two.out, "output");
    assertThat((List<?>) json.get("draws")).hasSize(2);
    assertThat((double) json.get("mean_best"))
        .isGreaterThanOrEqualTo((double) json.get("mean_last"));
    Map<?, ?> line = (Map<?, ?>) Json.parse(lines.get(1), "line");
    assertThat((List<?>) line.get("curve")).hasSize(2);
    // Other settings are another experiment.
    Cli other = adapt("--target-count", 71, "--draws", 1, "--out", file);
    assertThat(other.code).isZero();
    assertThat(Files.readAllLines(file)).hasSize(3);
  }

  @Test
  void aDrawIsCalledByItsSeed() {
    Object[] options = {
      "--target-count", 70, "--draws", 1, "--seed", 5, "--out", folder.resolve("five.jsonl")
    };
    Cli first = adapt(options);
    assertThat(first.code).as(first.toString()).isZero();
    assertThat(first.err).contains("draw 5  source only ");
    assertThat(adapt(options).err).contains("draw 5 is in ").doesNotContain("draw 0");
  }

  @Test
  void whereNothingIsPaddedNoPaddingIsAsked() {
    Cli cli =
        Cli.run(
            "adapt",
            "--source-images",
            folder.resolve("source-images"),
            "--source-labels",
            folder.resolve("source-labels"),
            "--target-images",
            folder.resolve("source-images"),
            "--target-labels",
            folder.resolve("source-labels"),
            "--pad",
            2);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .isEqualTo("cogan: --pad 2: all images are 28x28 already, which are not padded");
  }

  @Test
  void whatTheHeapCannotHoldIsRefusedBeforeTheFirstDraw() {
    Path file = folder.resolve("large.jsonl");
    Cli cli =
        withImages(
            "target-labels",
            "--source-count",
            80,
            "--target-count",
            70,
            "--widths",
            "1024,512,256,256",
            "--batch",
            4096,
            "--out",
            file);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("a draw needs", "of a heap of", "--batch", "-Xmx");
    assertThat(cli.err).doesNotContain("source only");
    assertThat(file).doesNotExist();
  }

  @Test
  void imagesOfTheSameNameAreNotTheSame() throws IOException {
    Path file = folder.resolve("same.jsonl");
    Object[] options = {"--target-count", 70, "--draws", 1, "--out", file};
    assertThat(adapt(options).code).isZero();
    Path images = folder.resolve("source-images");
    final byte[] before = Files.readAllBytes(images);
    byte[] changed = before.clone();
    changed[changed.length - 1] = 9;
    Files.write(images, changed);
    Cli other = adapt(options);
    Files.write(images, before);
    assertThat(other.err).doesNotContain("is in ");
    assertThat(Files.readAllLines(file)).hasSize(2);
    Path labels = folder.resolve("target-labels");
    final byte[] all = Files.readAllBytes(labels);
    changed = all.clone();
    changed[changed.length - 1] = 0;
    Files.write(labels, changed);
    other = adapt(options);
    Files.write(labels, all);
    assertThat(other.err).doesNotContain("is in ");
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    assertThat(adapt(options).err).contains("draw 0 is in ", " already");

    // A line of a program that did not note the images may be of others.
    String early = lines.get(0).replaceAll("\"(source|target)_data\":\"[^\"]*\",", "");
    assertThat(early).hasSizeLessThan(lines.get(0).length());
    Files.writeString(file, early + "\n");
    Cli again = adapt(options);
    assertThat(again.code).isZero();
    assertThat(again.err).contains("draw 0 is in ", "does not say of which images");
    assertThat(Files.readAllLines(file)).hasSize(2).startsWith(early);
  }

  @Test
  void aDrawThatDivergesIsSaidInALine() {
    Path file = folder.resolve("diverged.jsonl");
    Cli cli = adapt("--target-count", 70, "--draws", 1, "--rate-d", "1e38", "--out", file);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.DIVERGED);
    assertThat(cli.message()).matches("cogan: diverged at step \\d: the loss is not finite");
    assertThat(cli.err).doesNotContain("Exception");
    assertThat(file).doesNotExist();
  }

  @Test
  void aLineThatWasCutOffIsDrawnAgain() throws IOException {
    Path file = folder.resolve("cut.jsonl");
    Object[] options = {"--target-count", 70, "--draws", 1, "--out", file};
    assertThat(adapt(options).code).isZero();
    final String whole = Files.readString(file);
    Files.writeString(file, whole + whole.replace("\"seed\":0", "\"seed\":1").substring(0, 50));
    Object[] two = {"--target-count", 70, "--draws", 2, "--out", file};
    Cli cli = adapt(two);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err).contains("draw 0 is in ").doesNotContain("draw 1 is in ");
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(Files.readString(file)).startsWith(whole);
    assertThat(adapt(two).err).contains("draw 1 is in ");
  }

  @Test
  void wrongInputIsOneLineEach() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jsonl"), "{\n");
    Object[][] cases = {
      {"target-images has 80 images", "--target-count", 81},
      {"--draws must be 1 to 1000, got 0", "--draws", 0},
      {"--resize must be 28, got 32", "--resize", 32},
      {"--rate-g must be above 0, got 0.0", "--rate-g", 0},
      {"--rate-g must be above 0, got Infinity", "--rate-g", "1e400"},
      {"--weight-decay must be 0 or more, got -1.0", "--weight-decay", -1},
      {"--label-weight must be 0 or more, got -1.0", "--label-weight", -1},
      {"--match-weight must be 0 or more, got Infinity", "--match-weight", "1e400"},
      {"--self-weight must be 0 or more, got NaN", "--self-weight", "NaN"},
      {"--dropout must be 0 or more and below 1, got 1.0", "--dropout", 1},
      {"--pad must be 0 to 1024, got -1", "--pad", -1},
      {"--confidence goes with --self-weight", "--confidence", 0.9},
      {"broken.jsonl, line 1", "--out", broken},
    };
    for (Object[] c : cases) {
      boolean count = c[1].equals("--target-count");
      Cli cli = count ? adapt(c[1], c[2]) : adapt("--target-count", 70, c[1], c[2]);
      assertThat(cli.code).as(c[0] + ": " + cli).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).contains(c[0].toString());
    }
    assertThat(adapt("--target-count", 70, "--dropout", "1").message()).contains("dropout");
    assertThat(steps(0, "target-labels").message())
        .isEqualTo("cogan: --steps must be 1 or more, got 0");
    Path foreign = folder.resolve("foreign-labels");
    byte[] file = Files.readAllBytes(folder.resolve("target-labels"));
    file[20] = 2;
    Files.write(foreign, file);
    assertThat(steps(1, "foreign-labels").message())
        .contains("foreign-labels: has label 2, the labels of ", "source-labels go up to 1");
    Cli labels =
        Cli.run(
            "adapt",
            "--source-images",
            folder.resolve("source-images"),
            "--source-labels",
            folder.resolve("target-labels"),
            "--target-images",
            folder.resolve("target-images"),
            "--target-labels",
            folder.resolve("target-labels"));
    assertThat(labels.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(labels.message()).contains("80 labels for the 90 images");
  }
}
