package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code cogan sweep} on nets of a few channels: what it does, leaves out and refuses. */
class SweepCommandTest {
  @TempDir Path folder;

  private Cli sweep(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "sweep",
                "--out",
                folder.resolve("s.jsonl"),
                "--widths",
                "4,4,4,4",
                "--d-widths",
                "2,2,4",
                "--batch",
                "4",
                "--steps",
                "3",
                "--pairs",
                "50",
                "--threads",
                "1"));
    args.addAll(List.of(more));
    return Cli.run(args.toArray());
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("s.jsonl"));
  }

  private static Map<?, ?> json(String text) {
    return (Map<?, ?>) Json.parse(text, "test");
  }

  @Test
  void trainsWhatIsMissingAndNothingTwice() throws IOException {
    Object[] what = {
      "--tasks", "edge", "--k", "0,4", "--l", "3", "--seeds", "0", "--algorithms", "cogan,cgan,gan"
    };
    Cli dry = sweep(append(what, "--dry-run"));
    assertThat(dry.code).as(dry.toString()).isEqualTo(ExitCode.DONE);
    assertThat(dry.out.lines())
        .containsExactly(
            "to do  edge-cogan-k0-l3-seed0",
            "to do  edge-cogan-k4-l3-seed0",
            "to do  edge-cgan-seed0",
            "to do  edge-gan-seed0");
    assertThat(folder.resolve("s.jsonl")).doesNotExist();

    Path chart = folder.resolve("c.svg");
    Cli first =
        sweep(
            append(
                what,
                "--chart",
                chart,
                "--pictures",
                folder.resolve("p"),
                "--models",
                folder.resolve("m")));
    assertThat(first.code).as(first.toString()).isEqualTo(ExitCode.DONE);
    assertThat(lines()).hasSize(4);
    Map<?, ?> line = json(lines().get(1));
    assertThat(line.get("k")).isEqualTo(4L);
    for (String reading : List.of("agreement", "chance", "blank")) {
      Map<?, ?> readings = (Map<?, ?>) line.get(reading);
      for (String name : List.of("binarised", "within_0.1", "one_minus_mae")) {
        assertThat((Double) readings.get(name)).as(reading + " " + name).isBetween(0.0, 1.0);
      }
    }
    Map<?, ?> labels = (Map<?, ?>) line.get("labels");
    assertThat((Double) labels.get("agreement")).isBetween(0.0, 1.0);
    assertThat((Double) labels.get("rarest"))
        .isLessThanOrEqualTo((Double) labels.get("most_frequent"));
    assertThat(chart).content().startsWith("<svg").contains("shared generator layers k");
    assertThat(folder.resolve("p/edge-cgan-seed0.png")).isNotEmptyFile();
    Cli inspected = Cli.run("inspect", folder.resolve("m/edge-gan-seed0.safetensors"));
    assertThat(inspected.out).contains("algorithm", "gan").contains("step");

    // The last training is cut off, as by a crash in the middle of a line: only it is done again.
    List<String> before = lines();
    String text = String.join("\n", before);
    Files.writeString(folder.resolve("s.jsonl"), text.substring(0, text.length() - 9));
    Cli second = sweep(append(what, "--json"));
    assertThat(second.code).as(second.toString()).isEqualTo(ExitCode.DONE);
    assertThat(second.err).contains("4/4 edge-gan-seed0").doesNotContain("3/4");
    assertThat(lines()).hasSize(4);
    assertThat(lines().subList(0, 3)).isEqualTo(before.subList(0, 3));
    assertThat(json(lines().get(3)).get("agreement"))
        .as("the same training again")
        .isEqualTo(json(before.get(3)).get("agreement"));
    List<?> cells = (List<?>) json(second.out).get("cells");
    assertThat(cells).hasSize(4);
    for (Object cell : cells) {
      for (String figure : List.of("mean", "chance", "blank", "labels", "most_frequent")) {
        assertThat((Double) ((Map<?, ?>) cell).get(figure)).as(figure).isBetween(0.0, 1.0);
      }
    }
  }

  /** An agreement without chance, blank and labels means nothing: on the screen, too. */
  @Test
  void figuresStandTogether() {
    Cli cli = sweep(ONE);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.DONE);
    assertThat(cli.err.replaceAll("\\s+", " "))
        .containsPattern(
            "agreement 0\\.\\d{4} \\(chance 0\\.\\d{3}, blank 0\\.\\d{3}\\), labels [01]\\.\\d{3},"
                + " classes \\d+\\.\\d to \\d+\\.\\d %");
    assertThat(cli.err).containsSubsequence("memory    ", "m is enough", "training  1/1");
    List<String> lines = cli.out.lines().toList();
    assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(lines.get(0)).startsWith("[4, 4, 4, 4] x 3");
    assertThat(lines.get(1).split("\\s+"))
        .containsExactly("", "agreement", "runs", "chance", "blank", "labels", "classes", "%");
    assertThat(lines.get(2))
        .matches("edge cogan k=4 l=3 +0\\.\\d{4} +1( +[01]\\.\\d{3}){3} +\\d+\\.\\d-\\d+\\.\\d");
  }

  @Test
  void penaltyAndDropoutMakeOtherTrainings() throws IOException {
    Object[] what = {"--tasks", "edge", "--k", "4", "--l", "3", "--seeds", "0"};
    assertThat(sweep(what).code).isEqualTo(ExitCode.DONE);
    Cli cli = sweep(append(what, "--r1", "0.5", "--r1-every", "2", "--dropout", "0.25"));
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.DONE);
    assertThat(lines()).hasSize(2);
    assertThat(rows(cli)).hasSize(2);
    assertThat(cli.out).contains("[4, 4, 4, 4] x 3, r1 0.5");
    Map<?, ?> line = json(lines().get(1));
    assertThat(((Map<?, ?>) line.get("training")).get("r1_every")).isEqualTo(2L);
    assertThat(((Map<?, ?>) line.get("model")).get("dropout")).isEqualTo(0.25);
    assertThat(line.get("id")).isNotEqualTo(json(lines().get(0)).get("id"));
  }

  @Test
  void anotherNoiseMakesAnotherTraining() throws IOException {
    Object[] what = {"--tasks", "edge", "--k", "4", "--l", "3", "--seeds", "0"};
    assertThat(sweep(what).code).isEqualTo(ExitCode.DONE);
    Path chart = folder.resolve("c.svg");
    Cli cli = sweep(append(what, "--noise", "mixture", "--chart", chart));
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.DONE);
    assertThat(rows(cli)).as("not averaged together").hasSize(2);
    assertThat(cli.out.replaceAll("\\s+", " ")).contains(", noise normal", ", noise mixture");
    assertThat(chart).content().contains("mnist:edge [4, 4, 4, 4] x 3").contains("noise mixture");
    assertThat(lines()).hasSize(2);
    Map<?, ?> line = json(lines().get(1));
    assertThat(((Map<?, ?>) line.get("training")).get("noise")).isEqualTo("mixture");
    assertThat(line.get("id")).isNotEqualTo(json(lines().get(0)).get("id"));
  }

  private static List<String> rows(Cli cli) {
    return cli.out.lines().filter(line -> line.startsWith("edge cogan")).toList();
  }

  private static Object[] append(Object[] args, Object... more) {
    List<Object> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(more));
    return all.toArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --tasks  | blur      | cogan: --tasks: expected edge or negative, got blur
          --k      | 5         | cogan: --k: shared generator layers (k) must be 0 to 4, got 5
          --k      | 3,99999999999 | cogan: --k: expected numbers of layers, 0 to 100, got 99999999999
          --l      | 99999999999 | cogan: --l: expected numbers of layers, 0 to 100, got 99999999999
          --l      | 4         | cogan: --l: shared discriminator layers (l) must be 0 to 3, got 4
          --batch  | 0         | cogan: --batch: batch must be 2 to 65536 (batch norm needs two values), got 0
          --preset | faces64   | cogan: --preset faces64 is not for digits
          --steps  | 1         | cogan: --steps must be 2 or more, got 1
          --r1-every | 7       | cogan: --r1-every goes with --r1: there is no penalty to add
          --pairs  | 0         | cogan: --pairs must be 1 to 1000000, got 0
          """)
  void wrongInputIsNamed(String option, String value, String message) {
    Cli cli = Cli.run("sweep", "--out", folder.resolve("s.jsonl"), option, value);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).isEqualTo(message);
    assertThat(folder.resolve("s.jsonl")).doesNotExist();
  }

  private static final Object[] ONE = {"--tasks", "edge", "--k", "4", "--l", "3", "--seeds", "0"};

  /** Digits that are noise, as many as a training of the tests wants. */
  private Path digits(String name, long seed) throws IOException {
    Path digits = Files.createDirectory(folder.resolve(name));
    byte[] pixels = new byte[120 * 28 * 28];
    new Random(seed).nextBytes(pixels);
    ByteBuffer bytes = ByteBuffer.allocate(16 + pixels.length);
    bytes.putInt(0x803).putInt(120).putInt(28).putInt(28).put(pixels);
    Files.write(digits.resolve("train-images-idx3-ubyte"), bytes.array());
    return digits;
  }

  @Test
  void otherDigitsMakeOtherTrainings() throws IOException {
    Path some = digits("some", 1);
    Path others = digits("others", 2);
    Cli first = sweep(append(ONE, "--data", some));
    assertThat(first.code).as(first.toString()).isEqualTo(ExitCode.DONE);
    Cli dry = sweep(append(ONE, "--data", others, "-n"));
    assertThat(dry.out).isEqualTo("to do  edge-cogan-k4-l3-seed0" + System.lineSeparator());
    Path chart = folder.resolve("c.svg");
    Cli second = sweep(append(ONE, "--data", others, "--chart", chart));
    assertThat(second.err).contains("training  1/1");
    assertThat(lines()).hasSize(2);
    assertThat(rows(second)).as("not averaged together").hasSize(2);
    assertThat(second.out.lines().filter(line -> line.startsWith("[")))
        .hasSize(2)
        .allMatch(line -> line.matches(".* of 120 images, crc32 [0-9a-f]{8}"));
    assertThat(json(lines().get(0)).get("data")).isNotEqualTo(json(lines().get(1)).get("data"));
    String alone = Files.readString(chart);
    Files.write(folder.resolve("s.jsonl"), lines().subList(1, 2));
    assertThat(sweep(append(ONE, "--data", others, "--chart", chart)).code).isZero();
    assertThat(chart).as("drawn without the others").hasContent(alone);
    // The same digits elsewhere are the same.
    Path moved = Files.move(others, folder.resolve("moved"));
    assertThat(sweep(append(ONE, "--data", moved, "-n")).out).startsWith("done ");
  }

  @Test
  void filesOfOtherSettingsStay() throws IOException {
    Path models = folder.resolve("m");
    Path pictures = folder.resolve("p");
    Object[] args = append(ONE, "--models", models, "--pictures", pictures);
    assertThat(sweep(args).code).isZero();
    byte[] model = Files.readAllBytes(models.resolve("edge-cogan-k4-l3-seed0.safetensors"));
    byte[] picture = Files.readAllBytes(pictures.resolve("edge-cogan-k4-l3-seed0.png"));
    Cli other = sweep(append(args, "--noise", "uniform"));
    assertThat(other.code).as(other.toString()).isZero();
    String id = (String) json(lines().get(1)).get("id");
    String name = "edge-cogan-k4-l3-seed0-" + id.substring(0, 8);
    assertThat(other.err.replaceAll("\\s+", " "))
        .contains("files " + name + ", for edge-cogan-k4-l3-seed0 is there already");
    assertThat(models.resolve("edge-cogan-k4-l3-seed0.safetensors")).hasBinaryContent(model);
    assertThat(pictures.resolve("edge-cogan-k4-l3-seed0.png")).hasBinaryContent(picture);
    assertThat(Cli.run("inspect", models.resolve(name + ".safetensors")).out).contains("uniform");
    assertThat(pictures.resolve(name + ".png")).isNotEmptyFile();
  }

  @Test
  void placesAreLookedAtBeforeTheFirstTraining() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    for (String option : List.of("--pictures", "--models")) {
      Cli cli = sweep(append(ONE, option, file));
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).isEqualTo("cogan: " + option + " " + file + ": is not a folder");
      assertThat(cli.err).doesNotContain("training");
    }
  }

  @Test
  void whatTheHeapCannotHoldIsRefusedBeforeTheFirstTraining() {
    Path file = folder.resolve("large.jsonl");
    Cli cli = Cli.run("sweep", "--out", file, "--k", "4", "--l", "3", "--batch", 20_000);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .contains("the largest training needs", "of a heap of", "--batch", "-Xmx");
    assertThat(cli.err).doesNotContain("training  1/");
    assertThat(file).doesNotExist();
  }

  @Test
  void aTrainingIsNotLostWithItsPicture() throws IOException {
    Path pictures = folder.resolve("p");
    Files.createDirectories(pictures.resolve("edge-cogan-k4-l3-seed0.png"));
    Cli cli = sweep(append(ONE, "--pictures", pictures));
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.FAILED);
    assertThat(cli.err.replaceAll("\\s+", " "))
        .contains("edge-cogan-k4-l3-seed0.png: cannot write: is a directory")
        .contains("The result of edge-cogan-k4-l3-seed0 is in ");
    assertThat(lines()).hasSize(1);
    assertThat(sweep(append(ONE, "-n")).out).startsWith("done ");
  }

  @Test
  void theChartIsAnotherFileThanTheResults() throws IOException {
    Path log = Files.createFile(folder.resolve("s.jsonl"));
    Path link = Files.createLink(folder.resolve("c.svg"), log);
    for (Path chart :
        List.of(log, link, folder.resolve("../" + folder.getFileName() + "/s.jsonl"))) {
      assertThat(sweep(append(ONE, "--chart", chart)).message())
          .isEqualTo("cogan: --chart " + chart + ": is the file of --out, expected another one");
    }
    assertThat(sweep(append(ONE, "--chart", folder.resolve("c.png"))).message())
        .endsWith("c.png: expected a name ending in .svg");
    assertThat(log).isEmptyFile();
  }

  @Test
  void aResultThatFindsNoRoomInItsFileIsShown() {
    StringWriter err =
        new StringWriter() {
          @Override
          public void write(String text, int from, int length) {
            super.write(text, from, length);
            if (text.startsWith("training")) {
              assertThat(folder.resolve("s.jsonl").toFile().mkdir()).isTrue();
            }
          }
        };
    List<String> args = new ArrayList<>(List.of("sweep", "--out", folder + "/s.jsonl"));
    args.addAll(List.of("--widths", "4,4,4,4", "--d-widths", "2,2,4", "--batch", "4"));
    args.addAll(List.of("--steps", "3", "--pairs", "50", "--threads", "1"));
    List.of(ONE).forEach(arg -> args.add(arg.toString()));
    int code =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            args.toArray(new String[0]));
    assertThat(code).as(err.toString()).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("agreement ").contains("s.jsonl: cannot write: ");
    List<String> results = err.toString().lines().filter(line -> line.startsWith("{")).toList();
    assertThat(results).hasSize(1);
    assertThat((Map<?, ?>) json(results.get(0)).get("agreement")).isNotEmpty();
  }

  @Test
  void aTrainingThatIsTwiceInTheFileCountsOnce() throws IOException {
    Path chart = folder.resolve("c.svg");
    assertThat(sweep(append(ONE, "--chart", chart)).code).isZero();
    String once = Files.readString(chart);
    String line = lines().get(0);
    Files.write(folder.resolve("s.jsonl"), List.of(line, line));
    Cli cli = sweep(append(ONE, "--chart", chart, "--json"));
    assertThat(cli.code).as(cli.toString()).isZero();
    Map<?, ?> cell = (Map<?, ?>) ((List<?>) json(cli.out).get("cells")).get(0);
    assertThat(cell.get("runs")).isEqualTo(1L);
    assertThat(cell.containsKey("half_interval_95")).isFalse();
    assertThat(chart).hasContent(once);
  }

  @Test
  void twoSweepsDoNotTrainIntoOneFile() throws IOException {
    try (RunLock lock = RunLock.ofResults(folder.resolve("s.jsonl"), "sweep")) {
      assertThat(lock).isNotNull();
      Cli cli = sweep(ONE);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .isEqualTo(
              "cogan: "
                  + folder.resolve("s.jsonl")
                  + " is being written by this very process; end that 'sweep' first");
      assertThat(sweep(append(ONE, "-n")).code).as("a plan takes no lock").isZero();
    }
    assertThat(sweep(ONE).code).isZero();
    assertThat(lines()).hasSize(1);
  }

  @Test
  void whatIsNamedTwiceIsOneTraining() {
    Cli cli =
        sweep("--tasks", "edge,edge", "--k", "4", "--l", "3,3", "--seeds", "0,0", "--dry-run");
    assertThat(cli.out.lines()).containsExactly("to do  edge-cogan-k4-l3-seed0");
  }

  @Test
  void foreignLogIsNotTouched() throws IOException {
    Path log = folder.resolve("s.jsonl");
    Files.writeString(log, "{\"a\":1}\n{\"b\":");
    Cli cli = sweep("--dry-run");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .isEqualTo(
            "cogan: " + log + ", line 1: not a line of a sweep: expected an object with an \"id\"");
    assertThat(log).hasContent("{\"a\":1}\n{\"b\":");
  }
}
