package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resume goes on with the images of before, wherever they lie now. */
class ResumedImagesTest {
  private static final String IMAGES = "train-images-idx3-ubyte";

  @TempDir private Path folder;

  private Path digits;

  @BeforeEach
  void aFolderOfDigits() throws IOException {
    digits = Files.createDirectory(folder.resolve("digits"));
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
    withoutImages(file);
    Cli cli = resume(run, "--steps", 2, "--data", changed());
    assertThat(cli.code).as(cli.toString()).isZero();
  }

  @Test
  void aFolderThatNoDomainReadsIsRefusedAsTrainDoes() throws IOException {
    String idx = "idx:" + digits.resolve(IMAGES);
    Path run = train("--a", idx, "--b", idx + ":negative");
    Cli cli = resume(run, "--steps", 2, "--data", digits);
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("goes with mnist, not with idx:");
  }

  private static void withoutImages(Path checkpoint) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile file = SafetensorsFile.open(checkpoint)) {
      Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
      metadata.remove(SafetensorsFile.CHECKSUMS);
      Map<String, Object> provenance = new LinkedHashMap<>();
      ((Map<?, ?>) Json.parse(metadata.get("provenance"), "provenance"))
          .forEach((key, value) -> provenance.put((String) key, value));
      assertThat(provenance.remove("images")).isNotNull();
      metadata.put("provenance", Json.write(provenance));
      metadata.forEach(writer::metadata);
      file.entries().keySet().forEach(name -> writer.add(name, file.readTensor(name)));
    }
    writer.withChecksums().write(checkpoint);
  }
}
