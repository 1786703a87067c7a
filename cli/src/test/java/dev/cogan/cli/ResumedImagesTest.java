package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.cli.dataset.DomainPlaces;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resume goes on with the images of before, wherever they lie now. */
@Tag("slow")
class ResumedImagesTest {
  private static final String IMAGES = "train-images-idx3-ubyte";

  @TempDir private Path folder;

  private Path digits;

  @BeforeEach
  void aFolderOfDigits() throws IOException {
    digits = Files.createDirectory(folder.resolve("digits")).toRealPath();
    unpack("images-idx3-ubyte.gz", digits.resolve(IMAGES));
    unpack("labels-idx1-ubyte.gz", digits.resolve("train-labels-idx1-ubyte"));
  }

  private static void unpack(String resource, Path file) throws IOException {
    try (InputStream in = Digits.class.getResourceAsStream("mnist10k/" + resource);
        InputStream unpacked = new GZIPInputStream(in)) {
      Files.copy(unpacked, file);
    }
  }

  private Path train(Object... more) throws IOException {
    Path outdir = folder.resolve("runs");
    List<Object> args = new ArrayList<>(List.of("train", "--steps", 1, "--outdir", outdir));
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of(more));
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    try (Stream<Path> runs = Files.list(outdir)) {
      return runs.findFirst().orElseThrow();
    }
  }

  private static Cli resume(Path run, Object... more) {
    List<Object> args = new ArrayList<>(List.of("resume", run));
    args.addAll(List.of(more));
    return Cli.run(args.toArray());
  }

  /** One pixel of a copy is another. */
  private Path changed() throws IOException {
    Path other = Files.createDirectory(folder.resolve("changed"));
    byte[] images = Files.readAllBytes(digits.resolve(IMAGES));
    images[images.length / 2] ^= 1;
    Files.write(other.resolve(IMAGES), images);
    Files.copy(digits.resolve("train-labels-idx1-ubyte"), other.resolve("train-labels-idx1-ubyte"));
    return other;
  }

  @Test
  void theSameImagesMayLieElsewhere() throws IOException {
    Path run = train("--data", digits);
    Path moved = Files.move(digits, folder.resolve("moved"));
    assertThat(resume(run, "--steps", 2).code).isEqualTo(ExitCode.BAD_INPUT);
    Cli cli = resume(run, "--steps", 2, "--data", moved);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err).doesNotContain("changed");
    assertThat(Cli.run("inspect", run).out)
        .containsPattern("images[.a ]+5000 images \\[1, 28, 28\\], CRC-32 [0-9a-f]{8}");
  }

  @Test
  void otherImagesMustBeAllowedAndAreRecorded() throws IOException {
    Path run = train();
    Path other = changed();
    for (Object[] more : new Object[][] {{}, {"--dry-run"}}) {
      List<Object> args = new ArrayList<>(List.of("--steps", 2, "--data", other));
      args.addAll(List.of(more));
      Cli refused = resume(run, args.toArray());
      assertThat(refused.code).as(refused.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(refused.message())
          .contains("checkpoint-000001.safetensors on its images")
          .containsPattern(
              "domain [ab] had 5000 images \\[1, 28, 28\\], CRC-32 [0-9a-f]{8}, now 5000 images"
                  + " \\[1, 28, 28\\], CRC-32 [0-9a-f]{8}; give it those of before, or");
    }
    assertThat(run.resolve("log.txt")).content().doesNotContain("resumed");
    Cli cli = resume(run, "--steps", 2, "--data", other, "--allow", "data");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err.replaceAll("\\s+", " ")).containsPattern("changed images.[ab] was 5000");
    try (Checkpoint checkpoint = Checkpoint.open(run.resolve("checkpoint-000002.safetensors"))) {
      assertThat(checkpoint.provenance().get("history").toString())
          .contains("changed=images.", "CRC-32", "step=1");
    }
    // From now on these are its images.
    assertThat(resume(run, "--steps", 3).code).isZero();
  }

  @Test
  void anotherNumberOfImagesNeverFits() throws IOException {
    Path run = train();
    Path fewer = Files.createDirectory(folder.resolve("fewer"));
    byte[] images = Files.readAllBytes(digits.resolve(IMAGES));
    byte[] labels = Files.readAllBytes(digits.resolve("train-labels-idx1-ubyte"));
    int count = 9000;
    for (byte[] file : List.of(images, labels)) {
      file[6] = (byte) (count >> 8);
      file[7] = (byte) count;
    }
    Files.write(fewer.resolve(IMAGES), Arrays.copyOf(images, 16 + count * 784));
    Files.write(fewer.resolve("train-labels-idx1-ubyte"), Arrays.copyOf(labels, 8 + count));
    Cli cli = resume(run, "--steps", 2, "--data", fewer, "--allow", "data");
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .contains("a had 5000 images", "now 4500 images")
        .doesNotContain("--allow");
  }

  @Test
  void aRunThatIsOlderThanTheChecksumsGoesOnAsBefore() throws IOException {
    Path run = train();
    Path file = run.resolve("checkpoint-000001.safetensors");
    without("images", file);
    Cli cli = resume(run, "--steps", 2, "--data", changed());
    assertThat(cli.code).as(cli.toString()).isZero();
  }

  private static List<String> specs(String file) {
    return List.of("--a", "idx:" + file, "--b", "idx:" + file + ":negative");
  }

  private static Map<?, ?> provenance(Path run, long step) {
    try (Checkpoint checkpoint = Checkpoint.open(new RunDirectory(run).checkpoint(step))) {
      return checkpoint.provenance();
    }
  }

  @Test
  void imagesThatHaveMovedAreNamedByTheirSpecs() throws IOException {
    Path old = digits.resolve(IMAGES);
    final Path run = train(specs(old.toString()).toArray());
    Path moved = Files.move(old, folder.resolve("moved"));
    assertThat(resume(run, "--steps", 2).message()).contains(old.toString());
    Cli edges = resume(run, "--steps", 2, "--a", "idx:" + moved, "--b", "idx:" + moved + ":edge");
    assertThat(edges.message()).contains("domains were [idx:", "now [idx:", ":edge]");
    List<Object> more = new ArrayList<>(List.of("--steps", 2));
    more.addAll(specs(moved.toString()));
    Cli cli = resume(run, more.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err).doesNotContain("changed");
    assertThat(provenance(run, 2).get("places").toString())
        .isEqualTo("{a=" + moved + ", b=" + moved + "}");
    // Only the place may differ.
    byte[] images = Files.readAllBytes(moved);
    images[images.length / 2] ^= 1;
    Files.write(old, images);
    more = new ArrayList<>(List.of("--steps", 3));
    more.addAll(specs(old.toString()));
    assertThat(resume(run, more.toArray()).message()).contains("on its images", "CRC-32");
    assertThat(resume(run, "--steps", 3).code).isZero();
  }

  @Test
  void aRunWithRelativeSpecsGoesOnFromEverywhere() throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("train", "--steps", "1"));
    args.addAll(TrainingProcess.TINY);
    args.addAll(specs(IMAGES));
    inside(digits, args);
    Path run = digits.resolve("runs/00000-train-negative-digits-small");
    assertThat(run.resolve("options.json"))
        .content()
        .contains("\"idx:" + IMAGES + "\"", "\"idx:" + IMAGES + ":negative\"");
    Cli cli = resume(run, "--steps", 2);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err.replaceAll("\\s+", " "))
        .contains("images idx:" + IMAGES + " is " + digits.resolve(IMAGES));
    assertThat(provenance(run, 2).get("domains").toString())
        .isEqualTo("[idx:" + IMAGES + ", idx:" + IMAGES + ":negative]");
    Cli again = Cli.run("train", "--config", run.resolve("options.json"), "-n", "--steps", 2);
    assertThat(again.code).as(again.toString()).isZero();

    Cli evaluated = Cli.run("evaluate", "--model", run, "--samples", 20);
    assertThat(evaluated.code).as(evaluated.toString()).isZero();
    assertThat(evaluated.err.replaceAll("\\s+", " ")).contains("reads " + digits.resolve(IMAGES));

    // As it was written before the places were.
    without("places", run.resolve("checkpoint-000002.safetensors"));
    assertThat(resume(run, "--steps", 3).message()).contains("no such file");
    inside(digits, List.of("resume", "--steps", "3"));
    assertThat(provenance(run, 3).get("places").toString()).contains("a=" + digits);

    // The project moves with its images.
    Path project = Files.move(digits, digits.resolveSibling("project"));
    inside(project, List.of("resume", "--steps", "4"));
    Path moved = project.resolve(digits.relativize(run));
    assertThat(provenance(moved, 4).get("places").toString()).contains("a=" + project);
  }

  private static void inside(Path directory, List<String> args)
      throws IOException, InterruptedException {
    TrainingProcess process = TrainingProcess.inside(directory, TrainingProcess.QUICK, args);
    assertThat(process.exitCode()).as(process.output()).isZero();
  }

  @Test
  void placesThatAreNoPathsAreRefusedOrPassedOver() {
    Path file = folder.resolve("options.json");
    assertThatThrownBy(() -> DomainPlaces.read(file, List.of("x")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file + ": \"places\" should be an object");
    List<String> specs = List.of("mnist", "idx:x");
    String here = Path.of("x").toAbsolutePath().toString();
    for (String place : List.of("", "relative", "nul\0")) {
      assertThat(DomainPlaces.settle(specs, Map.of("a", "/a", "b", place)))
          .isEqualTo(Map.of("b", here));
    }
  }

  @Test
  void aFolderThatNoDomainReadsIsRefusedAsTrainDoes() throws IOException {
    String idx = "idx:" + digits.resolve(IMAGES);
    Path run = train("--a", idx, "--b", idx + ":negative");
    Cli cli = resume(run, "--steps", 2, "--data", digits);
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("goes with mnist, not with idx:");
  }

  private static void without(String key, Path checkpoint) {
    Provenances.edit(checkpoint, provenance -> assertThat(provenance.remove(key)).isNotNull());
  }
}
