package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  /** Small enough for a test, with everything a training has. */
  private static final String[] TINY = {"--widths", "8,6,6,4", "--batch", "4", "--latent", "8"};

  @TempDir private Path folder;

  private static Cli train(Object... args) {
    List<Object> all = new ArrayList<>(List.of("train"));
    all.addAll(Arrays.asList((Object[]) TINY));
    all.addAll(Arrays.asList(args));
    return Cli.run(all.toArray());
  }

  private static Path onlyRun(Path outdir) throws IOException {
    try (Stream<Path> runs = Files.list(outdir)) {
      List<Path> all = runs.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private static byte[] checkpoint(Path outdir, String step) throws IOException {
    return Files.readAllBytes(onlyRun(outdir).resolve("checkpoint-" + step + ".safetensors"));
  }

  @Test
  void leavesARunDirectoryWithTheNamesThatGanUsersKnow() throws IOException {
    Cli cli = train("--steps", 20, "--snapshot", 10, "--outdir", folder, "--seed", 3);
    assertThat(cli.code).as(cli.toString()).isZero();
    Path run = onlyRun(folder);
    assertThat(run.getFileName().toString()).isEqualTo("00000-mnist-edge-digits-small");
    assertThat(run.resolve("options.json")).content().contains("\"seed\": 3");
    assertThat(run.resolve("stats.jsonl")).content().hasLineCount(2).contains("\"loss_d\"");
    for (String name :
        List.of(
            "reals_a.png",
            "reals_b.png",
            "fakes_init.png",
            "fakes000010.png",
            "fakes000020.png",
            "checkpoint-000010.safetensors",
            "checkpoint-000020.safetensors")) {
      assertThat(run.resolve(name)).isNotEmptyFile();
    }
    assertThat(run.resolve("checkpoint-000000.safetensors")).doesNotExist();
    assertThat(cli.out).contains("agreement   mnist:edge", "chance", "fakes000020.png", "sample");
    assertThat(cli.out)
        .containsPattern(
            "labels      mnist:edge [01]\\.\\d{3} \\(chance [01]\\.\\d{3}; 1000 pairs\\),"
                + " digits \\d+\\.\\d-\\d+\\.\\d %\\R")
        .doesNotContain("quality");
    assertThat(cli.out.lines())
        .filteredOn(line -> !line.contains(folder.toString()))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(cli.err).contains("generators.shared.0.weight", "memory", "kernels");
    assertThat(cli.err.lines())
        .filteredOn(line -> !line.contains(folder.toString()))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  /** Without a classifier for these images: how to learn more than the agreement. */
  @Test
  void anAgreementNeverStandsAlone() throws IOException {
    byte[] idx = new byte[16 + 40 * 784];
    new Random(1).nextBytes(idx);
    ByteBuffer.wrap(idx).putInt(0x803).putInt(40).putInt(28).putInt(28);
    Path images = Files.write(folder.resolve("noise-idx3-ubyte"), idx);
    Path runs = folder.resolve("runs");
    Object[] domains = {"--a", "idx:" + images, "--b", "idx:" + images + ":negative"};
    List<Object> args = new ArrayList<>(List.of(domains));
    args.addAll(List.of("--steps", 1, "--outdir", runs));
    Cli cli = train(args.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out)
        .contains("agreement   idx:")
        .containsPattern("quality     java [^%]* evaluate [^%]*--model " + onlyRun(runs))
        .doesNotContain("labels  ");
    // The same under MNIST's name, with labels that the classifier does not know.
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.copy(images, other.resolve("train-images-idx3-ubyte"));
    byte[] labels = new byte[8 + 40];
    ByteBuffer.wrap(labels).putInt(0x801).putInt(40);
    for (int i = 0; i < 40; i++) {
      labels[8 + i] = (byte) (i % 2);
    }
    Files.write(other.resolve("train-labels-idx1-ubyte"), labels);
    Cli named = train("--data", other, "--steps", 1, "--outdir", folder.resolve("named"));
    assertThat(named.code).as(named.toString()).isZero();
    assertThat(named.out)
        .contains("agreement   mnist:edge", "quality  ")
        .doesNotContain("labels  ");
  }

  @Test
  void jsonHasTheLabelsBesideTheAgreement() {
    Cli cli = train("--steps", 1, "--outdir", folder, "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(cli.out, "output");
    Map<?, ?> pair = (Map<?, ?>) ((List<?>) json.get("agreement")).get(0);
    Map<?, ?> labels = (Map<?, ?>) pair.get("labels");
    for (String figure : List.of("agreement", "chance", "rarest", "most_frequent")) {
      assertThat(((Number) labels.get(figure)).doubleValue()).as(figure).isBetween(0.0, 1.0);
    }
  }

  @Test
  void remediesAreOptionsThatTheRunRemembers() throws IOException {
    String[] remedies = {
      "--r1", "0.1", "--r1-every", "2", "--spectral-norm", "--instance-noise", "0.05"
    };
    List<Object> args = new ArrayList<>(List.of("--steps", 3, "--outdir", folder));
    args.addAll(List.of(remedies));
    Cli cli = train(args.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(onlyRun(folder).resolve("options.json"))
        .content()
        .contains("\"r1\": 0.1", "\"r1_every\": 2", "\"spectral_norm\": true", "0.05");
    Cli resumed = Cli.run("resume", onlyRun(folder), "--steps", 5);
    assertThat(resumed.code).as(resumed.toString()).isZero();
    Cli other = Cli.run("resume", onlyRun(folder), "--steps", 6, "--r1", 0.2);
    assertThat(other.message()).contains("r1 was 0.1, now 0.2");
    args.add("--dry-run");
    assertThat(train(args.toArray()).out.replaceAll("\\s+", " "))
        .contains("r1 0.1 (every 2), spectral norm, instance noise 0.05");
  }

  @Test
  void theSameSeedGivesTheSameBytesForEveryThreadCount() throws IOException {
    train("--steps", 5, "--outdir", folder.resolve("one"), "--threads", 1, "--seed", 7);
    train("--steps", 5, "--outdir", folder.resolve("two"), "--threads", 2, "--seed", 7);
    train("--steps", 5, "--outdir", folder.resolve("other"), "--threads", 2, "--seed", 8);
    byte[] one = checkpoint(folder.resolve("one"), "000005");
    assertThat(checkpoint(folder.resolve("two"), "000005")).isEqualTo(one);
    assertThat(checkpoint(folder.resolve("other"), "000005")).isNotEqualTo(one);
  }

  @Test
  void stoppedAndResumedIsTheSameAsNeverStopped() throws IOException {
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    assertThat(train("--steps", 12, "--outdir", whole).code).isZero();
    assertThat(train("--steps", 5, "--outdir", parts).code).isZero();
    Cli resumed = Cli.run("train", "--outdir", parts, "--resume", "--steps", 12);
    assertThat(resumed.code).as(resumed.toString()).isZero();
    assertThat(checkpoint(parts, "000012")).isEqualTo(checkpoint(whole, "000012"));
    assertThat(onlyRun(parts).resolve("stats.jsonl")).content().hasLineCount(1);
  }

  @Test
  void aResumeThatWouldChangeTheTrainingIsRefusedWithTheDifference() throws IOException {
    train("--steps", 2, "--outdir", folder);
    byte[] before = checkpoint(folder, "000002");
    Cli cli =
        Cli.run("train", "--resume", onlyRun(folder), "--steps", 4, "--batch", 8, "--seed", 9);
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("batch was 4, now 8").contains("seed was 0, now 9");
    assertThat(checkpoint(folder, "000002")).isEqualTo(before);
    assertThat(Cli.run("train", "--resume", folder, "--steps", 1).message())
        .contains("already at step 2");
  }

  @Test
  void threeDomainsTrainFromOneSource() throws IOException {
    Cli cli =
        train(
            "--a",
            "mnist",
            "--b",
            "mnist:edge",
            "--c",
            "mnist:negative",
            "--steps",
            1,
            "--outdir",
            folder);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out).contains("mnist:edge").contains("mnist:negative");
    assertThat(onlyRun(folder).resolve("reals_c.png")).exists();
  }

  @Test
  void aDivergedTrainingSaysWhereAndExitsWithThree() throws IOException {
    Cli cli = train("--steps", 50, "--outdir", folder, "--rate-g", "1e30", "--rate-d", "1e30");
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.DIVERGED);
    assertThat(cli.message()).contains("diverged at step").contains("[");
    assertThat(onlyRun(folder).resolve("checkpoint-000000.safetensors")).exists();
  }

  @Test
  void wrongOptionsAreOneLineEach() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    Object[][] cases = {
      {"--preset", "digit", "digits-small, digits-best, digits, digits-mlp"},
      {"--a", "mnist", "--b is missing"},
      {"--b", "mnist", "--a is not"},
      {"--k", "5", "0 to 4, got 5"},
      {"--l", "-1", "0 or more, got -1"},
      {"--l", "4", "l"},
      {"--batch", "1", "batch must be 2"},
      {"--widths", "8,8", "4 generator widths"},
      {"--widths", "0,8,8,8", "widths must be 1"},
      {"--dropout", "1", "[0, 1)"},
      {"--rate-g", "-1", "above 0"},
      {"--noise", "pink", "pink"},
      {"--steps", "-1", "--steps"},
      {"--steps", "many", "many"},
      {"--snapshot", "0", "--snapshot"},
      {"--threads", "0", "--threads"},
      {"--data", folder.resolve("none"), "none"},
      {"--data", folder, "train-images-idx3-ubyte"},
      {"--outdir", file, "file"},
      {"--outdir", file.resolve("below"), "file"},
      {"--resume", folder.resolve("none"), "no such file"},
      {"--resume", folder, "no checkpoint"},
      {"--resume", file, "file"},
    };
    for (Object[] c : cases) {
      Cli cli =
          c[0].equals("--outdir")
              ? Cli.run("train", "--steps", 0, c[0], c[1])
              : Cli.run("train", "--outdir", folder.resolve("runs"), c[0], c[1]);
      assertThat(cli.code).as(c[0] + " " + c[1] + ": " + cli).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).as(c[0] + " " + c[1]).contains(c[2].toString());
      assertThat(folder.resolve("runs")).doesNotExist();
    }
  }

  @Test
  void anUnknownDomainIsRefusedWithASuggestion() {
    Cli cli =
        Cli.run("train", "--a", "mnist", "--b", "mnits:edge", "--outdir", folder.resolve("r"));
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("mnits").contains("mnist");
    Cli transform =
        Cli.run("train", "--a", "mnist", "--b", "mnist:egde", "--outdir", folder.resolve("r"));
    assertThat(transform.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(transform.message()).contains("egde").contains("edge");
    assertThat(folder.resolve("r")).doesNotExist();
  }

  @Test
  void aFolderOfDigitsThatNoDomainReadsIsRefused() {
    Cli cli =
        Cli.run(
            "train", "--a", "folder:x", "--b", "folder:y", "--data", folder, "--outdir", "nowhere");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("--data", "mnist", "folder:x and folder:y");
  }

  @Test
  void imagesOfAnotherSizeAreRefusedBeforeAnythingIsWritten() throws IOException {
    byte[] idx = new byte[16 + 2 * 9 * 10];
    idx[2] = 8;
    idx[3] = 3;
    idx[7] = 2;
    idx[11] = 9;
    idx[15] = 10;
    Path small = Files.write(folder.resolve("small-idx3-ubyte"), idx);
    Cli cli =
        Cli.run("train", "--a", "mnist", "--b", "idx:" + small, "--outdir", folder.resolve("r"));
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("28x28").contains("9x10");
    assertThat(folder.resolve("r")).doesNotExist();
  }
}
